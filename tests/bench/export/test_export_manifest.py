from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from einthoven.bench.export.manifest import Manifest
from einthoven.errors import EinthovenError, Exit

HEADER = {"manifest_version": 1, "views": ("grid",), "data": {"name": "sim", "index": "1"}}


def row(record: str, page: int = 1, pages: int = 1, **more: object) -> dict[str, Any]:
    return {"record": record, "page": page, "pages": pages, "file": f"grid/{record}.png", **more}


def opened(folder: Path, *, fresh: bool = False, gone: tuple[str, ...] = (), header: Any = None) -> Manifest:
    def stands(one: Mapping[str, Any]) -> bool:
        return one["record"] not in gone

    return Manifest(folder, header or HEADER, fresh=fresh, stands=stands)


def test_what_was_appended_is_finished(tmp_path: Path) -> None:
    with opened(tmp_path) as manifest:
        manifest.append([row("a", 1, 2), row("a", 2, 2)])
        manifest.append([row("b", fault="flat", detail="V1 never moves")])
    with opened(tmp_path) as manifest:
        assert manifest.finished == {"a"}  # a fault is looked at again
    lines = (tmp_path / "manifest.jsonl").read_bytes().splitlines()
    assert [json.loads(line).get("record") for line in lines] == [None, "a", "a", "b"]
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.jsonl"]


def test_every_torn_end_is_cut_off_at_a_record(tmp_path: Path) -> None:
    with opened(tmp_path) as manifest:
        manifest.append([row("a")])
        whole = manifest.path.stat().st_size
        manifest.append([row("b", 1, 2), row("b", 2, 2)])
    content = manifest.path.read_bytes()
    for size in range(len(content)):
        manifest.path.write_bytes(content[:size])
        with opened(tmp_path) as torn:
            assert torn.finished == ({"a"} if size >= whole else set()), size
            torn.append([row("a")])
            torn.append([row("b", 1, 2), row("b", 2, 2)])
        assert manifest.path.read_bytes() == content, size


def test_a_record_whose_file_is_gone_is_drawn_again_and_said_once(tmp_path: Path) -> None:
    with opened(tmp_path) as manifest:
        manifest.append([row("a")])
    before = manifest.path.read_bytes()
    with opened(tmp_path, gone=("a",)) as manifest:
        assert manifest.finished == set()
        manifest.append([row("a")])
    assert manifest.path.read_bytes() == before


def test_other_pages_are_refused_by_name(tmp_path: Path) -> None:
    opened(tmp_path).close()
    with pytest.raises(EinthovenError, match="data name is sim, not ptbxl") as caught:
        opened(tmp_path, header={**HEADER, "data": {"name": "ptbxl", "index": "1"}})
    assert "--fresh" in caught.value.remedy
    opened(tmp_path).close()  # the lock was let go


def test_fresh_deletes_what_the_manifest_names_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    (folder / "grid").mkdir(parents=True)
    for path in (folder / "grid" / "a.png", folder / "grid" / "mine.png", tmp_path / "outside.png"):
        path.write_bytes(b"1")
    with opened(folder) as manifest:
        manifest.append([row("a")])
        manifest.append([row("b") | {"file": "../outside.png"}])
        manifest.append([row("c") | {"file": str(tmp_path / "outside.png")}])
    with opened(folder, fresh=True) as manifest:
        assert manifest.finished == set()
    assert sorted(path.name for path in tmp_path.rglob("*.png")) == ["mine.png", "outside.png"]


def test_one_process_at_a_time(tmp_path: Path) -> None:
    with opened(tmp_path), pytest.raises(EinthovenError, match="another process") as caught:
        opened(tmp_path)
    assert caught.value.exit_code == Exit.INCOMPLETE


def test_a_damaged_line_is_named(tmp_path: Path) -> None:
    with opened(tmp_path) as manifest:
        manifest.append([row("a")])
    manifest.path.write_bytes(manifest.path.read_bytes() + b"not json\n")
    with pytest.raises(EinthovenError, match=r"line 3 of .* is damaged"):
        opened(tmp_path)


def test_a_full_disk_leaves_whole_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(tmp_path) as manifest:
        manifest.append([row("a")])
        before = manifest.path.read_bytes()
        write = os.write
        monkeypatch.setattr(os, "write", lambda file, data: write(file, data[:7]))  # what fits is written
        with pytest.raises(EinthovenError, match="No space left") as caught:
            manifest.append([row("b")])
        monkeypatch.undo()
    assert caught.value.exit_code == Exit.INCOMPLETE
    assert manifest.path.read_bytes() == before


def test_an_unwritable_folder_gets_two_lines(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EinthovenError, match="cannot write to"):
        opened(tmp_path / "file" / "pages")
