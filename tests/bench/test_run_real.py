"""The baseline on the real test fold; needs ``EINTHOVEN_DATA``."""

import os
from pathlib import Path

import pytest

from einthoven.bench.run import run
from einthoven.bench.settings import Settings

DATA = os.environ.get("EINTHOVEN_DATA")

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(DATA is None, reason="EINTHOVEN_DATA names no folder with ptb-xl/"),
]


@pytest.mark.parametrize("model", ["baseline/majority", "control/prior"])
def test_fold_10_of_ptb_xl(model: str, tmp_path: Path) -> None:
    _, result = run(Settings(model, f"ptbxl:{DATA}/ptb-xl", out=tmp_path / "out"))
    assert result["data"]["records"] == 1108
    assert result["data"]["faults"] == []
    assert result["data"]["folds"] == "official"
    assert result["axes"]["rate"]["n"] == 1108  # measured: no statement says it of all of them
    assert result["axes"]["axis"]["n"] > 1090
    assert result["data"]["measurers"]["truth"] == ["einthoven"]
    for axis in (
        "rate",
        "axis",
        "rhythm",
        "conduction",
        "ischemia_stage",
        "ischemia_territory",
        "other_findings",
        "diagnosis",
    ):
        assert result["axes"][axis]["verdict"]["word"] == "prior", axis


def test_a_source_without_folds_is_cross_fitted(tmp_path: Path) -> None:
    _, result = run(Settings("baseline/majority", f"ludb:{DATA}/ludb", out=tmp_path / "out"))
    assert result["data"]["records"] == 100
    assert result["data"]["folds"] == "5 patient folds, cross-fitted"
    assert result["axes"]["rate"]["n"] > 0
