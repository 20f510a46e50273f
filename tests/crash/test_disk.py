"""A full disk, a folder that goes away, a clock that jumps: training goes on and nothing is lost."""

import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import kymograph as ky
from kymograph.testing.plain_reader import read_plainly

pytestmark = pytest.mark.crash


@pytest.fixture(name="small_disk")
def _small_disk(tmp_path):
    """A disk of 3 MB: a small tmpfs when we may mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    if _run("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", place).returncode:
        pytest.skip("only root may mount a small disk; the limit on file sizes is tested instead")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def _run(*command):
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def log(run, start, end):
    for i in range(start, end):
        run.log({"loss": float(i)}, step=i)


def test_a_disk_that_fills_up_while_we_write_loses_nothing_once_there_is_room(small_disk):
    filler = small_disk / "filler"
    with ky.init(store=small_disk / "store", id="job") as run:
        log(run, 0, 1000)
        with pytest.raises(OSError), filler.open("wb", buffering=0) as file:
            while True:
                file.write(bytes(1 << 14))
        with pytest.warns(ky.KymographWarning, match="No space left") as said:
            log(run, 1000, 30_000)
        assert len(said) == 1
        filler.unlink()
        log(run, 30_000, 40_000)

    read = read_plainly(run.path)
    assert read.points["loss"] == [(i, float(i)) for i in range(40_000)]
    assert read.attributes["trouble/disk"]["count"] > 0


def test_a_disk_that_is_full_before_we_start_is_a_warning_and_heals(small_disk):
    filler = small_disk / "filler"
    with pytest.raises(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(1 << 12))
    with pytest.warns(ky.KymographWarning, match="No space left"):
        run = ky.init(store=small_disk / "store", id="job", config={"lr": 0.1})
    log(run, 0, 1000)
    filler.unlink()
    run.finish()

    read = read_plainly(run.path)
    assert read.points["loss"] == [(i, float(i)) for i in range(1000)]
    assert read.attributes["config/lr"] == 0.1


def test_a_disk_that_stays_full_says_how_much_is_lost(small_disk):
    filler = small_disk / "filler"
    with pytest.raises(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(1 << 12))
    with pytest.warns(ky.KymographWarning) as said:
        run = ky.init(store=small_disk / "store")
        log(run, 0, 1000)
        run.finish()
    assert [str(one.message).partition(": ")[2].split(" (")[0] for one in said][-1].startswith("100")
    assert "are lost" in str(said[-1].message)


# For whom may not mount: the kernel refuses to let any file grow beyond a limit.
LIMITED = """
import resource, sys, warnings
import kymograph as ky
warnings.simplefilter("always")
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, resource.RLIM_INFINITY))
with ky.init(store=sys.argv[1], id="job") as run:
    for i in range(5_000):
        run.log({"loss": float(i)}, step=i)
    for i in range(5_000, 50_000):
        run.log({"loss": float(i)}, step=i)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
"""


def test_a_limit_on_file_sizes_is_survived(tmp_path):
    child = _run(sys.executable, "-c", textwrap.dedent(LIMITED), tmp_path / "store")
    assert child.returncode == 0, child.stderr
    assert child.stderr.count("KymographWarning:") == 1
    assert "File too large" in child.stderr
    read = read_plainly(tmp_path / "store" / "runs" / "job")
    assert read.points["loss"] == [(i, float(i)) for i in range(50_000)]


@pytest.mark.parametrize("gone", ["run", "store"])
def test_a_folder_removed_under_a_writer_is_written_again(tmp_path, gone):
    store = tmp_path / "store"
    with ky.init(store=store, id="job", config={"lr": 0.1}) as run:
        log(run, 0, 500)
        shutil.rmtree(Path(run.path) if gone == "run" else store)
        log(run, 500, 1000)
        with pytest.warns(ky.KymographWarning, match="was removed while it was written"):
            run._writer.tend()
        log(run, 1000, 1500)

    read = read_plainly(run.path)
    assert read.points["loss"] == [(i, float(i)) for i in range(1500)]
    assert read.attributes["config/lr"] == 0.1
    assert read.attributes["trouble/removed"]["count"] == 1
    assert ky.open(store).run("job").series("loss").n == 1500


def test_a_store_that_cannot_be_written_does_not_stop_the_training(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    with pytest.warns(ky.KymographWarning, match="training goes on"):
        run = ky.init(store=blocked / "store")
    log(run, 0, 100)
    with pytest.warns(ky.KymographWarning, match="are lost"):
        run.finish()


def test_a_clock_that_jumps_backward_changes_no_order(tmp_path, monkeypatch):
    times = iter([1000.0, 2000.0, 500.0, 500.0, 3000.0])
    with ky.init(store=tmp_path / "store", id="job") as run:
        for i in range(5):
            run.log({"loss": float(i)}, time=next(times))

    series = ky.open(tmp_path / "store").run("job").series("loss")
    assert series.value.tolist() == [0, 1, 2, 3, 4]
    assert series.time.tolist() == [1000.0, 2000.0, 500.0, 500.0, 3000.0]


def test_a_full_disk_never_kills_the_process_by_a_bus_error(small_disk):
    script = """
import sys, kymograph as ky
run = ky.init(store=sys.argv[1])
for i in range(300_000):
    run.log({"loss": float(i)})
print("alive")
"""
    child = _run(sys.executable, "-W", "ignore", "-c", script, small_disk / "store")
    assert (child.returncode, child.stdout) == (0, "alive\n")
    assert os.path.isdir(small_disk / "store" / "runs")
