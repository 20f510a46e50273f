"""The command table, exit codes, and errors as one line."""

import json
import os
import subprocess
import sys

import click
import pytest

from kymograph.cli import exits
from kymograph.cli.main import COMMANDS, cli


def test_help_lists_every_command_with_its_line(kymo):
    said = kymo("--help")
    assert said.code == 0
    for name, entry in COMMANDS.items():
        assert name in said.out
        assert entry.line in said.out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(kymo, name):
    said = kymo(name, "--help")
    assert said.code == 0
    assert said.out.startswith(f"Usage: kymograph {name}")


def test_help_loads_nothing_heavy():
    program = (
        "import sys; from kymograph.cli.main import run; run(['--help']); "
        "print(sorted({'numpy', 'starlette', 'uvicorn', 'rich', 'sklearn'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_command_that_is_not_there_names_those_that_are(kymo):
    said = kymo("list")
    assert said.code == exits.USAGE
    assert "no command 'list'" in said.err
    assert "ls, show" in said.err


def test_an_option_that_is_not_there_is_a_usage_error(kymo, store):
    assert kymo("ls", "--nonsense").code == exits.USAGE


def test_a_query_that_cannot_be_read_says_where(kymo, store):
    said = kymo("ls", "-q", "config.lr <")
    assert said.code == exits.USAGE
    assert said.err.count("\n") == 1
    assert "column" in said.err


def test_a_run_that_is_not_there_names_the_nearest(kymo, store):
    said = kymo("show", "run-11")
    assert said.code == exits.NOT_FOUND
    assert "run-1" in said.err
    assert said.err.count("\n") == 1


@pytest.mark.parametrize("command", ["ls", "verify", "rebuild"])
def test_a_store_that_is_not_there_is_not_found(kymo, tmp_path, command):
    said = kymo(command, "--store", tmp_path / "nowhere")
    assert said.code == exits.NOT_FOUND
    assert "nowhere" in said.err


def test_a_newer_format_cannot_be_read_here(kymo, store):
    (store / "store.json").write_text('{"format": 99}')
    said = kymo("verify")
    assert said.code == exits.CANNOT
    assert "pip install -U kymograph" in said.err


def test_a_reader_that_goes_away_ends_the_command_quietly(store):
    command = [sys.executable, "-m", "kymograph", "export"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(os.environ))
    process.stdout.close()
    _, complaint = process.communicate(timeout=60)
    assert process.returncode == exits.CLOSED
    assert complaint == b""


def test_an_interrupt_has_the_shells_code(kymo, store, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("kymograph.cli.ls.made", interrupted)
    assert kymo("ls").code == exits.INTERRUPTED


def test_every_exit_code_is_explained():
    codes = {value for name, value in vars(exits).items() if name.isupper() and isinstance(value, int)}
    assert codes == set(exits.MEANINGS)


READS = [
    ["ls"],
    ["show", "run-0"],
    ["diff", "run-0", "run-1"],
    ["plot", "run-0", "loss"],
    ["verify"],
    ["rebuild"],
]


@pytest.mark.parametrize("words", READS, ids=lambda words: words[0])
def test_json_is_one_strict_document(kymo, store, words):
    said = kymo(*words, "--json")
    assert said.code == 0

    def refuse(word):
        raise AssertionError(f"{word} is no JSON")

    assert json.loads(said.out, parse_constant=refuse)


@pytest.mark.parametrize("name", COMMANDS)
def test_commands_are_named_as_they_are_called(name):
    command = cli.get_command(click.Context(cli), name)
    assert command.name == name
