"""The shells' completion scripts."""

import os
import subprocess
import sys

import pytest


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_a_script(kymo, shell):
    said = kymo("completion", shell)
    assert said.code == 0
    assert "_KYMOGRAPH_COMPLETE" in said.out


def test_the_first_word_completes_to_commands():
    environment = {
        **os.environ,
        "_KYMOGRAPH_COMPLETE": "bash_complete",
        "COMP_WORDS": "kymograph re",
        "COMP_CWORD": "1",
    }
    program = "from kymograph.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=False
    )
    assert done.stdout.split(",")[-1].strip() == "rebuild"
