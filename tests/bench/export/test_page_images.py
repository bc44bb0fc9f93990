"""Which images belong to one record, and what it is called."""

from __future__ import annotations

from pathlib import Path

import pytest

from einthoven.bench.export.page_images import sheets
from einthoven.ecg.recording import LEADS
from einthoven.errors import EinthovenError, Exit


def touched(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return folder


def test_a_folder_is_searched_and_keeps_its_places(tmp_path: Path) -> None:
    touched(tmp_path, "b.JPG", "a.png", "notes.txt", ".hidden.png", "x/c.webp", ".git/d.png", "a.overlay.png")
    assert [(one.stem, one.images) for one in sheets([tmp_path])] == [
        ("a", (tmp_path / "a.png",)),
        ("b", (tmp_path / "b.JPG",)),
        ("x/c", (tmp_path / "x/c.webp",)),
    ]


def test_names_become_wfdb_names(tmp_path: Path) -> None:
    touched(tmp_path, "Müller (2).jpg", "a.b/1 c.png")
    assert [one.stem for one in sheets([tmp_path])] == ["M_ller__2_", "a.b/1_c"]


@pytest.mark.parametrize("separator", ["-", "_"])
def test_twelve_leads_by_name_are_one_record_in_their_order(tmp_path: Path, separator: str) -> None:
    names = [f"rec{separator}{lead}.png" for lead in LEADS]
    touched(tmp_path, *names, "rec.png" if separator == "_" else "other.png")
    if separator == "_":  # a page of the same name beside them
        with pytest.raises(EinthovenError, match="would both be called rec"):
            sheets([tmp_path])
        (tmp_path / "rec.png").unlink()
    found = next(one for one in sheets([tmp_path]) if one.stem == "rec")
    assert [path.name for path in found.images] == names
    (tmp_path / names[4]).unlink()  # eleven are eleven pages
    assert "rec" not in [one.stem for one in sheets([tmp_path])]
    assert len(sheets([tmp_path])) >= 11


def test_together_makes_a_record_of_each_folder(tmp_path: Path) -> None:
    touched(tmp_path, *(f"one/{k}.png" for k in range(1, 13)), *(f"two/{lead}.png" for lead in sorted(LEADS)))
    one, two = sheets([tmp_path], together=True)
    assert (one.stem, two.stem) == ("one", "two")
    assert [path.stem for path in one.images] == [str(k) for k in range(1, 13)]  # 2 before 10
    assert [path.stem for path in two.images] == list(LEADS)
    (alone,) = sheets([tmp_path / "one"], together=True)
    assert alone == one
    (named,) = sheets(sorted((tmp_path / "two").iterdir()), together=True)
    assert (named.stem, named.images) == ("two", two.images)


def test_what_cannot_be_used_is_said(tmp_path: Path) -> None:
    touched(tmp_path, "a.png", "a.jpg", "empty/readme.txt")
    with pytest.raises(EinthovenError, match="would both be called a"):
        sheets([tmp_path / "a.png", tmp_path / "a.jpg"])
    for path, said in ((tmp_path / "none.png", "there is no file"), (tmp_path / "empty", "holds no image")):
        with pytest.raises(EinthovenError, match=said) as error:
            sheets([path])
        assert error.value.exit_code == Exit.MISSING
