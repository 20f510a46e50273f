"""How a run begins: new, resumed, from an earlier step, forked."""

import json
from pathlib import Path

import pytest

import kymograph as ky
from kymograph.testing.plain_reader import read_plainly


def logged(count, **arguments):
    with ky.init(**arguments) as run:
        for _ in range(count):
            run.log({"loss": 1.0})
    return run


def test_the_store_is_the_argument_or_the_variable_or_the_nearest_upward(tmp_path, monkeypatch):
    (tmp_path / ".kymograph").mkdir()
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    assert ky.init().store == str(tmp_path / ".kymograph")
    monkeypatch.setenv("KYMOGRAPH_STORE", str(tmp_path / "other"))
    assert ky.init().store == str(tmp_path / "other")
    assert ky.init(store=tmp_path / "given").store == str(tmp_path / "given")


def test_runs_that_follow_each_other_have_different_colours(store_path):
    colours = [read_plainly(ky.init().path).attributes["colour"] for _ in range(13)]
    assert colours == [*map(str, range(12)), "0"]


def test_the_project_is_the_argument_or_the_variable_or_the_folder(store_path, tmp_path, monkeypatch):
    folder = tmp_path / "digits"
    folder.mkdir()
    monkeypatch.chdir(folder)
    assert ky.init().project == "digits"
    monkeypatch.setenv("KYMOGRAPH_PROJECT", "mnist")
    assert ky.init().project == "mnist"
    assert ky.init(project="cifar").project == "cifar"


def test_a_resumed_run_goes_on_where_it_stopped(store_path):
    first = logged(5, id="job-17", config={"lr": 0.1})
    again = logged(3, id="job-17", resume="allow")

    assert again.name == first.name
    assert again.config == {"lr": 0.1}
    assert sorted(read_plainly(first.path).steps("loss")) == list(range(8))


def test_resume_from_an_earlier_step_begins_a_generation(store_path):
    run = logged(10, id="job")
    logged(2, id="job@4")

    read = read_plainly(run.path)
    assert sorted((about["generation"], about["cut"]) for about in read.writers.values()) == [
        (0, None),
        (1, 4.0),
    ]
    assert sorted(read.steps("loss")) == sorted([*range(10), 5, 6])


def test_ranks_that_resume_at_the_same_step_together_share_a_generation(store_path):
    run = logged(10, id="job")
    ranks = [ky.init(id="job@4") for _ in range(3)]
    [rank.finish() for rank in ranks]

    generations = sorted(about["generation"] for about in read_plainly(run.path).writers.values())
    assert generations == [0, 1, 1, 1]


def test_a_fork_is_a_new_run_with_the_parents_config(store_path):
    parent = logged(10, config={"lr": 0.1, "depth": 2}, project="digits")
    fork = logged(2, fork=f"{parent.id}@4", config={"lr": 0.01})

    assert fork.id != parent.id
    assert fork.project == "digits"
    assert fork.config == {"lr": 0.01, "depth": 2}
    read = read_plainly(fork.path)
    assert read.attributes["fork"] == {"run": parent.id, "step": 4.0}
    assert read.steps("loss") == [5, 6]


def test_a_fork_of_the_whole_takes_what_is_there_by_now(store_path):
    parent = logged(10)
    fork = logged(2, fork=parent.id)
    logged(5, id=parent.id, resume="allow")

    assert read_plainly(fork.path).attributes["fork"] == {"run": parent.id, "step": 9.0}
    assert ky.open().run(fork.id).series("loss").step.tolist() == list(range(12))


def test_a_child_inherits_nothing(store_path):
    parent = logged(3, config={"lr": 0.1})
    child = logged(2, parent=parent.id)

    assert child.config == {}
    assert read_plainly(child.path).steps("loss") == [0, 1]
    assert read_plainly(child.path).attributes["parent"] == parent.id


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"id": "taken"}, ky.RunExists, 'resume="allow"'),
        ({"id": "none", "resume": "must"}, ky.NotFound, "no run 'none'"),
        ({"id": "none@5"}, ky.NotFound, "no run 'none'"),
        ({"id": "taken@x"}, ValueError, "'x' is not a step"),
        ({"id": "../up"}, ky.StoreError, "not a run id"),
        ({"id": ".hidden"}, ky.StoreError, "not a run id"),
        ({"resume": "yes"}, ValueError, "'never', 'allow', 'must'"),
        ({"resume": "must"}, ValueError, "needs id="),
        ({"fork": "none"}, ky.NotFound, "to fork"),
        ({"fork": "taken", "id": "taken@3"}, ValueError, "give one of them"),
    ],
)
def test_what_cannot_be_meant_is_said_in_one_line(store_path, arguments, error, words):
    logged(1, id="taken")

    with pytest.raises(error, match=words) as caught:
        ky.init(**arguments)
    assert "\n" not in str(caught.value)


def test_a_store_of_a_newer_version_is_refused(tmp_path):
    logged(1, store=tmp_path / "store")
    (tmp_path / "store" / "store.json").write_text(json.dumps({"format": 99}))

    with pytest.raises(ky.FormatTooNew, match="has format 99"):
        ky.init(store=tmp_path / "store")


def test_a_resumed_run_that_was_sealed_goes_on_too(store_path):
    run = logged(5_000, id="job", config={"lr": 0.1})
    assert ky.open().run("job").series("loss").n == 5_000
    assert [path.suffix for path in Path(run.path).iterdir() if path.suffix in {".log", ".seg"}] == [".seg"]

    again = logged(1, id="job", resume="allow")
    assert again.config == {"lr": 0.1}
    assert read_plainly(again.path).steps("loss") == [5_000]
