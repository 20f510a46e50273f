"""Names and places of files."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kymograph.errors import StoreError
from kymograph.store import layout


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_names_are_read_back(first, more):
    writer = layout.new_id()
    assert layout.parse(layout.log_name(writer, first)) == layout.LogName(writer, first)
    sealed = layout.segment_name(writer, first, first + more)
    assert layout.parse(sealed) == layout.SegmentName(writer, first, first + more)


@pytest.mark.parametrize(
    "name", [".abcdefgh-000000.log.tmp", "abcdefgh-000001.log.tmp", "notes.txt", "abcdefgh-1.log"]
)
def test_other_files_are_nobodys(name):
    assert layout.parse(name) is None


@given(st.text(max_size=30))
def test_no_id_leads_out_of_the_store(text):
    store = layout.StoreFolder("/store")
    try:
        folder = store.run_folder(text)
    except StoreError:
        return
    assert os.path.dirname(os.path.normpath(folder)) == store.runs
    assert layout.parse_marker(os.path.basename(store.marker(text, "abcdefgh"))) == (text, "abcdefgh")


def test_ids_are_typeable_and_differ():
    ids = {layout.new_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert set("".join(ids)) <= set(layout.ALPHABET)
    assert not set(layout.ALPHABET) & set("ilo01")


def test_the_file_system_of_a_folder_is_known(tmp_path):
    assert layout.file_system(str(tmp_path))
    assert not layout.is_network("/proc")
