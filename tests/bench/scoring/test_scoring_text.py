"""The arms with printed measurements: alone, against the blind arms; with the picture, against the text alone."""

from collections.abc import Sequence

import pytest
from scoring_cases import ARMS, class_axis

from einthoven.bench.scoring.axis_score import AxisScore
from einthoven.bench.scoring.encode import ArmData, Prediction
from einthoven.bench.scoring.score import score
from einthoven.ecg.reading import AxisTruth

TEXT = (*ARMS, ArmData("measurements", "text"))
BOTH = (*TEXT, ArmData("image+measurements", "both"))
TRUE = ["a"] * 100 + ["b"] * 60


def scored(image: Sequence[Prediction], arms: tuple[ArmData, ...], **more: Sequence[Prediction]) -> AxisScore:
    data = class_axis([AxisTruth(value) for value in TRUE], image, **more)
    return score([data], [str(row) for row in range(160)], arms, resamples=400, flips=999)["rhythm"]


def test_the_numbers_give_it_away_and_the_picture_adds_nothing() -> None:
    found = scored(["a"] * 160, TEXT, measurements=TRUE)
    assert found.verdict is not None
    assert found.verdict.word == "leaks"
    assert found.verdict.reason.startswith("The printed text does it: gain 1.00 from it alone")
    assert found.gains["measurements"].best.value == 1.0
    assert found.gains["measurements"].p_holm is not None


def test_numbers_that_give_nothing_away_are_no_leak() -> None:
    found = scored(["a"] * 160, TEXT, measurements=["a"] * 160)
    assert found.verdict is not None
    assert found.verdict.word == "prior"


def test_who_reads_the_picture_is_associated_though_the_numbers_leak_too() -> None:
    found = scored(TRUE, TEXT, measurements=TRUE)
    assert found.verdict is not None
    assert found.verdict.word == "associated"


def test_picture_and_text_are_held_against_the_text_and_never_against_the_blind_arms() -> None:
    found = scored(["a"] * 160, BOTH, measurements=TRUE, **{"image+measurements": TRUE})
    both = found.gains["image+measurements"]
    assert set(both.over) == {"measurements"}
    assert both.best.value == 0.0
    assert both.p == 1.0
    assert set(found.gains["image"].over) == set(found.gains["measurements"].over) == {"majority", "constant"}
    row = found.to_json()["arms"]["image+measurements"]
    assert (row["gain"], row["best_blind"]) == (0.0, "measurements")


@pytest.mark.parametrize(
    "arms",
    [
        (*ARMS, ArmData("image+measurements", "both")),
        (*TEXT, ArmData("more", "text")),
    ],
)
def test_both_needs_the_text_and_there_is_one_text(arms: tuple[ArmData, ...]) -> None:
    names = {arm.name: TRUE for arm in arms if arm.name not in ("image", "majority")}
    with pytest.raises(ValueError, match="one text arm"):
        scored(TRUE, arms, **names)
