import csv
import gzip
import hashlib
import io
import json
import re
from pathlib import Path

import pytest

from einthoven.leaderboard import answer_exports, exports
from einthoven.leaderboard.build import build


def _rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


def test_scores_say_what_result_json_says(bundles: Path, site_folder: Path) -> None:
    rows = _rows((site_folder / "data" / "scores.csv").read_bytes())
    assert json.loads((site_folder / "data" / "scores.json").read_bytes())[0]["axis"] == rows[0]["axis"]
    for name in ("random", "oracle"):
        result = json.loads((bundles / name / "result.json").read_bytes())
        own = {row["axis"]: row for row in rows if row["model"] == result["model"]["name"]}
        assert own.keys() == result["axes"].keys()
        for axis, scores in result["axes"].items():
            image = scores["arms"]["image"]
            for column, value in (
                ("accuracy", image["accuracy"]),
                ("gain", image["gain"]),
                ("verdict", scores["verdict"]["word"]),
                ("n", scores["n"]),
            ):
                assert own[axis][column] == ("" if value is None else str(value))


def test_answers_are_complete(bundles: Path, site_folder: Path) -> None:
    (folder,) = (site_folder / "data").glob("sim-demo*")
    ecgs = json.loads((folder / "ecgs.json").read_bytes())
    rows = _rows(gzip.decompress((folder / "answers.csv.gz").read_bytes()))
    lines = gzip.decompress((bundles / "oracle" / "answers.jsonl.gz").read_bytes()).splitlines()
    said = {row["record"]: json.loads(row["text"]) for row in map(json.loads, lines)}
    (row,) = [row for row in rows if (row["model"], row["arm"], row["axis"]) == ("control/oracle", "image", "rhythm")]
    legends = _rows(gzip.decompress((folder / "legends.csv.gz").read_bytes()))
    (own,) = [one for one in legends if (one["model"], one["axis"]) == ("control/oracle", "rhythm")]
    legend = json.loads(own["legend"])
    words = [legend["0123456789ab".index(character)] for character in row["answers"]]
    assert words == [said[record]["rhythm"] for record in ecgs["ids"]]
    result = json.loads((bundles / "oracle" / "result.json").read_bytes())
    right, counted = row["right"].count("1"), len(row["right"]) - row["right"].count("-")
    assert round(right / counted, 6) == result["axes"]["rhythm"]["arms"]["image"]["accuracy"]


def test_parquet_holds_the_same(site_folder: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="needs pyarrow")
    (folder,) = (site_folder / "data").glob("sim-demo*")
    table = parquet.read_table(folder / "answers.parquet").to_pylist()
    rows = _rows(gzip.decompress((folder / "answers.csv.gz").read_bytes()))
    for row in rows:
        own = [one for one in table if (one["model"], one["arm"]) == (row["model"], row["arm"])]
        marks = "".join(
            "-" if one[f"{row['axis']}_right"] is None else str(int(one[f"{row['axis']}_right"])) for one in own
        )
        assert marks == row["right"]


def test_without_pyarrow_one_line_says_so(bundles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("einthoven.leaderboard.downloads.parquet_there", lambda: False)
    monkeypatch.setattr(exports, "parquet_there", lambda: False)
    monkeypatch.setattr(answer_exports, "parquet_there", lambda: False)
    build([bundles], tmp_path)
    assert not list(tmp_path.rglob("*.parquet"))
    assert "no Parquet: pyarrow is not installed" in (tmp_path / "data.html").read_text("utf-8")


def test_description_fits_the_files(site_folder: Path) -> None:
    document = json.loads((site_folder / "data" / "croissant.json").read_bytes())
    assert document["conformsTo"] == "http://mlcommons.org/croissant/1.0"
    files = {one["@id"]: one for one in document["distribution"]}
    for identity, one in files.items():
        content = (site_folder / "data" / one["contentUrl"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == one["sha256"]
        assert one["contentSize"] == f"{len(content)} B"
        assert one["@type"] == "cr:FileObject" and identity == one["name"]
    listed = set(re.findall(r'href="data/([^"]+)" download', (site_folder / "data.html").read_text("utf-8")))
    assert listed == files.keys()
    for records in document["recordSet"]:
        for field in records["field"]:
            assert field["source"]["fileObject"]["@id"] in files
        name = records["field"][0]["source"]["fileObject"]["@id"]
        content = (site_folder / "data" / name).read_bytes()
        head = (gzip.decompress(content) if name.endswith(".gz") else content).splitlines()[0].decode()
        assert [field["source"]["extract"]["column"] for field in records["field"]] == head.split(",")


def test_tables_are_packed_as_they_are_written() -> None:
    rows = [{"model": f"a/{number}", "axis": "é\ud800"} for number in range(3)]
    packed = exports.packed_csv(["model", "axis"], rows)
    assert gzip.decompress(packed) == exports.csv_bytes(["model", "axis"], rows)
    assert packed == exports.packed_csv(["model", "axis"], iter(rows)), "the same bytes twice"


def test_no_formula_for_spreadsheets() -> None:
    content = exports.csv_bytes(
        ["model"], [{"model": "=HYPERLINK(1)"}, {"model": "@x"}, {"model": "−0.1"}, {"model": -0.1}]
    )
    assert [row["model"] for row in _rows(content)] == ["'=HYPERLINK(1)", "'@x", "−0.1", "-0.1"]
