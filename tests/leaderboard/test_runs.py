import json
import os
from pathlib import Path
from typing import Any

import pytest
from synthetic_result import make_result, write_result

from einthoven.errors import EinthovenError, Exit
from einthoven.leaderboard.runs import MAX_BYTES, find_runs


def test_finds_all_sorted_and_once(tmp_path: Path) -> None:
    for name in ("b", "a", "c/deeper/still"):
        write_result(tmp_path / name, make_result(f"baseline/{name}"))
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "journal.jsonl").write_text("{}\n")
    runs, unfinished = find_runs([tmp_path / "b", tmp_path, tmp_path / "a" / ".." / "b"])
    assert [run.model for run in runs] == ["baseline/a", "baseline/b", "baseline/c/deeper/still"]
    assert unfinished == [tmp_path / "d"]


def _refused(folder: Path, name: str | None = "result.json") -> EinthovenError:
    with pytest.raises(EinthovenError) as caught:
        find_runs([folder])
    error = caught.value
    assert "\n" not in error.problem
    assert "\n" not in error.remedy
    assert error.problem.isprintable()
    assert str(folder if name is None else folder / name) in error.problem
    assert error.exit_code == Exit.MISSING
    return error


def test_folder_without_bundle(tmp_path: Path) -> None:
    assert "no result.json" in _refused(tmp_path, None).problem
    assert "no folder" in _refused(tmp_path / "missing", None).problem


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no JSON"),
        (b"{", "no JSON"),
        (b"[]", "no JSON object"),
        (b"\xff\xfe{}", "no JSON"),
        (b'{"schema_version": NaN}', "no JSON"),
        (b'{"model": "\\ud800"}', "no JSON"),
        (b"{}", "schema version none"),
        (b'{"schema_version": "0"}', "schema version 0"),
        (b'{"schema_version": "\\u001b[31m\\n"}', "schema version \\u001b[31m\\u000a"),
        (b'{"schema_version": "1"}', "not a valid result.json"),
        (b'{"schema_version": "1", "model": ' + b"[" * 900 + b"]" * 900 + b"}", "result.json"),
        (b"[" * 100_000, "no JSON"),
        (b" " * (MAX_BYTES + 1), "larger than 5 MB"),
    ],
)
def test_bad_files(tmp_path: Path, content: bytes, why: str) -> None:
    (tmp_path / "result.json").write_bytes(content)
    assert why in _refused(tmp_path).problem


def test_error_does_not_repeat_terminal_codes(tmp_path: Path) -> None:
    document = make_result()
    document["axes"]["rate"]["arms"]["\x1b[31m\nevil"] = {}
    (tmp_path / "result.json").write_text(json.dumps(document))
    assert "\\u001b[31m\\u000aevil" in _refused(tmp_path).problem


@pytest.mark.parametrize(
    ("path", "value", "why"),
    [
        ("axes.rhythm.arms.image.gain", 1e308, "1e+308"),
        ("axes.rhythm.arms.image.gain", 2.1, "gain of image is 2.1"),
        ("axes.rhythm.arms.image.gain_ci", [0.5, 0.1], "interval of gain"),
        ("axes.rhythm.arms.image.accuracy", 1.01, "accuracy of image is 1.01"),
        ("axes.rhythm.baselines.majority.accuracy", -0.2, "accuracy of majority is -0.2"),
        ("axes.rhythm.n", 1109, "rhythm: 1109 records counted and 0 masked of 1108"),
        ("axes.rhythm.eligible", ["martian"], "classes are counted that no record has"),
        ("axes.rhythm.cases", {f"class {k}": 1 for k in range(1001)}, "1001 entries"),
        ("arms.image.asked", 10**15, "arms.image.asked"),
        ("arms.image.cost_usd", -1e300, "arms.image.cost_usd"),
    ],
)
def test_impossible_numbers(tmp_path: Path, path: str, value: Any, why: str) -> None:
    document = make_result(**{path.replace(".", "__"): value})  # valid by the schema: make_result checks it
    write_result(tmp_path, document)
    assert why in _refused(tmp_path).problem


def test_many_faults_are_no_fault(tmp_path: Path) -> None:
    faults = [{"id": f"{k}", "reason": "nan", "detail": "lead V1"} for k in range(5000)]
    write_result(tmp_path, make_result(data__faults=faults))
    assert len(find_runs([tmp_path])[0]) == 1


def test_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "result.json")
    assert "no plain file" in _refused(tmp_path).problem
