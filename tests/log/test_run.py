"""What a training program may do with a run."""

import argparse
import dataclasses
import datetime as dt
import decimal
import math
import pickle
import threading
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kymograph as ky
from kymograph.testing.plain_reader import read_plainly


def test_without_a_step_each_key_counts_for_itself(store_path):
    with ky.init() as run:
        for _ in range(3):
            run.log({"loss": 1.0})
        run.log({"loss": 1.0, "acc": 0.5})
        run.log({"acc": 0.5})

    read = read_plainly(run.path)
    assert read.steps("loss") == [0, 1, 2, 3]
    assert read.steps("acc") == [0, 1]


@given(calls=st.lists(st.sets(st.sampled_from("abcde"), min_size=1), max_size=40))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_sets_of_keys_come_each_key_counts_for_itself(tmp_path, calls):
    with ky.init(store=tmp_path / "store", capture=False) as run:
        for keys in calls:
            run.log(dict.fromkeys(sorted(keys), 1.0))

    read = read_plainly(run.path)
    for key in "abcde":
        assert read.steps(key) == list(range(sum(key in keys for keys in calls)))


def test_any_step_in_any_order_is_kept(store_path):
    steps = [5, 1, 1, -3, 0.25, 10**12, math.inf, 7]
    with ky.init() as run:
        for step in steps:
            run.log({"loss": float(step)}, step=step)

    assert read_plainly(run.path).steps("loss") == steps


def test_numbers_of_many_kinds_become_the_same_number(store_path):
    values = [
        1,
        True,
        1.0,
        np.float32(1),
        np.int64(1),
        np.array(1.0),
        np.array([1.0]),
        np.bool_(1),
        decimal.Decimal(1),
    ]
    with ky.init() as run:
        for value in values:
            run.log({"x": value})

    assert read_plainly(run.path).values("x") == [1.0] * len(values)


class Tensor:
    """As torch and tensorflow look from outside: no float() for what has a shape, item() for one element."""

    shape = (1, 1)

    def __init__(self, number):
        self.number = number

    def __float__(self):
        raise RuntimeError("only scalars")

    def numel(self):
        return 1

    def item(self):
        return self.number


def test_a_tensor_of_one_element_is_its_element(store_path):
    with ky.init() as run:
        run.log({"x": Tensor(2.5)})

    assert read_plainly(run.path).values("x") == [2.5]


def test_nan_and_infinities_are_kept(store_path):
    with ky.init() as run:
        for value in (math.nan, math.inf, -math.inf):
            run.log({"x": value})

    values = read_plainly(run.path).values("x")
    assert math.isnan(values[0])
    assert values[1:] == [math.inf, -math.inf]


def test_nested_mappings_are_joined_and_strings_make_a_series(store_path):
    with ky.init() as run:
        run.log({"val": {"acc": 0.5, "deep": {"er": 1}}, "said": "hello"}, step=3)
        run.log({"said": "world"}, step=4)

    read = read_plainly(run.path)
    assert read.points == {"val/acc": [(3, 0.5)], "val/deep/er": [(3, 1.0)]}
    assert read.texts == {"said": [(3, "hello"), (4, "world")]}


@pytest.mark.parametrize("bad", [None, object(), [1, 2], np.zeros(3), 1j, b"bytes"])
def test_what_can_never_be_logged_is_named_and_the_rest_is_kept(store_path, bad):
    with ky.init() as run:
        run.log({"loss": 1.0, "bad": 2.0})
        with pytest.raises(TypeError, match=r"'bad' is .*accepted are numbers"):
            run.log({"loss": 2.0, "bad": bad})

    assert read_plainly(run.path).values("loss") == [1.0, 2.0]


