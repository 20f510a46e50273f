"""Every byte read, and damage said."""

import json

import kymograph as ky
from kymograph.cli import exits


def test_a_sound_store_is_all_sound(kymo, store):
    said = kymo("verify")
    assert said.code == 0
    assert "3 runs" in said.out
    assert "300 points read" in said.out
    assert said.out.rstrip().endswith("all sound")


def test_one_run_by_its_name(kymo, store):
    document = json.loads(kymo("verify", "run-1", "--json").out)
    assert document["runs"] == 1
    assert document["points"] == 100


def test_a_store_may_be_named_by_its_folder(kymo, store, monkeypatch):
    monkeypatch.delenv("KYMOGRAPH_STORE")
    assert "3 runs" in kymo("verify", store).out


def test_damage_is_found_and_named(kymo, store):
    ky.open(store).refresh()
    run = ky.open(store).run("run-0")
    files = sorted(path for path in run.path.iterdir() if path.suffix in {".log", ".seg"})
    data = bytearray(files[0].read_bytes())
    data[len(data) // 2] ^= 0xFF
    files[0].write_bytes(data)

    said = kymo("verify")
    assert said.code == exits.WRONG
    assert f"{run.id}/{files[0].name}" in said.out
    document = json.loads(kymo("verify", "--json").out)
    assert document["sound"] is False
    assert document["findings"][0]["run"] == run.id


def test_a_run_that_is_not_there_is_not_found(kymo, store):
    assert kymo("verify", "nobody").code == exits.NOT_FOUND
