from pathlib import Path

import pytest

from einthoven.bench.mirage import mirage
from einthoven.bench.run import run
from einthoven.bench.settings import Settings
from einthoven.bench.table import _mirage


def rows_of(*statuses: tuple[str, int]) -> list[dict[str, str]]:
    rows = [status for status, times in statuses for _ in range(times)]
    return [{"status": status, "key": f"k{number}"} for number, status in enumerate(rows)]


def test_a_refusal_is_no_mirage() -> None:
    found = mirage(rows_of(("ok", 30), ("declined", 50), ("invalid", 20)), [str(k) for k in range(100)])
    assert (found["n"], found["requests"], found["answered"], found["share"]) == (100, 100, 30, 0.3)
    assert found["share_ci"] == pytest.approx([0.21, 0.39], abs=0.015)


def test_patients_count_once() -> None:
    low, high = mirage(rows_of(("ok", 50), ("declined", 50)), [str(k // 10) for k in range(100)])["share_ci"]
    assert high - low > 0.5


def test_one_answer_to_a_thousand_equal_requests_is_one_observation() -> None:
    rows = [{"status": "ok", "key": "the same"} for _ in range(1_000)]
    found = mirage(rows, [str(k) for k in range(1_000)])
    assert (found["n"], found["requests"], found["answered"]) == (1_000, 1, 1_000)
    assert found["share_ci"] == pytest.approx([0.2065, 1.0], abs=1e-4)  # Wilson's interval of one of one


def test_a_run_with_a_blind_arm_says_it(tmp_path: Path) -> None:
    arms = ("image", "no-image", "blank")
    result = run(Settings("control/constant", "sim-demo", arms=arms, limit=20, out=tmp_path / "out", jobs=1))[1]
    one = {"n": 20, "requests": 1, "answered": 20, "share": 1.0, "share_ci": [pytest.approx(0.2065, abs=1e-4), 1.0]}
    assert result["mirage"]["blank"] == one
    assert _mirage(result) == [
        "reads ECGs that it is not shown: 100% [21%, 100%] in no-image (one answer to all), "
        "100% [21%, 100%] in blank (one answer to all)"
    ]
    assert _mirage({}) == []
