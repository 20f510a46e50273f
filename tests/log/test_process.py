"""How a program that logs may begin, fork, be stopped and end."""

import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from kymograph.testing.plain_reader import read_plainly


@pytest.fixture(name="program")
def _program(tmp_path):
    """Run a script whose run has the id "job"; returns what lies on disk and the finished process."""

    def start(script, *, end=None, python=()):
        path = tmp_path / "script.py"
        path.write_text("import kymograph as ky\n" + textwrap.dedent(script))
        child = subprocess.Popen(
            [sys.executable, *python, str(path)],
            env={**os.environ, "KYMOGRAPH_STORE": str(tmp_path / "store")},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        if end is not None:
            assert child.stdout.readline() == "ready\n"
            end(child)
        child.out, child.err = child.communicate(timeout=60)
        return read_plainly(tmp_path / "store" / "runs" / "job"), child

    return start


def main_writer(read):
    (writer,) = [writer for writer, about in read.writers.items() if about["role"] == "main"]
    return writer


def test_a_program_that_just_ends_finishes_its_run(program):
    read, child = program("""
        run = ky.init(id="job")
        run.log({"loss": 1.0})
    """)
    assert (child.returncode, child.err) == (0, "")
    assert [status["status"] for status in read.statuses] == ["finished"]
    assert main_writer(read) in read.closed


def test_an_uncaught_error_fails_the_run_and_keeps_the_traceback(program):
    read, child = program("""
        run = ky.init(id="job")
        run.log({"loss": 1.0})
        raise RuntimeError("diverged")
    """)
    assert child.returncode == 1
    (status,) = read.statuses
    assert (status["status"], status["reason"]) == ("failed", "RuntimeError: diverged")
    assert "script.py" in status["traceback"]


@pytest.mark.parametrize(
    ("number", "code", "reason"),
    [(signal.SIGTERM, -signal.SIGTERM, "SIGTERM"), (signal.SIGINT, -signal.SIGINT, "interrupted")],
)
def test_a_signal_cancels_the_run_and_still_ends_the_program(program, number, code, reason):
    read, child = program(
        """
        import time
        run = ky.init(id="job")
        run.log({"loss": 1.0})
        print("ready", flush=True)
        while True:
            run.log({"n": 1.0})
        """,
        end=lambda child: (time.sleep(0.2), child.send_signal(number)),
    )
    assert child.returncode == code
    (status,) = read.statuses
    assert status["status"] == "cancelled"
    assert reason in status["reason"]
    assert main_writer(read) in read.closed


def test_a_handler_of_the_users_own_is_left_alone(program):
    read, child = program(
        """
        import signal, sys, time
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(3))
        run = ky.init(id="job")
        print("ready", flush=True)
        time.sleep(30)
        """,
        end=lambda child: child.terminate(),
    )
    assert child.returncode == 3
    assert len(read.statuses) == 1


def test_a_forked_child_writes_a_log_of_its_own_and_does_not_end_the_run(program):
    read, child = program("""
        import os
        run = ky.init(id="job")
        run.log({"loss": 0.0}, step=0)
        for number in range(1, 5):
            if os.fork() == 0:
                for i in range(1000):
                    run.log({"child": float(number)}, step=i)
                os._exit(0)
        for _ in range(4):
            os.wait()
        run.log({"loss": 1.0}, step=1)
    """)
    assert (child.returncode, child.err) == (0, "")
    assert read.points["loss"] == [(0, 0.0), (1, 1.0)]
    assert sorted(read.values("child")) == [float(number) for number in range(1, 5) for _ in range(1000)]
    assert sorted(about["role"] for about in read.writers.values()) == ["child"] * 4 + ["main"]
    assert [status["status"] for status in read.statuses] == ["finished"]


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_multiprocessing_children_log_to_the_run(program, method):
    read, child = program(f"""
        import multiprocessing

        def work(run, number):
            for i in range(500):
                run.log({{"worker": float(number)}}, step=i)

        if __name__ == "__main__":
            run = ky.init(id="job")
            context = multiprocessing.get_context({method!r})
            workers = [context.Process(target=work, args=(run, number)) for number in range(3)]
            [worker.start() for worker in workers]
            [worker.join() for worker in workers]
            assert [worker.exitcode for worker in workers] == [0, 0, 0]
    """)
    assert (child.returncode, child.err) == (0, "")
    assert sorted(read.values("worker")) == [float(number) for number in range(3) for _ in range(500)]
    assert [status["status"] for status in read.statuses] == ["finished"]
    assert read.closed == set(read.writers)


def test_a_pool_that_is_terminated_leaves_the_run_to_its_owner(program):
    read, child = program("""
        import multiprocessing, time

        def work(number):
            run.log({"worker": float(number)}, step=number)
            return number

        run = ky.init(id="job")
        with multiprocessing.get_context("fork").Pool(2) as pool:
            pool.map(work, range(20), chunksize=1)
        run.log({"loss": 1.0})
    """)
    assert (child.returncode, child.err) == (0, "")
    assert sorted(read.values("worker")) == list(map(float, range(20)))
    assert [status["status"] for status in read.statuses] == ["finished"]


def test_a_child_forked_while_threads_log_loses_nothing(program):
    read, child = program("""
        import os, threading
        run = ky.init(id="job")
        stop = threading.Event()

        def work(number):
            i = 0
            while not stop.is_set() or i < 100:
                run.log({f"t{number}": float(i), f"u{i % 7}": 1.0})
                i += 1
            counts[number] = i

        counts = {}
        threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
        [t.start() for t in threads]
        for number in range(20):
            pid = os.fork()
            if pid == 0:
                run.log({"child": float(number)})
                os._exit(0)
            assert os.waitpid(pid, 0)[1] == 0
        stop.set()
        [t.join() for t in threads]
        run.summary["counts"] = [counts[n] for n in range(4)]
    """)
    assert (child.returncode, child.err) == (0, "")
    assert sorted(read.values("child")) == list(map(float, range(20)))
    for number, count in enumerate(read.attributes["summary/counts"]):
        assert read.values(f"t{number}") == list(map(float, range(count)))


def test_two_runs_can_be_open_at_once(program):
    read, child = program("""
        first, second = ky.init(id="job"), ky.init(id="other")
        for i in range(10):
            first.log({"loss": 1.0})
            second.log({"loss": 2.0})
    """)
    assert child.returncode == 0
    assert read.values("loss") == [1.0] * 10


def test_interactive_use_keeps_the_run_open_until_the_end(program):
    read, _ = program(
        """
        run = ky.init(id="job")
        try:
            exec("1 / 0")
        except ZeroDivisionError:
            pass
        run.log({"loss": 1.0})
        """,
        python=["-i"],
        end=None,
    )
    assert read.values("loss") == [1.0]
    assert [status["status"] for status in read.statuses] == ["finished"]
