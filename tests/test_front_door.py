"""The front door is complete: what `kymograph` shows is what it promises."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import kymograph

PROMISED = {"init", "open", "Run", "Capture", "KymographError", "QueryError", "NotFound", "StoreError"}


def test_all_names_what_users_rely_on():
    assert set(kymograph.__all__) >= PROMISED


def test_the_front_door_is_exactly_what_it_promises():
    visible = {
        name
        for name, value in vars(kymograph).items()
        if name[0] != "_"
        and not isinstance(value, ModuleType)
        and str(getattr(value, "__module__", "")).startswith("kymograph")
    }

    assert visible <= set(kymograph.__all__)


@pytest.mark.parametrize("name", sorted(kymograph.__all__))
def test_each_name_is_there_and_says_what_it_is(name):
    value = getattr(kymograph, name)

    if callable(value) or inspect.isclass(value):
        assert inspect.getdoc(value), f"kymograph.{name} has no docstring"


def test_all_is_sorted_and_says_nothing_twice():
    assert list(kymograph.__all__) == sorted(set(kymograph.__all__))


@pytest.mark.parametrize("name", ["init", "open"])
def test_public_calls_have_full_types(name):
    signature = inspect.signature(getattr(kymograph, name))

    assert signature.return_annotation is not inspect.Signature.empty
    assert all(one.annotation is not inspect.Parameter.empty for one in signature.parameters.values())


def test_every_argument_of_init_has_a_sensible_default():
    parameters = inspect.signature(kymograph.init).parameters

    assert all(one.default is not inspect.Parameter.empty for one in parameters.values())


def test_the_public_methods_of_a_run_are_documented():
    for name, member in inspect.getmembers(kymograph.Run):
        if not name.startswith("_") and (inspect.isfunction(member) or isinstance(member, property)):
            assert inspect.getdoc(member), f"Run.{name} has no docstring"


def test_the_version_is_the_one_of_the_package():
    source = (Path(__file__).parent.parent / "src" / "kymograph" / "version.py").read_text()

    assert kymograph.__version__ == re.search(r'__version__ = "(.+)"', source).group(1)


def test_python_m_kymograph_is_the_command():
    done = subprocess.run(
        [sys.executable, "-m", "kymograph", "--version"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert kymograph.__version__ in done.stdout


def test_types_are_shipped():
    assert (Path(kymograph.__file__).parent / "py.typed").is_file()
