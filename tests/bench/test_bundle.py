import gzip
from pathlib import Path

import pytest

from einthoven.bench.bundle import json_bytes, read_bundle, write_json, write_rows
from einthoven.errors import EinthovenError, Exit


def write(folder: Path) -> None:
    write_json(folder / "run.json", {"bundle_version": "1"})
    write_rows(folder / "records.jsonl.gz", [{"id": "é"}])
    write_rows(folder / "answers.jsonl.gz", [{"record": "é"}, {"record": "2"}])


def test_what_is_written_is_read(tmp_path: Path) -> None:
    write(tmp_path)
    bundle = read_bundle(tmp_path)
    assert bundle.run == {"bundle_version": "1"}
    assert bundle.records == [{"id": "é"}]
    assert bundle.answers == [{"record": "é"}, {"record": "2"}]
    assert not list(tmp_path.glob("*.part"))


def test_equal_rows_are_equal_bytes_wherever_and_whenever(tmp_path: Path) -> None:
    for name in ("a.gz", "b.gz"):
        write_rows(tmp_path / name, [{"x": 1}, {"y": [1.5, None]}])
    content = (tmp_path / "a.gz").read_bytes()
    assert content == (tmp_path / "b.gz").read_bytes()
    assert content[4:8] == b"\0\0\0\0"  # no time stamp
    assert gzip.decompress(content) == b'{"x":1}\n{"y":[1.5,null]}\n'


def test_nan_never_reaches_a_file() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        json_bytes({"a": float("nan")})


@pytest.mark.parametrize("name", ["run.json", "records.jsonl.gz", "answers.jsonl.gz"])
@pytest.mark.parametrize("damage", [b"", b"{", b"\x1f\x8b\x08\x00garbage", b"\xff\xfe\x00"])
def test_a_damaged_file_is_named(tmp_path: Path, name: str, damage: bytes) -> None:
    write(tmp_path)
    if damage == b"" and name.endswith(".gz"):
        damage = (tmp_path / name).read_bytes()[:-4]  # an empty gzip file is an empty list; a cut one is damaged
    (tmp_path / name).write_bytes(damage)
    with pytest.raises(EinthovenError) as caught:
        read_bundle(tmp_path)
    assert str(tmp_path / name) in caught.value.problem
    assert caught.value.exit_code == Exit.MISSING


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "answers.jsonl.gz").write_bytes(gzip.compress(b'{"a":"' + b"x" * 50_000_000 + b'"}\n'))
    with pytest.raises(EinthovenError, match="more than 4,000,000 bytes a row"):
        read_bundle(tmp_path)


def test_another_version_and_rows_that_are_no_objects_are_refused(tmp_path: Path) -> None:
    write(tmp_path)
    write_json(tmp_path / "run.json", {"bundle_version": "99"})
    with pytest.raises(EinthovenError, match="bundle of version 99"):
        read_bundle(tmp_path)
    write(tmp_path)
    (tmp_path / "answers.jsonl.gz").write_bytes(gzip.compress(b"[1]\n"))
    with pytest.raises(EinthovenError, match="a row that is no object"):
        read_bundle(tmp_path)


def test_a_folder_that_is_no_bundle_and_a_run_that_is_not_finished(tmp_path: Path) -> None:
    with pytest.raises(EinthovenError, match="is no bundle") as caught:
        read_bundle(tmp_path)
    assert caught.value.exit_code == Exit.MISSING
    (tmp_path / "journal.jsonl").write_text("")
    with pytest.raises(EinthovenError, match="is not finished") as caught:
        read_bundle(tmp_path)
    assert caught.value.exit_code == Exit.INCOMPLETE


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_json(tmp_path / "run.json", {"old": 1})

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(EinthovenError, match="No space left"):
        write_json(tmp_path / "run.json", {"new": 1})
    assert (tmp_path / "run.json").read_bytes() == json_bytes({"old": 1})
    assert not list(tmp_path.glob("*.part"))
