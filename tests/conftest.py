"""What every test may ask for: a store of its own, a Chromium; and how tests are spread over processes."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

# Children of the tests import the same sources, installed or not.
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT / "src"), os.environ.get("PYTHONPATH")]))

# What a shell starts in the background ignores SIGINT, and so would the programs that the tests interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# No test depends on how quick the machine is; on a build machine a failure must come again.
settings.register_profile(
    "kymograph",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize="CI" in os.environ,
)
settings.load_profile("kymograph")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests share one server and one Chromium: one process runs them, one after the other."""
    for item in items:
        if item.path.is_relative_to(ROOT / "tests" / "browser"):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(autouse=True)
def _alone(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees the settings, the store or the cache of whoever runs it."""
    for name in list(os.environ):
        if name.startswith("KYMOGRAPH_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache", numbered=True)))


@pytest.fixture(autouse=True)
def _no_foreign_loop(request: pytest.FixtureRequest) -> Iterator[None]:
    """Playwright leaves its event loop running in this thread; other tests must not find it there."""
    loop = asyncio._get_running_loop()
    if loop is None or request.node.get_closest_marker("browser"):
        yield
        return
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(loop)


@pytest.fixture
def store_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for a store of its own; `init()` and `open()` without arguments use it."""
    path = tmp_path / "store"
    monkeypatch.setenv("KYMOGRAPH_STORE", str(path))
    return path


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where the Chromium is that the browser tests drive."""
    from get_chromium import find_chromium

    found = find_chromium()
    if found is None:
        pytest.fail("no Chromium that starts; install one with: python scripts/get_chromium.py")
    return found
