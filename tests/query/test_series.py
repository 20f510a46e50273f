"""Series of real runs: raw, in buckets, and as a chart draws them; short and long, by every axis."""

from __future__ import annotations

import numpy as np
import pytest

import kymograph as ky
from kymograph.query.reader import KEPT_LEVELS, KEPT_POINTS
from kymograph.query.series import drawing
from kymograph.store.pyramid import SHORTEST

LONG = 5 * SHORTEST


@pytest.fixture(scope="module")
def stores(tmp_path_factory):
    """Three short runs, one long one, one with odd points. `truth` is what was logged."""
    path = tmp_path_factory.mktemp("series")
    truth: dict[str, np.ndarray] = {}
    random = np.random.default_rng(3)
    for number in range(3):
        with ky.init(project="p", name=f"short-{number}", store=path, capture=False) as run:
            truth[run.name] = random.normal(size=300)
            for step, value in enumerate(truth[run.name].tolist()):
                run.log({"loss": value, "epoch": step // 10}, step=step, time=1000.0 + step)
    with ky.init(project="p", name="long", store=path, capture=False) as run:
        truth["long"] = random.normal(size=LONG)
        truth["long"][12_345] = 99.0
        for step, value in enumerate(truth["long"].tolist()):
            run.log({"loss": value, "twice": 2.0 * step}, step=step)
    with ky.init(project="p", name="odd", store=path, capture=False) as run:
        for step, value in [(2, 1.0), (0, float("nan")), (1, float("inf")), (1, 4.0), (3, float("-inf"))]:
            run.log({"loss": value}, step=step)
        run.log({"loss": 7.0, "other": 1.0}, step=1.5)
    return ky.open(path), truth


def short(store):
    return store.runs("name ~ '^short'", sort="name")


def test_raw_gives_every_point_in_the_order_of_its_steps(stores):
    store, truth = stores
    loss = store.run("short-1").series("loss")
    assert loss.exact
    assert loss.n == 300
    assert loss.step.tolist() == list(range(300))
    np.testing.assert_array_equal(loss.value, truth["short-1"])
    assert loss.time.tolist() == [1000.0 + step for step in range(300)]
    odd = store.run("odd").series("loss")
    assert odd.step.tolist() == [0, 1, 1, 1.5, 2, 3]
    assert np.isnan(odd.value[0])
    assert odd.value[1:].tolist() == [np.inf, 4, 7, 1, -np.inf]


def test_a_range_has_both_its_ends(stores):
    store, truth = stores
    part = store.run("short-0").series("loss", range=(10, 20))
    assert part.step.tolist() == list(range(10, 21))
    np.testing.assert_array_equal(part.value, truth["short-0"][10:21])
    deep = store.run("long").series("loss", range=(9_000, 9_050))
    np.testing.assert_array_equal(deep.value, truth["long"][9_000:9_051])


def test_buckets_of_one_run_have_one_dimension(stores):
    store, truth = stores
    loss = store.run("short-2").series("loss", points=30)
    blocks = truth["short-2"].reshape(30, 10)
    assert loss.x.shape == loss.mean.shape == (30,)
    np.testing.assert_allclose(loss.mean, blocks.mean(axis=1))
    np.testing.assert_array_equal(loss.min, blocks.min(axis=1))
    np.testing.assert_array_equal(loss.max, blocks.max(axis=1))
    assert loss.count.tolist() == [10] * 30
    assert not loss.exact
    assert store.run("short-2").series("loss", points=300).exact


def test_many_runs_come_at_once(stores):
    store, truth = stores
    runs = short(store)
    raw = runs.series("loss")
    assert raw.runs == runs.ids
    assert raw.offsets.tolist() == [0, 300, 600, 900]
    for run in runs:
        np.testing.assert_array_equal(raw.of(run.id).value, truth[run.name])
    buckets = runs.series("loss", points=10)
    assert buckets.mean.shape == (3, 10)
    np.testing.assert_allclose(buckets.mean[1], truth["short-1"].reshape(10, 30).mean(axis=1))
    with pytest.raises(ky.NotFound):
        raw.of("nobody")


def test_a_run_without_the_key_has_no_points(stores):
    store, _ = stores
    runs = store.runs(sort="name")
    found = runs.series("epoch", points=5)
    by_name = dict(zip([run.name for run in runs], found.count.sum(axis=1).tolist(), strict=True))
    assert by_name == {"short-0": 300, "short-1": 300, "short-2": 300, "long": 0, "odd": 0}
    assert np.diff(runs.series("epoch").offsets).sum() == 900


def test_a_long_series_comes_from_its_pyramid_and_loses_no_spike(stores):
    store, truth = stores
    loss = store.run("long").series("loss", points=100)
    assert loss.n == LONG
    assert loss.max.max() == 99.0
    spike = int(np.nanargmax(loss.max))
    assert abs(loss.x[spike] - 12_345) <= LONG / 100
    assert np.average(loss.mean, weights=loss.count) == pytest.approx(truth["long"].mean(), abs=1e-4)


def test_a_zoom_of_a_long_series_agrees_with_its_points(stores):
    store, truth = stores
    low, high = 4_000.0, 16_000.0
    loss = store.run("long").series("loss", points=50, range=(low, high))
    assert loss.range == (low, high)
    width = (high - low) / 50
    for at in range(1, 49):
        start, end = low + at * width, low + (at + 1) * width
        inside = truth["long"][int(np.ceil(start)) : int(np.floor(end)) + 1]
        outer = truth["long"][int(start) - 16 : int(end) + 17]  # a cell that lies across an edge counts whole
        assert outer.min() <= loss.min[at] <= inside.min() + 1e-6 or loss.count[at] < len(inside)
        assert abs(int(loss.count[at]) - len(inside)) <= 16
    assert abs(loss.n - (high - low + 1)) <= 2 * 16


def test_a_deep_zoom_of_a_long_series_is_exact(stores):
    store, truth = stores
    loss = store.run("long").series("loss", points=100, range=(5_000, 5_049))
    assert loss.n == 50
    assert loss.exact
    np.testing.assert_array_equal(loss.mean[loss.count > 0], truth["long"][5_000:5_050])


@pytest.mark.parametrize("x", ["time", "relative", "twice"])
def test_a_long_series_is_drawn_along_any_axis(stores, x):
    store, truth = stores
    run = store.run("long")
    buckets = run.series("loss", x=x, points=100)
    assert buckets.n == LONG
    assert np.nanmax(buckets.max) == 99.0
    raw = run.series("loss", x=x)
    assert (np.diff(raw.x) >= 0).all()
    assert sorted(raw.value) == sorted(truth["long"])
    if x == "twice":
        assert raw.x.tolist() == (2 * raw.step).tolist()
        few = run.series("loss", x=x, points=100, range=(2_000, 2_020))
        assert few.n == 11


def test_by_a_clock_points_without_one_are_left_out_and_counted(stores):
    store, _ = stores
    loss = store.run("short-0").series("loss", x="epoch")
    assert loss.x.tolist() == [step // 10 for step in range(300)]
    odd = store.run("odd").series("loss", x="other")
    assert (odd.n, odd.left_out) == (1, 5)
    assert store.run("odd").series("loss", x="other", points=3).left_out == 5


def test_repeated_steps_are_a_matter_of_view(stores):
    store, _ = stores
    odd = store.run("odd")
    assert odd.series("loss", range=(1, 1)).n == 2
    assert odd.series("loss", range=(1, 1), repeats="last").value.tolist() == [4.0]
    assert odd.series("loss", range=(1, 1), repeats="last", points=1).max.tolist() == [4.0]
    with pytest.raises(ValueError, match="'all', 'last', 'mean'"):
        odd.series("loss", repeats="first")


def test_what_is_not_finite_is_counted_and_marked(stores):
    store, _ = stores
    odd = store.run("odd").series("loss", points=1)
    assert (odd.count[0], odd.odd[0]) == (6, 1 | 2 | 4)
    assert (odd.min[0], odd.max[0], odd.mean[0]) == (1.0, 7.0, 4.0)


def test_a_drawing_is_raw_where_there_are_few_points_and_buckets_elsewhere(stores):
    store, truth = stores
    runs = store.runs(sort="name")
    names = {run.id: run.name for run in runs}
    drawn = drawing(store, runs.ids, "loss", "step", None, 200)
    assert [names[id] for id in drawn.raw.runs] == ["odd", "short-0", "short-1", "short-2"]
    assert [names[id] for id in drawn.buckets.runs] == ["long"]
    assert (drawn.low, drawn.high) == (0, LONG - 1)
    assert drawn.missing == []
    np.testing.assert_array_equal(drawn.raw.of(store.run("short-1").id).value, truth["short-1"])
    zoomed = drawing(store, runs.ids, "loss", "step", (100, 130), 200)
    assert zoomed.buckets is None
    assert (zoomed.low, zoomed.high) == (0, LONG - 1)
    assert np.diff(zoomed.raw.offsets).tolist() == [31, 0, 31, 31, 31]
    np.testing.assert_array_equal(zoomed.raw.of(store.run("long").id).value, truth["long"][100:131])


def test_a_drawing_names_the_runs_without_the_key(stores):
    store, _ = stores
    runs = store.runs(sort="name")
    drawn = drawing(store, runs.ids, "twice", "step", None, 10)
    assert len(drawn.missing) == 4
    nothing = drawing(store, runs.ids, "nowhere", "step", None, 10)
    assert nothing.raw is None
    assert nothing.buckets is None
    assert nothing.missing == runs.ids
    assert np.isnan(nothing.low)
    by_clock = drawing(store, runs.ids, "loss", "epoch", None, 10)
    assert len(by_clock.missing) == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"points": 0}, "points is 0"),
        ({"range": (3, 1)}, "must not lie before"),
        ({"range": (float("nan"), 1)}, "must not lie before"),
    ],
)
def test_a_question_that_makes_no_sense_says_why(stores, arguments, words):
    with pytest.raises(ValueError, match=words):
        stores[0].run("short-0").series("loss", **arguments)


