"""The raw answers to an ECG come out of its registry as they stand in the bundles."""

import base64
import gzip
import json
import re
import zlib
from pathlib import Path
from typing import Any


def _read(path: Path) -> Any:
    (packed,) = re.fullmatch(r'einthovenData\("[^"]+","([^"]*)"\);\n', path.read_text("ascii")).groups()  # type: ignore[union-attr]
    return json.loads(zlib.decompress(base64.b64decode(packed), -15))


def test_every_answer_of_every_model_and_arm_is_there_once(bundles: Path, site_folder: Path) -> None:
    (folder,) = (site_folder / "data").glob("sim-demo*")
    board = _read(folder / "asked.js")
    names, ids = [name for name, _ in board["models"]], json.loads((folder / "ecgs.json").read_bytes())["ids"]
    wanted: dict[tuple[str, str, str], tuple[str, str]] = {}
    for bundle in bundles.iterdir():
        model = json.loads((bundle / "run.json").read_bytes())["model"]["name"]
        for line in gzip.decompress((bundle / "answers.jsonl.gz").read_bytes()).splitlines():
            row = json.loads(line)
            if row["arm"] != "pairs":
                wanted[row["record"], model, row["arm"]] = (row["status"], row["text"])
    found = {}
    for record in ids:
        data = _read(folder / f"ecg--{record}.js")
        assert data["texts"] == sorted(set(data["texts"]))
        for arm, places in zip(board["arms"], data["given"], strict=True):
            for name, place in zip(names, places, strict=True):
                if place >= 0:
                    text = data["texts"][data["text"][place]]
                    found[record, name, arm] = (board["statuses"][data["status"][place]], text)
                    assert len(data["marks"][place]) == len(board["axes"])
    assert found == wanted and wanted


def test_marks_are_the_scores(bundles: Path, site_folder: Path) -> None:
    (folder,) = (site_folder / "data").glob("sim-demo*")
    board = _read(folder / "asked.js")
    number = [name for name, _ in board["models"]].index("control/random")
    arm, axis = board["arms"].index("image"), board["axes"].index("Rhythm")
    marks = []
    for record in json.loads((folder / "ecgs.json").read_bytes())["ids"]:
        data = _read(folder / f"ecg--{record}.js")
        marks.append(data["marks"][data["given"][arm][number]][axis])
    scores = json.loads((bundles / "random" / "result.json").read_bytes())["axes"]["rhythm"]
    counted = [mark for mark in marks if mark != "-"]
    assert len(counted) == scores["n"]
    assert round(counted.count("1") / len(counted), 6) == scores["arms"]["image"]["accuracy"]
