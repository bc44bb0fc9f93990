from pathlib import Path

import pytest

from einthoven.bench.mirage import mirage
from einthoven.bench.run import run
from einthoven.bench.settings import Settings
from einthoven.bench.table import _mirage


def test_a_refusal_is_no_mirage() -> None:
    rows = [{"status": "ok"}] * 30 + [{"status": "declined"}] * 50 + [{"status": "invalid"}] * 20
    found = mirage(rows, [str(k) for k in range(100)], 0)
    assert (found["n"], found["answered"], found["share"]) == (100, 30, 0.3)
    assert found["share_ci"] == pytest.approx([0.21, 0.39], abs=0.015)


def test_patients_are_resampled() -> None:
    rows = [{"status": "ok"}] * 50 + [{"status": "declined"}] * 50
    low, high = mirage(rows, [str(k // 10) for k in range(100)], 0)["share_ci"]
    assert high - low > 0.5


def test_a_run_with_a_blind_arm_says_it(tmp_path: Path) -> None:
    arms = ("image", "no-image", "blank")
    result = run(Settings("control/constant", "sim-demo", arms=arms, limit=20, out=tmp_path / "out", jobs=1))[1]
    assert result["mirage"]["blank"] == {"n": 20, "answered": 20, "share": 1.0, "share_ci": [1.0, 1.0]}
    assert _mirage(result) == [
        "reads ECGs that it is not shown: 100% [100%, 100%] in no-image, 100% [100%, 100%] in blank"
    ]
    assert _mirage({}) == []
