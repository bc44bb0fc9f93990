from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from einthoven.bench.export.drawing import Drawing
from einthoven.bench.export.export import Summary, export
from einthoven.bench.sources.registry import open_source
from einthoven.errors import EinthovenError, Exit, Fault, RecordingFault
from einthoven.renderers import identity

pytest.importorskip("pyarrow")


def shards(
    folder: Path, count: int = 7, size: int = 3, views: Sequence[str] = ("grid",), fresh: bool = False
) -> Summary:
    source = open_source("sim")
    drawing = Drawing(tuple(views))
    return export(source, source.entries[:count], drawing, folder, jobs=1, shard_size=size, fresh=fresh)


def test_datasets_reads_pictures_geometry_and_ids(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    datasets = pytest.importorskip("datasets")
    monkeypatch.setattr("datasets.config.HF_HUB_OFFLINE", True)
    done = shards(tmp_path / "out", views=("grid", "patches"))
    assert (done.records, done.pages, done.faults) == (7, 7 * 13, [])
    names = sorted(path.name for path in (tmp_path / "out").glob("*.parquet"))
    assert names == [f"{view}-{k:05d}-of-00003.parquet" for view in ("grid", "patches") for k in range(3)]
    files = {view: str(tmp_path / "out" / f"{view}-*.parquet") for view in ("grid", "patches")}
    read = datasets.load_dataset("parquet", data_files=files, cache_dir=str(tmp_path / "cache"))
    assert isinstance(read["grid"].features["image"], datasets.Image)
    assert [row["id"] for row in read["grid"]] == [entry.id for entry in open_source("sim").entries[:7]]
    for row in [read["grid"][4], read["patches"][5]]:
        geometry = json.loads(row["geometry"])
        assert row["image"].size == (geometry["width"], geometry["height"])
        file = io.BytesIO()
        row["image"].save(file, "PNG")
        assert identity.of_image(row["image"]) == row["pixel_id"]
    leads = [(row["page"], row["lead"]) for row in read["patches"].select(range(12))]
    assert leads == list(enumerate(("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")))
    assert read["grid"][0]["lead"] is None


def test_finished_shards_are_kept_and_missing_ones_made_again(tmp_path: Path) -> None:
    shards(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    (tmp_path / "grid-00001-of-00003.parquet").unlink()
    (tmp_path / ".grid-00001-of-00003.parquet.part").write_bytes(b"what a killed process left")
    done = shards(tmp_path)
    assert (done.records, done.kept) == (3, 4)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    assert shards(tmp_path).records == 0


def test_another_size_is_another_export(tmp_path: Path) -> None:
    shards(tmp_path)
    with pytest.raises(EinthovenError, match="form shard_size is 3, not 4"):
        shards(tmp_path, size=4)
    with pytest.raises(EinthovenError, match="form records is"):
        shards(tmp_path, count=6)
    shards(tmp_path, count=2, size=4, fresh=True)
    assert [path.name for path in tmp_path.glob("*.parquet")] == ["grid-00000-of-00001.parquet"]


def test_faults_are_left_out_and_said_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = open_source("sim")
    bad = source.entries[1].id
    load = type(source).load

    def broken(self: object, entry):  # type: ignore[no-untyped-def]
        if entry.id == bad:
            raise RecordingFault(Fault(bad, "truncated", "cut"))
        return load(source, entry)  # type: ignore[arg-type]

    monkeypatch.setattr(type(source), "load", broken)
    for done in (shards(tmp_path), shards(tmp_path)):
        assert [fault.record_id for fault in done.faults] == [bad]
    from pyarrow import parquet

    assert parquet.read_metadata(tmp_path / "grid-00000-of-00003.parquet").num_rows == 2


def test_without_pyarrow_two_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(EinthovenError, match="needs pyarrow") as caught:
        shards(tmp_path / "out")
    assert caught.value.exit_code == Exit.MISSING
    assert not (tmp_path / "out").exists()
