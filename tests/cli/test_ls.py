"""The runs table in the terminal."""

import json

import kymograph as ky


def rows(out):
    lines = [line.split("\t") for line in out.splitlines()]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def test_runs_come_newest_first_with_the_keys_that_have_a_goal(kymo, store):
    found = rows(kymo("ls").out)
    assert [row["name"] for row in found] == ["run-2", "run-1", "run-0"]
    assert found[0]["status"] == "finished"
    assert found[0]["val/acc"] == "0.981"
    assert "loss" not in found[0]


def test_a_query_and_a_sort_choose_and_order(kymo, store):
    found = rows(kymo("ls", "-q", "config.optim.lr < 0.05", "-s", "-config.optim.lr").out)
    assert [row["name"] for row in found] == ["run-1", "run-2"]


def test_columns_may_be_patterns(kymo, store):
    found = rows(kymo("ls", "--columns", "config.*,loss.min").out)
    assert found[0]["config.optim/lr"] == "0.001"
    assert found[0]["loss.min"] == "0.02"


def test_a_limit_is_said(kymo, store):
    said = kymo("ls", "--limit", 2)
    assert len(rows(said.out)) == 2
    assert "1 more runs (--limit)" in said.err

    document = json.loads(kymo("ls", "--limit", 2, "--json").out)
    assert document["total"] == 3
    assert document["truncated"] is True
    assert [run["name"] for run in document["runs"]] == ["run-2", "run-1"]


def test_what_a_run_has_not_is_null(kymo, store):
    with ky.init(project="digits", name="empty"):
        pass
    document = json.loads(kymo("ls", "--json").out)
    assert document["runs"][0]["name"] == "empty"
    assert document["runs"][0]["val/acc"] is None


def test_several_projects_are_told_apart(kymo, store):
    with ky.init(project="words", name="other"):
        pass
    assert {row["project"] for row in rows(kymo("ls").out)} == {"digits", "words"}
    assert [row["name"] for row in rows(kymo("ls", "-p", "words").out)] == ["other"]


def test_a_name_that_no_run_has_is_pointed_out(kymo, store):
    said = kymo("ls", "-q", "confg.optim.lr < 1")
    assert said.code == 0
    assert "no run has 'confg.optim.lr'" in said.err
    assert "config.optim/lr" in said.err


def test_in_a_terminal_columns_that_do_not_fit_are_left_out(kymo, store, terminal):
    said = kymo("ls", "--columns", "config.*,loss.*")
    assert all(len(line) <= 80 for line in said.out.splitlines())
    assert "run-2" in said.out


def test_many_columns_do_not_break_a_narrow_terminal(kymo, store, terminal, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    with ky.init(project="digits", name="a-run-with-a-very-long-name-indeed") as run:
        run.log({f"key{number}": number for number in range(30)})
    said = kymo("ls", "--columns", "key*")
    assert "columns left out for want of width" in said.err
    assert "a-run-with" in said.out
