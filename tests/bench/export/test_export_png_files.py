from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from einthoven.bench.export.png_files import file_name, rows, save, stands
from einthoven.errors import EinthovenError
from einthoven.renderers.page import Box, Geometry, Page, Segment


def page(view: str, *leads: str) -> Page:
    box = Box(0, 0, 1, 1)
    segments = tuple(Segment(lead, 0, 1, 0, 0, 1, 1, box, box) for lead in leads)
    return Page(b"png", "0" * 64, Geometry(1, 1, 8, 8, segments, ()), view, "1")


@given(st.text(min_size=1))
def test_a_file_name_is_one_name_of_a_folder(record_id: str) -> None:
    name = file_name(record_id.encode("utf-8", "ignore").decode() or "x")
    assert Path(name).name == name
    assert not name.startswith(".")
    assert len(name.encode()) <= 200


@given(st.lists(st.text(alphabet="ab/.%+-~é", min_size=1, max_size=300), min_size=2, max_size=8, unique=True))
def test_other_ids_have_other_names(ids: list[str]) -> None:
    assert len({file_name(one) for one in ids}) == len(ids)


def test_names_people_can_read() -> None:
    assert file_name("HR00001") == "HR00001"
    assert file_name("g1/HR 1") == "g1%2FHR%201"
    assert file_name("../x") == "%2E.%2Fx"


def test_rows_tell_the_pages_of_a_record_apart() -> None:
    pages = [page("grid", "I", "II"), page("patches", "I"), page("patches", "V6"), page("page"), page("page")]
    worded = rows("a/b", "test", pages)
    assert [row["file"] for row in worded] == [
        "grid/a%2Fb.png",
        "patches/a%2Fb-I.png",
        "patches/a%2Fb-V6.png",
        "page/a%2Fb+1.png",
        "page/a%2Fb+2.png",
    ]
    assert [(row["page"], row["pages"]) for row in worded] == [(k, 5) for k in range(1, 6)]


def test_a_file_stands_only_whole(tmp_path: Path) -> None:
    save(tmp_path / "grid" / "a.png", b"12345")
    assert stands(tmp_path, {"file": "grid/a.png", "bytes": 5})
    assert not stands(tmp_path, {"file": "grid/a.png", "bytes": 6})
    assert not stands(tmp_path, {"file": "grid/b.png", "bytes": 5})
    assert [path.name for path in (tmp_path / "grid").iterdir()] == ["a.png"]


def test_what_cannot_be_written_gets_two_lines(tmp_path: Path) -> None:
    (tmp_path / "grid").write_text("a file in the place of the folder")
    with pytest.raises(EinthovenError, match=r"cannot write .*a\.png") as caught:
        save(tmp_path / "grid" / "a.png", b"1")
    assert "\n" not in caught.value.problem
