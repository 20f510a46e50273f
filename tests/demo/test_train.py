"""Each recipe, trained for real and briefly, through the front door."""

from dataclasses import replace

import pytest

import kymograph as ky
from kymograph.demo.plan import find
from kymograph.demo.train import train

pytest.importorskip("sklearn")


def short(name, **changes):
    job = find(name)
    return replace(job, config={**job.config, **changes})


def test_a_classifier_logs_each_layer_and_each_class(store_path):
    train(short("64x32-lr0.05-s0", epochs=3))
    run = ky.open(store_path).run("64x32-lr0.05-s0")
    assert run.status == "finished"
    assert len(run.keys()) == 30
    assert run.stats("train/loss").count == 3 * 19
    assert run.stats("val/accuracy").count == 3
    assert run.stats("val/accuracy").last > 0.5
    assert run.config["model"]["hidden"] == [64, 32]
    assert run.config["parameters"] == 6570


def test_the_diverging_run_ends_with_nan_and_its_traceback(store_path):
    with pytest.raises(FloatingPointError, match="the training diverged"):
        train(find("32-lr2-diverging"))
    run = ky.open(store_path).run("32-lr2-diverging")
    assert run.status == "failed"
    assert "FloatingPointError" in run.traceback
    assert run.stats("train/loss").nan == 1


def test_the_long_run_logs_every_sample(store_path):
    train(short("24-per-sample", epochs=1))
    assert ky.open(store_path).run("24-per-sample").stats("train/loss").count == 1257
    assert find("24-per-sample").config["epochs"] * 1257 > 100_000


def test_the_annealed_run_forks_in_the_middle(store_path):
    train(short("64x32-lr0.2-annealed", epochs=4))
    store = ky.open(store_path)
    parent, fork = store.run("64x32-lr0.2-annealed"), store.run("64x32-lr0.2-annealed-fork")
    assert fork.fork.run == parent.id
    ours, theirs = fork.series("train/loss"), parent.series("train/loss")
    shared = int(fork.fork.step) + 1
    assert ours.value[:shared].tolist() == theirs.value[:shared].tolist()
    assert ours.value[shared:].tolist() != theirs.value[shared:].tolist()
    assert ours.step.tolist() == theirs.step.tolist()


@pytest.mark.parametrize(
    ("name", "changes", "points"),
    [
        ("ridge-1", {}, 59),
        ("boosting-depth1-lr0.1", {"trees": 20}, 20),
        ("perceptron-16-s0", {"epochs": 10}, 10),
    ],
)
def test_a_regressor_logs_its_scores(store_path, name, changes, points):
    train(short(name, **changes))
    run = ky.open(store_path).run(name)
    assert run.stats("val/r2").count == points
    assert run.stats("val/rmse").last > run.stats("val/mae").last > 0


def test_the_forecast_of_boosting_is_scikit_learns_own(store_path):
    ensemble = pytest.importorskip("sklearn.ensemble")
    from kymograph.demo.data import diabetes
    from kymograph.demo.diabetes import scores

    train(short("boosting-depth3-lr0.1", trees=15))
    data = diabetes()
    model = ensemble.GradientBoostingRegressor(
        n_estimators=15, learning_rate=0.1, max_depth=3, subsample=0.8, random_state=0
    ).fit(data.train_inputs, data.train_targets)
    expected = [
        scores("val", data.val_targets, forecast)["val/r2"]
        for forecast in model.staged_predict(data.val_inputs)
    ]
    found = ky.open(store_path).run("boosting-depth3-lr0.1").series("val/r2").value
    assert found.tolist() == pytest.approx(expected)


def test_the_keys_say_what_they_mean(store_path):
    train(short("ridge-1"))
    info = {info.key: info for info in ky.open(store_path).keys("diabetes")}
    assert info["val/r2"].goal == "max"
    assert info["val/rmse"].goal == "min"
    assert "variance" in info["val/r2"].doc
