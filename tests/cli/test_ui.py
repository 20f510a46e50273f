"""The page's server, started from the command line."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request

from kymograph.cli import exits


def test_the_address_is_printed_first_and_serves_the_store(store):
    command = [sys.executable, "-m", "kymograph", "ui", str(store), "--port", "0"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ)
    )
    try:
        address = re.search(r"http://\S+?:\d+", process.stdout.readline()).group()
        with urllib.request.urlopen(f"{address}/api/projects", timeout=30) as reply:
            assert [project["name"] for project in json.load(reply)["projects"]] == ["digits"]
    finally:
        process.send_signal(signal.SIGINT)
        _, complaint = process.communicate(timeout=30)
    assert process.returncode in {0, exits.INTERRUPTED}
    assert "Traceback" not in complaint


def test_a_store_that_is_not_there_is_not_found(kymo, tmp_path):
    assert kymo("ui", tmp_path / "nowhere", "--port", 0).code == exits.NOT_FOUND
