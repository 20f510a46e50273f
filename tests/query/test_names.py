"""Names as typed: what they stand for, and how a column is spelled."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kymograph.query.names import BUILT_IN, STATS, Reference, reference, spelled, spelled_path


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("name", Reference("built-in", "name", "name")),
        ("started", Reference("built-in", "created", "created")),
        ("attributes.start_time", Reference("built-in", "created", "created")),
        ("attributes.run_name", Reference("built-in", "name", "name")),
        ("config.lr", Reference("config", "lr", "lr")),
        ("params.lr", Reference("config", "lr", "lr")),
        ("config.optim.lr", Reference("config", "optim.lr", "optim/lr")),
        ("config.`a.b`", Reference("config", "a.b", "a.b")),
        ("tags.`my key`", Reference("tag", "my key", "my key")),
        ("tag.best", Reference("tag", "best", "best")),
        ("attributes.config/lr", Reference("config", "lr", "lr")),
        ("attributes.program.host", Reference("attribute", "program.host", "program/host")),
        ("summary.loss.min", Reference("summary", "loss.min", "loss/min")),
        ("loss", Reference("series", "loss", "loss")),
        ("val/acc.max", Reference("series", "val/acc", "val/acc", "max", "val/acc.max")),
        (
            "metrics.val/acc.best_step",
            Reference("series", "val/acc", "val/acc", "best_step", "val/acc.best_step"),
        ),
        ("metrics.name", Reference("series", "name", "name")),
        ("metrics.`val acc`", Reference("series", "val acc", "val acc")),
        ("`val.max`", Reference("series", "val.max", "val.max")),
        ("`val acc`.min", Reference("series", "val acc", "val acc", "min", "val acc.min")),
        ("`name`", Reference("series", "name", "name")),
        ("layer.0.weight", Reference("series", "layer.0.weight", "layer.0.weight")),
        ("config", Reference("series", "config", "config")),
        ("", Reference("series", "", "")),
    ],
)
def test_a_name_stands_for(name, meant):
    assert reference(name) == meant


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("config/lr", "config.lr"),
        ("config/optim/lr", "config.optim/lr"),
        ("config/my key", "config.`my key`"),
        ("tag/best", "tag.best"),
        ("status", "status"),
        ("program/host", "attributes.program/host"),
    ],
)
def test_a_path_of_the_store_is_spelled(path, name):
    assert spelled_path(path) == name


keys = st.text(st.characters(exclude_characters="`", exclude_categories=["Cs"]), min_size=1, max_size=12)


@settings(deadline=None)
@given(
    st.sampled_from(["series", "config", "tag", "summary"]),
    st.one_of(keys, st.sampled_from(list(BUILT_IN))),
    st.sampled_from([None, *STATS]),
)
def test_what_is_spelled_is_understood_again(source, path, stat):
    found = reference(spelled(source, path, stat if source == "series" else None))
    assert (found.source, found.path) == (source, path)
    assert found.stat == (stat if source == "series" else None)
