"""A process is alive when it is the one that wrote, and has not ended."""

import os
import subprocess
import sys
import time

from kymograph.store.alive import is_here, pid_alive, this_boot, this_host


def test_this_process_lives_here():
    assert is_here(this_host(), this_boot())
    assert pid_alive(os.getpid(), time.time())


def test_another_machine_and_another_boot_are_not_here():
    assert not is_here("elsewhere", this_boot())
    assert not is_here(this_host(), "another boot")


def test_a_process_that_ended_is_dead_before_and_after_its_parent_has_noticed():
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    started = time.time() + 1
    assert pid_alive(child.pid, started)
    child.kill()
    deadline = time.monotonic() + 30
    while pid_alive(child.pid, started):  # a zombie by now
        assert time.monotonic() < deadline
        time.sleep(0.01)
    child.wait()
    assert not pid_alive(child.pid, started)


def test_a_process_that_began_after_the_writer_has_only_its_number():
    assert not pid_alive(os.getpid(), 1000.0)


def test_numbers_that_no_process_has_are_dead():
    for pid in (0, -1, 2**22 + 1, 2**70):
        assert not pid_alive(pid, time.time())
