"""The real server on a real port: its address, its streams, and how it ends."""

import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import httpx
import pytest

import kymograph
from kymograph.server.serve import PortTaken, bind, serve

PATIENCE = 30  # seconds; on a busy machine everything takes longer
PROGRAM = (
    "import sys; from kymograph.server.serve import serve; serve(sys.argv[1], port=int(sys.argv[2]) or None)"
)


@contextmanager
def serving(path, port=0):
    """A server in a process of its own, and its address."""
    command = [sys.executable, "-c", PROGRAM, str(path), str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline()
        assert line.startswith("Kymograph is at http://127.0.0.1:"), line + process.stderr.read()
        yield process, line.split()[-1]
    finally:
        process.kill()
        process.communicate(timeout=PATIENCE)


class Listening:
    """An open stream of events, read by a thread."""

    def __init__(self, address, project=None):
        self.events = queue.Queue()
        self.broke = None
        self.ended = threading.Event()
        url = f"{address}/api/events" + (f"?project={project}" if project else "")
        self.thread = threading.Thread(target=self.read, args=(url,), daemon=True)
        self.thread.start()

    def read(self, url):
        try:
            with httpx.stream("GET", url, timeout=httpx.Timeout(PATIENCE)) as reply:
                assert reply.headers["content-type"].startswith("text/event-stream")
                name = None
                for line in reply.iter_lines():
                    if line.startswith("event: "):
                        name = line.removeprefix("event: ")
                    elif line.startswith("data: "):
                        self.events.put((name, json.loads(line.removeprefix("data: "))))
        except httpx.TransportError as error:  # the server was killed at the end of the test
            self.broke = error
        finally:
            self.ended.set()

    def until(self, wanted):
        """The first event for which `wanted(name, data)` holds."""
        end = time.monotonic() + PATIENCE
        while True:
            name, data = self.events.get(timeout=max(end - time.monotonic(), 0.01))
            if wanted(name, data):
                return data


def test_new_runs_new_points_and_runs_that_go_are_told_of(three, store_path):
    with serving(store_path) as (_, address):
        listening = Listening(address)
        hello = listening.until(lambda name, _: name == "hello")
        assert hello["version"].startswith(f"{kymograph.__version__}+")
        with kymograph.init("digits", name="live") as run:
            run.log({"loss": 1.0})
            listening.until(lambda name, data: name == "change" and run.id in data["new"])
            run.log({"loss": 0.5, "acc": 0.1})
            listening.until(lambda name, data: name == "change" and "acc" in data["keys"].get(run.id, ()))
            row = httpx.get(
                f"{address}/api/projects/digits/runs", params={"query": 'name = "live"', "columns": "loss"}
            )
            assert row.json()["rows"][0]["cells"] == [0.5]
            assert row.json()["live"] == 1
        kymograph.open(store_path).trash(three[0])
        listening.until(lambda name, data: name == "change" and three[0] in data["removed"])


def test_a_listener_of_one_project_hears_of_no_other(three, store_path):
    with serving(store_path) as (_, address):
        listening = Listening(address, "digits")
        listening.until(lambda name, _: name == "hello")
        with kymograph.init("other") as run:
            run.log({"loss": 1.0})
            run.log({"loss": 2.0})
        with kymograph.init("digits") as ours:
            ours.log({"loss": 1.0})
        heard = set()
        listening.until(lambda _, data: heard.update(data.get("runs", ())) or ours.id in heard)
        assert run.id not in heard


def test_without_listeners_an_answer_is_still_fresh(three, store_path):
    with serving(store_path) as (_, address):
        for points in range(1, 4):
            with kymograph.init("digits", name=f"later {points}") as run:
                run.log({"loss": points})
            time.sleep(0.3)  # answers may be as old as this
            assert httpx.get(f"{address}/api/runs/{run.id}").json()["name"] == f"later {points}"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_when_told_although_streams_are_open(three, store_path, number):
    with serving(store_path) as (process, address):
        listening = [Listening(address) for _ in range(5)]
        for each in listening:
            each.until(lambda name, _: name == "hello")
        process.send_signal(number)
        assert process.wait(timeout=PATIENCE) == 0
        assert all(each.ended.wait(PATIENCE) and each.broke is None for each in listening)
        assert process.stderr.read() == ""


def test_a_listener_that_leaves_is_forgotten_and_one_that_does_not_read_holds_up_nobody(three, store_path):
    with serving(store_path) as (process, address):
        port = int(address.rsplit(":", 1)[1])
        for _ in range(20):
            with socket.create_connection(("127.0.0.1", port)) as left:
                left.sendall(f"GET /api/events HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode())
                assert left.recv(20).startswith(b"HTTP/1.1 200")
        deaf = socket.create_connection(("127.0.0.1", port))
        deaf.sendall(f"GET /api/events HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode())
        listening = Listening(address)
        listening.until(lambda name, _: name == "hello")
        with kymograph.init("digits") as run:
            for _ in range(5):
                run.log({"loss": 1.0})
                listening.until(lambda name, data: name == "change" and run.id in data["runs"])
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=PATIENCE) == 0
        deaf.close()


def test_the_next_port_is_taken_when_the_first_is_not_free():
    with bind("127.0.0.1", None) as first, bind("127.0.0.1", None) as second:
        assert second.getsockname()[1] > first.getsockname()[1]


def test_a_port_that_was_asked_for_is_not_silently_another():
    with bind("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=f"port {port} on 127.0.0.1 is taken"):
            bind("127.0.0.1", port)


def test_an_address_of_another_machine_is_one_clear_line():
    with pytest.raises(PortTaken, match=r"cannot listen on 192\.0\.2\.1"):
        bind("192.0.2.1", None)


def test_a_store_that_is_not_there_is_said_before_any_address(tmp_path, capsys):
    with pytest.raises(kymograph.StoreNotFound, match=r"no store at .*nowhere"):
        serve(tmp_path / "nowhere")
    assert capsys.readouterr().out == ""


def test_a_store_that_can_only_be_read_is_served_and_cannot_be_changed(three, store_path):
    if os.geteuid() == 0:
        pytest.skip("root writes everywhere")
    for folder in (store_path, *store_path.rglob("*")):
        folder.chmod(0o555 if folder.is_dir() else 0o444)
    try:
        with serving(store_path) as (_, address):
            page = httpx.get(address).text
            token = page.partition('kymograph-token" content="')[2].partition('"')[0]
            assert httpx.get(f"{address}/api/store").json()["readonly"] is True
            edit = httpx.patch(
                f"{address}/api/runs/{three[0]}", json={"name": "x"}, headers={"X-Kymograph-Token": token}
            )
            assert edit.status_code == 409
    finally:
        for folder in (store_path, *store_path.rglob("*")):
            folder.chmod(0o755 if folder.is_dir() else 0o644)
