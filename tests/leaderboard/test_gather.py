import gzip
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from einthoven.errors import EinthovenError, Exit
from einthoven.leaderboard.build import build
from einthoven.leaderboard.gather import MOST_SHOWN, gather


def _gathered(folder: Path, scratch: Path) -> Any:
    return gather(folder, json.loads((folder / "result.json").read_bytes()), scratch)


def _bend(folder: Path, file: str, change: Callable[[list[dict[str, Any]]], Any]) -> None:
    rows = [json.loads(line) for line in gzip.decompress((folder / file).read_bytes()).splitlines()]
    change(rows)
    (folder / file).write_bytes(gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode()))


def test_raw_answers_come_back_ecg_by_ecg(bundles: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(bundles / "random", tmp_path / "run")
    _bend(folder, "answers.jsonl.gz", lambda rows: rows[0].update(text=rows[0]["text"] + " " * MOST_SHOWN))
    found, truths = _gathered(folder, tmp_path / "scratch")
    rows = [json.loads(line) for line in gzip.decompress((folder / "answers.jsonl.gz").read_bytes()).splitlines()]
    for column, record in enumerate(truths.ids):
        wanted = [(row["arm"], row["status"], row["text"]) for row in rows if row["record"] == record]
        said = [(arm, status, text) for arm, status, text, _ in found.verbatim.of(column)]
        assert len(said) == len(wanted) > 0
        for one, other in zip(said, wanted, strict=True):
            if len(other[2]) <= MOST_SHOWN:
                assert one == other
            else:
                assert one[2].startswith(other[2][:MOST_SHOWN]) and "characters)" in one[2]


@pytest.mark.parametrize(
    ("file", "change", "why"),
    [
        ("answers.jsonl.gz", lambda rows: rows.append(rows[0]), "two answers to one question"),
        ("answers.jsonl.gz", lambda rows: rows[0].update(arm="twin"), "did not ask"),
        ("answers.jsonl.gz", lambda rows: rows[0].update(record="martian"), "martian"),
        ("answers.jsonl.gz", lambda rows: rows[0].update(text="no JSON"), "InvalidAnswer"),
        ("answers.jsonl.gz", lambda rows: rows[0].update(status="splendid"), "splendid"),
        ("answers.jsonl.gz", lambda rows: rows[0].pop("text"), "text"),
        ("records.jsonl.gz", lambda rows: rows.pop(), "23 different ECGs in 23 rows"),
        ("records.jsonl.gz", lambda rows: rows.append(rows[0]), "25 rows"),
        ("records.jsonl.gz", lambda rows: rows[0].update(truth=7), "make no sense"),
        (
            "records.jsonl.gz",
            lambda rows: [row["truth"]["axes"]["rhythm"].update(value="paced", accepted=[]) for row in rows],
            "right on rhythm",
        ),
    ],
)
def test_rows_that_do_not_fit_are_refused(
    file: str, change: Callable[[Any], Any], why: str, bundles: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(bundles / "random", tmp_path / "run")
    _bend(folder, file, change)
    with pytest.raises(EinthovenError) as caught:
        _gathered(folder, tmp_path / "scratch")
    assert why in caught.value.problem
    assert caught.value.exit_code == Exit.MISSING


def test_rows_of_another_run_and_other_versions(bundles: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(bundles / "random", tmp_path / "run")
    run = json.loads((folder / "run.json").read_bytes())
    (folder / "run.json").write_text(json.dumps(run | {"model": run["model"] | {"name": "another/model"}}))
    with pytest.raises(EinthovenError, match="name another model"):
        _gathered(folder, tmp_path / "scratch")
    result = json.loads((folder / "result.json").read_bytes())
    old = {"name": "dense", "version": "0123456789ab"}
    run["identity"]["task"] = result["task"] = old
    (folder / "run.json").write_text(json.dumps(run))
    assert gather(folder, result, tmp_path / "scratch") is None  # its answers cannot be parsed by today's parser
    (folder / "run.json").unlink()
    assert gather(folder, result, tmp_path / "scratch") is None


def test_other_truths_under_one_fingerprint_are_refused(bundles: Path, tmp_path: Path) -> None:
    for name in ("random", "oracle"):
        shutil.copytree(bundles / name, tmp_path / "in" / name)

    def change(rows: list[dict[str, Any]]) -> None:
        for row in rows:
            row["truth"]["axes"]["rhythm"]["reason"] = "told otherwise"

    _bend(tmp_path / "in" / "random", "records.jsonl.gz", change)
    with pytest.raises(EinthovenError, match="different ECGs or truths under the same fingerprint"):
        build([tmp_path / "in"], tmp_path / "site")
