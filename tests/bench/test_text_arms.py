"""The arms with the printed measurements, end to end on simulated ECGs."""

import json
from pathlib import Path

import pytest

from einthoven.bench.bundle import read_bundle
from einthoven.bench.leaks import leak_lines
from einthoven.bench.run import run
from einthoven.bench.settings import Settings

ARMS = ("image", "image+measurements", "measurements", "no-image-told")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("text") / "out"
    return run(Settings("baseline/measurements", "sim-demo", arms=ARMS, out=out, jobs=2))[0]


def test_the_numbers_alone_give_rate_and_axis_away(folder: Path) -> None:
    result = json.loads((folder / "result.json").read_text())
    for axis in ("rate", "axis"):
        text = result["axes"][axis]["arms"]["measurements"]
        assert text["gain"] > 0.8
        assert text["p_holm"] < 0.001
        assert result["leaks"][axis]["shown"] is True
        assert result["axes"][axis]["verdict"]["word"] == "leaks"
        assert result["axes"][axis]["arms"]["image+measurements"]["gain_over"].keys() == {"measurements"}
    assert any("the numbers alone give away: rate" in line for line in leak_lines(result["leaks"]))


def test_truth_that_is_exact_and_numbers_that_are_measured_are_two_measurers(folder: Path) -> None:
    measurers = json.loads((folder / "result.json").read_text())["data"]["measurers"]
    assert measurers["truth"] == []
    assert len(measurers["prompt"]) == 1
    assert measurers["same"] is False


def test_the_bundle_keeps_what_the_prompts_were_made_of(folder: Path) -> None:
    bundle = read_bundle(folder)
    by_arm = {row["arm"]: row["prompt"] for row in bundle.answers}
    assert len(set(by_arm.values())) == 4
    assert "$measurements" in bundle.run["prompts"][by_arm["measurements"]]
    assert "$measurements" not in bundle.run["prompts"][by_arm["image"]]
    measured = [row["measurements"] for row in bundle.records if "measurements" in row]
    assert len(measured) == len(bundle.records)
    assert all("measurer" in row for row in measured)


def test_the_same_numbers_are_asked_once_whether_a_picture_stands_beside_or_not(folder: Path) -> None:
    keys: dict[str, set[str]] = {}
    for row in read_bundle(folder).answers:
        keys.setdefault(row["arm"], set()).add(row["key"])
    assert keys["image+measurements"] == keys["measurements"]
    assert keys["image"] == keys["no-image-told"]
    assert len(keys["image"]) == 1
