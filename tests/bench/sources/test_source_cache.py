from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from einthoven.bench.sources import cache as cache_module
from einthoven.bench.sources.cache import cache_folder
from einthoven.bench.sources.check import Report, check
from einthoven.bench.sources.index import FolderSource
from einthoven.bench.sources.ptbxl import open_ptbxl

Write = Callable[..., Path]


@pytest.fixture
def source(ptbxl_folder: Write, ptbxl_row: Callable[..., dict[str, str]]) -> FolderSource:
    return open_ptbxl(str(ptbxl_folder(*(ptbxl_row(n) for n in range(1, 5)))))


def the_file(own_cache: Path) -> Path:
    (path,) = (own_cache / "signals").iterdir()
    return path


def same(one: Report, two: Report) -> bool:
    return (one.entries, one.faults, one.looks) == (two.entries, two.faults, two.looks)


def test_a_second_look_reads_nothing(source: FolderSource, monkeypatch: pytest.MonkeyPatch) -> None:
    first = check(source)
    monkeypatch.setattr("einthoven.bench.sources.signals.read_record", None)  # a call would raise
    second = check(source)
    assert (first.read, second.read) == (4, 0)
    assert same(first, second)
    assert second.warnings == ()


def test_faults_are_kept_too(source: FolderSource) -> None:
    os.truncate(source.root / "records500/00000/00002_hr.dat", 100)
    (source.root / "records500/00000/00003_hr.dat").unlink()
    (source.root / "records500/00000/00004_hr.hea").write_text("garbage")
    first, second = check(source), check(source)
    assert [fault.reason for fault in first.faults] == ["truncated", "missing", "unreadable"]
    assert second.read == 0
    assert same(first, second)


@pytest.mark.parametrize("suffix", ["hea", "dat"])
@pytest.mark.parametrize("change", ["touch", "grow", "delete"])
def test_a_changed_file_is_read_again(source: FolderSource, suffix: str, change: str) -> None:
    check(source)
    path = source.root / f"records500/00000/00002_hr.{suffix}"
    status = path.stat()
    if change == "touch":
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    elif change == "grow":
        path.write_bytes(path.read_bytes() + b"\n\n")
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    else:
        path.unlink()
    again = check(source)
    assert again.read == 1
    assert [fault.reason for fault in again.faults] == (["missing"] if change == "delete" else [])
    assert check(source).read == 0


def test_a_file_that_appears_is_seen(source: FolderSource) -> None:
    path = source.root / "records500/00000/00001_hr.dat"
    content = path.read_bytes()
    path.unlink()
    assert len(check(source).entries) == 3
    path.write_bytes(content)
    assert len(check(source).entries) == 4


def test_another_signal_has_another_digest(source: FolderSource, write_record: Write) -> None:
    before = check(source).looks["1"].digest
    write_record(source.root / "records500/00000", "00001_hr", seed=99)
    assert check(source).looks["1"].digest != before


def test_part_by_part_adds_up(source: FolderSource) -> None:
    assert check(source, entries=source.entries[:1]).read == 1
    assert check(source, entries=source.entries[1:3]).read == 2
    assert check(source).read == 1


def test_two_at_a_time_keep_each_others_rows(source: FolderSource) -> None:
    """Another process checks other recordings while this one reads."""

    def meanwhile(done: int, total: int) -> None:
        if done == 1:
            check(source, entries=source.entries[2:])

    check(source, entries=source.entries[:2], progress=meanwhile)
    assert check(source).read == 0


def test_other_reading_code_reads_again(source: FolderSource, monkeypatch: pytest.MonkeyPatch) -> None:
    check(source)
    monkeypatch.setattr(cache_module, "_READERS", ("bench/sources/signals.py",))
    assert check(source).read == 4


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\xff\x00", b"[]", b"{}", b"null", b'{"reader": 1', b'{"reader": null, "rows": 3}', b"[" * 99999],
)
def test_a_damaged_cache_is_one_line_and_no_error(source: FolderSource, own_cache: Path, content: bytes) -> None:
    first = check(source)
    the_file(own_cache).write_bytes(content)
    again = check(source)
    assert same(first, again)
    assert again.read == 4
    assert len(again.warnings) <= 1
    assert all("\n" not in line for line in again.warnings)
    assert check(source).read == 0


@pytest.mark.parametrize(
    "row", [None, 3, [], ["x"], ["d", 500, "", "", []], ["", 500, "", "", [["a", 1, 1]]], {"a": 1}]
)
def test_a_damaged_row_is_read_again(source: FolderSource, own_cache: Path, row: object) -> None:
    first = check(source)
    document = json.loads(the_file(own_cache).read_bytes())
    document["rows"] = dict.fromkeys(document["rows"], row)
    the_file(own_cache).write_text(json.dumps(document))
    again = check(source)
    assert again.read == 4
    assert same(first, again)


def test_a_cache_that_cannot_be_written_is_one_line(
    source: FolderSource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder should be")
    monkeypatch.setenv("EINTHOVEN_CACHE", str(blocked))
    report = check(source)
    assert len(report.entries) == 4
    assert len(report.warnings) == 1
    assert "\n" not in report.warnings[0]


def test_a_full_disk_leaves_no_litter(source: FolderSource, own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    report = check(source)
    assert "No space left" in report.warnings[0]
    assert list((own_cache / "signals").iterdir()) == []


def test_without_the_cache_nothing_is_written(source: FolderSource, own_cache: Path) -> None:
    assert check(source, cached=False).read == 4
    assert check(source, cached=False).read == 4
    assert not own_cache.exists()


def test_where_the_cache_stands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert cache_folder() == Path(os.environ["EINTHOVEN_CACHE"])
    monkeypatch.delenv("EINTHOVEN_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "einthoven"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder() == tmp_path / ".cache" / "einthoven"