@pytest.mark.parametrize("step", ["ten", [1], 10**400, object()])
def test_a_step_that_is_none_is_one_warning_and_the_point_is_kept(store_path, step):
    with ky.init() as run:
        with pytest.warns(ky.KymographWarning, match="is not a number") as said:
            for _ in range(5):
                run.log({"loss": 1.0}, step=step)
        assert len(said) == 1

    read = read_plainly(run.path)
    assert read.steps("loss") == [0, 1, 2, 3, 4]
    assert read.attributes["trouble/step"]["count"] == 5


def test_a_given_time_is_kept(store_path):
    when = dt.datetime(2026, 1, 2, tzinfo=dt.timezone.utc)
    with ky.init() as run:
        run.log({"loss": 1.0}, time=12345.678901)
        run.log({"loss": 1.0}, time=when)

    past = ky.open().run(run.id).series("loss")
    assert past.time.tolist() == [12345.678901, when.timestamp()]


def test_a_warning_that_is_an_error_does_not_reach_the_training(store_path, capsys):
    with ky.init() as run, warnings.catch_warnings():
        warnings.simplefilter("error")
        run.log({"loss": 1.0}, step="x")

    assert "kymograph:" in capsys.readouterr().err


@dataclasses.dataclass
class Optim:
    lr: float = 0.1
    betas: tuple = (0.9, 0.99)


def test_config_accepts_what_people_have_and_writes_through(store_path):
    with ky.init(config={"optim": Optim(), "path": Path("/x")}) as run:
        run.config.update(argparse.Namespace(batch=32))
        run.config["model/depth"] = 4
        run.config.seed = np.int64(7)
        assert run.config["optim"]["lr"] == 0.1
        assert run.config.optim.betas == [0.9, 0.99]
        assert run.config == {
            "optim": {"lr": 0.1, "betas": [0.9, 0.99]},
            "path": "/x",
            "batch": 32,
            "model": {"depth": 4},
            "seed": 7,
        }
        del run.config["optim"]

    kept = {
        path: value for path, value in read_plainly(run.path).attributes.items() if path.startswith("config/")
    }
    assert kept == {"config/path": "/x", "config/batch": 32, "config/model/depth": 4, "config/seed": 7}


def test_config_accepts_pydantic_and_omegaconf(store_path):
    omegaconf = pytest.importorskip("omegaconf")
    pydantic = pytest.importorskip("pydantic")
    model = pydantic.create_model("Model", lr=(float, 0.5))
    with ky.init(config=omegaconf.OmegaConf.create({"a": {"b": [1, 2]}, "c": "${a.b}"})) as run:
        run.config.update(model())

    assert run.config == {"a": {"b": [1, 2]}, "c": [1, 2], "lr": 0.5}


def test_what_is_no_mapping_is_refused_as_config(store_path):
    with pytest.raises(TypeError, match="config is int; accepted are"):
        ky.init(config=3)


def test_tags_notes_summary_and_definitions_are_kept(store_path):
    with ky.init(tags=["baseline"], notes="first", group="seeds") as run:
        run.tag("best")
        run.tag("fold", 3)
        run.untag("baseline")
        run.notes = "second"
        run.summary["acc"] = 0.9
        run.define("val/*", goal="max", unit="%", clock="epoch", doc="Held-out accuracy.")

    kept = read_plainly(run.path).attributes
    assert {path: value for path, value in kept.items() if path.startswith("tag/")} == {
        "tag/best": True,
        "tag/fold": 3,
    }
    assert (kept["notes"], kept["group"], kept["summary/acc"]) == ("second", "seeds", 0.9)
    assert kept["define/val/*"] == {"goal": "max", "unit": "%", "clock": "epoch", "doc": "Held-out accuracy."}


def test_an_unknown_goal_or_status_is_refused_with_what_is_allowed(store_path):
    with ky.init() as run:
        with pytest.raises(ValueError, match="'min' or 'max'"):
            run.define("loss", goal="minimise")
        with pytest.raises(ValueError, match="'finished', 'failed', 'cancelled'"):
            run.finish("done")


