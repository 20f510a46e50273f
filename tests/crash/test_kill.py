"""SIGKILL at random moments: what log() returned from is on disk."""

import mmap
import os
import random
import signal
import struct
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

import kymograph as ky
from kymograph.testing.plain_reader import read_plainly

pytestmark = pytest.mark.crash

# Each lane (a thread or a forked child) logs 0, 1, 2, ... and notes in shared memory how many log() took.
COMMON = """
import mmap, os, struct, threading
import kymograph as ky

noted = mmap.mmap(os.open({acks!r}, os.O_RDWR), 4096)

def work(lane):
    key, i = f"lane/{{lane}}", 0
    while True:
        run.log({{key: float(i), "text": "x"}} if i % 50 == 0 else {{key: float(i)}}, step=i)
        i += 1
        noted[8 * lane : 8 * lane + 8] = i.to_bytes(8, "little")  # pack_into writes zeros first

run = ky.init(id="job", store={store!r}, capture=False)
run.config["lr"] = 0.1
struct.pack_into("<q", noted, 4088, 1)
"""

PROGRAMS = {
    "one": "work(0)",
    "threads": """
[threading.Thread(target=work, args=(lane,)).start() for lane in range(8)]
""",
    "forks": """
for lane in range(1, 5):
    if os.fork() == 0:
        work(lane)
work(0)
""",
}


def kill_at_random(tmp_path: Path, name: str, round_: int) -> None:
    """Start, kill the whole group at a random moment, and compare disk with what was acknowledged."""
    folder = tmp_path / f"{name}{round_}"
    folder.mkdir()
    acks, store = folder / "acks", folder / "store"
    acks.write_bytes(bytes(4096))
    script = textwrap.dedent(COMMON.format(acks=str(acks), store=str(store))) + PROGRAMS[name]
    child = subprocess.Popen([sys.executable, "-c", script], start_new_session=True)
    with acks.open("r+b") as file, mmap.mmap(file.fileno(), 4096) as noted:
        deadline = time.monotonic() + 60
        while struct.unpack_from("<q", noted, 4088)[0] == 0:
            assert child.poll() is None, "the program ended by itself"
            assert time.monotonic() < deadline, "the program did not start"
            time.sleep(0.002)
        time.sleep(random.uniform(0, 0.4))
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        until = time.monotonic() + 2
        while somebody_lives(child.pid) and time.monotonic() < until:  # forked children die a moment later
            time.sleep(0.002)
        acknowledged = struct.unpack_from("<8q", noted)
    check(store, acknowledged)


def somebody_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def check(store: Path, acknowledged: tuple[int, ...]) -> None:
    read = read_plainly(store / "runs" / "job")
    assert read.attributes["config/lr"] == 0.1
    for lane, count in enumerate(acknowledged):
        points = read.points.get(f"lane/{lane}", [])
        assert points[:count] == [(i, float(i)) for i in range(count)], f"lane {lane} lost points"
        assert len(points) <= count + 1
    # And the same through the real reader, which seals what the dead left behind.
    run = ky.open(store).run("job")
    assert run.status == "lost"
    for lane, count in enumerate(acknowledged):
        if count:
            values = run.series(f"lane/{lane}").value
            assert values[:count].tolist() == list(map(float, range(count)))
            assert len(values) <= count + 1


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize("batch", range(4))
def test_nothing_acknowledged_is_lost_by_sigkill(tmp_path, name, batch):
    for round_ in range(5):
        kill_at_random(tmp_path, name, 10 * batch + round_)


def test_a_dead_run_is_seen_as_lost_and_heals_when_it_returns(tmp_path):
    kill_at_random(tmp_path, "one", 0)
    store = tmp_path / "one0" / "store"
    before = ky.open(store).run("job").series("lane/0").n
    with ky.init(id="job", resume="must", store=store) as run:
        assert ky.open(store).run("job").status == "running"
        run.log({"lane/0": 1.0})
    again = ky.open(store).run("job")
    assert again.status == "finished"
    assert again.series("lane/0").n == before + 1