def test_an_unknown_key_or_clock_names_the_nearest(stores):
    store, _ = stores
    with pytest.raises(ky.NotFound, match="nearest: loss"):
        store.run("short-0").series("los")
    with pytest.raises(ky.NotFound, match="nearest: epoch"):
        store.run("short-0").series("loss", x="epochs")
    with pytest.raises(ky.NotFound, match="nearest: loss"):
        short(store).series("los")


def test_what_is_kept_stays_within_its_budget(stores):
    store, _ = stores
    ids = store.runs().ids
    for points in (10, 100, 1000):
        for x in ("step", "time", "relative"):
            drawing(store, ids, "loss", x, None, points)
    assert 0 < store.reader.held <= KEPT_POINTS + KEPT_LEVELS


def test_a_growing_series_is_read_on(tmp_path):
    run = ky.init(project="p", store=tmp_path, capture=False)
    run.log({"loss": 1.0}, step=0)
    store = ky.open(tmp_path)
    view = store.run(run.id)
    for step in range(1, 6000):
        run.log({"loss": float(step)}, step=step)
        if step in (1, 2, 500, 4095, 4096, 5999):
            assert view.series("loss").n == step + 1
            assert view.series("loss", points=10).n == step + 1
            assert view.series("loss", x="time", points=10).n == step + 1
            assert view.summary["loss"] == step
    run.finish()
    assert view.series("loss").value.tolist() == [1.0, *map(float, range(1, 6000))]
    assert view.status == "finished"
