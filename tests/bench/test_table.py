"""What a person reads after a run: nothing is cut at 80 columns, and nothing is lost."""

import json
import re
from pathlib import Path

import pytest

from einthoven.bench.fitted import BESIDE, fitted
from einthoven.bench.table import print_comparison, print_result, result_lines

RESULTS = Path(__file__).parents[2] / "results"
BUNDLE = RESULTS / "ptbxl-fold10" / "baseline-measurements"


@pytest.fixture
def result() -> dict[str, object]:
    """The widest table there is: the numbers' own gain, answers that cannot be used, and the longest word."""
    found = json.loads((BUNDLE / "result.json").read_text())
    for axis in found["axes"].values():
        axis["arms"]["image"]["invalid_share"] = 0.053
        axis["verdict"]["word"] = "underpowered"
    return dict(found)


def test_at_80_columns_every_heading_and_word_is_whole(
    result: dict[str, object], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    print_result(result, BUNDLE)
    lines = capsys.readouterr().out.splitlines()
    said = " ".join(" ".join(lines).split())
    assert "…" not in said
    assert all(len(line) <= 80 for line in lines if not line.startswith("bundle"))
    table = [line for line in lines if re.search(r"underpowered\s*$", line)]
    assert len(table) == 8
    heading = next(line for line in lines if line.startswith("axis"))
    for row in result_lines(result):
        for name, cell in row.items():
            assert name in heading or f"{row['axis']} {cell}" in said, (name, row["axis"])


def test_a_wide_terminal_has_all_columns(
    result: dict[str, object], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    print_result(result, BUNDLE)
    heading = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("axis"))
    assert all(name in heading for name in result_lines(result)[0])


@pytest.mark.parametrize(("models", "word"), [(3, "? underpowered"), (4, "?underpowered")])
def test_the_longest_word_is_whole_beside_other_models(
    models: int,
    word: str,
    result: dict[str, object],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    print_comparison([result] * models)
    lines = capsys.readouterr().out.splitlines()
    assert all(len(line) <= 80 for line in lines)
    table = [line for line in lines if not line.startswith(word)]  # without the line that says what it means
    assert sum(line.count(word) for line in table) == 8 * models


def test_columns_go_in_their_order_and_only_as_many_as_need_be() -> None:
    rows = [{"axis": "rate", "n": "12", "inv %": "5.3", "numbers": "+0.17", "verdict": "prior"}]
    whole = len("rate 12 inv % numbers verdict")
    assert fitted(rows, whole) == (rows, [])
    left, lines = fitted(rows, whole - 1)
    assert (list(left[0]), lines) == (["axis", "n", "numbers", "verdict"], [f"{BESIDE['inv %']}: rate 5.3"])
    assert list(fitted(rows, 10)[0][0]) == ["axis", "n", "verdict"]
