"""The line that says what is true of an ECG names the axis where the value alone says nothing."""

from types import SimpleNamespace
from typing import Any

from einthoven.leaderboard.ecg_page import _elsewhere, findings


def _said(**truth: Any) -> str:
    axes = [SimpleNamespace(name=name, truths=[SimpleNamespace(value=value)]) for name, value in truth.items()]
    return findings(SimpleNamespace(truths=SimpleNamespace(axes=axes)), 0)  # type: ignore[arg-type]


def test_values_that_name_no_finding_are_named_with_their_axis() -> None:
    assert _said(rate="bradycardia", rhythm="other", axis="left") == "bradycardia, other rhythm, left axis"


def test_what_is_normal_or_not_known_goes_without_saying() -> None:
    assert _said(rate="normal", rhythm="sinus", axis=None, conduction=frozenset(), diagnosis={"normal_ecg"}) == ""


def test_walls_stand_with_their_stage() -> None:
    assert _said(ischemia_stage="old", ischemia_territory={"inferior", "anterior"}).endswith("(anterior, inferior)")


def test_a_moved_number_has_its_unit_and_no_decimals_that_nobody_printed() -> None:
    (line,) = _elsewhere({"conflict": {"moved": {"heart_rate": 130.0}}})
    assert line == "In the arm conflict these numbers were printed: heart rate 130 bpm."