def test_an_exception_marks_the_run_failed_and_keeps_the_traceback(store_path):
    with pytest.raises(ZeroDivisionError), ky.init() as run:
        run.log({"loss": 0.5})
        1 / 0  # noqa: B018

    (status,) = read_plainly(run.path).statuses
    assert status["status"] == "failed"
    assert "ZeroDivisionError: division by zero" in status["reason"]
    assert "1 / 0" in status["traceback"]


def test_points_after_the_end_are_kept_and_change_no_status(store_path):
    run = ky.init()
    run.log({"loss": 1.0})
    run.finish()
    run.log({"loss": 0.5})
    run.finish("failed")

    read = read_plainly(run.path)
    assert sorted(read.points["loss"]) == [(0, 1.0), (1, 0.5)]
    assert [status["status"] for status in read.statuses] == ["finished"]
    assert sorted(about["role"] for about in read.writers.values()) == ["late", "main"]


def test_threads_write_one_log_and_nothing_is_lost(store_path):
    def work(number):
        for i in range(5_000):
            run.log({f"t{number}": float(i), "shared": 1.0})

    with ky.init() as run:
        threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]

    read = read_plainly(run.path)
    assert all(read.values(f"t{number}") == list(map(float, range(5_000))) for number in range(8))
    assert sorted(read.steps("shared")) == list(range(40_000))
    assert len(read.writers) == 1


def test_many_files_hold_every_point_once(store_path):
    with ky.init() as run:
        for i in range(120_000):
            run.log({"loss": i}, step=i)

    assert len([path for path in Path(run.path).iterdir() if path.suffix == ".log"]) > 5
    assert read_plainly(run.path).points["loss"] == [(i, float(i)) for i in range(120_000)]
    assert not [path for path in Path(run.path).iterdir() if path.suffix == ".tmp"]


def test_a_text_larger_than_a_file_is_kept(store_path):
    text = "x" * (6 << 20)
    with ky.init() as run:
        run.log({"small": 1})
        run.log({"text": text})
        run.log({"small": 2})

    read = read_plainly(run.path)
    assert read.texts["text"] == [(0, text)]
    assert read.values("small") == [1, 2]


def test_ever_new_keys_are_kept(store_path):
    with ky.init() as run:
        for i in range(12_000):
            run.log({f"key/{i}": 1.0})
            if i % 1000 == 0:
                run.log({"key/0": 2.0})

    read = read_plainly(run.path)
    assert len(read.points) == 12_000
    assert read.steps("key/0") == list(range(13))


def test_a_pickled_run_writes_a_log_of_its_own(store_path):
    with ky.init() as run:
        run.log({"loss": 1.0})
        other = pickle.loads(pickle.dumps(run))
        other.log({"loss": 2.0})
        other.finish()

    read = read_plainly(run.path)
    assert sorted(read.points["loss"]) == [(0, 1.0), (1, 2.0)]
    assert [status["status"] for status in read.statuses] == ["finished"]


def test_a_name_is_memorable_and_no_two_runs_share_one(store_path):
    runs = [ky.init(capture=False) for _ in range(50)]
    [run.finish() for run in runs]

    names = [run.name for run in runs]
    assert len(set(names)) == 50
    assert all(len(name.split("-")) == 3 for name in names)


def test_without_capture_nothing_of_the_surroundings_is_kept(store_path):
    with (
        ky.init(capture=False) as bare,
        ky.init() as full,
        ky.init(capture=ky.Capture(program=False)) as chosen,
    ):
        pass

    def program(run):
        return [path for path in read_plainly(run.path).attributes if path.startswith("program/")]

    assert (program(bare), program(chosen)) == ([], [])
    assert "program/argv" in program(full)


def test_the_environment_can_switch_capture_off(store_path, monkeypatch):
    monkeypatch.setenv("KYMOGRAPH_CAPTURE", "off")
    with ky.init() as run:
        pass

    assert not [path for path in read_plainly(run.path).attributes if path.startswith("program/")]
