"""Truths: twenty worked out by hand, what silence means, and truths that are known exactly."""

import json
from pathlib import Path
from typing import Any

import pytest

from einthoven.ecg.reading import AXES, AxisTruth, Ischemia, Reading, Truth
from einthoven.errors import EinthovenError
from einthoven.tasks import taxonomy
from einthoven.tasks.truth import UnknownCode, from_reading, truth

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "truth_readings.json").read_text(encoding="utf-8"))
SETS = ("conduction", "ischemia_territory", "other_findings")
WALLS = {"anterior", "septal", "lateral", "inferior", "posterior"}

EXACT = Reading(
    rate="normal",
    rhythm="sinus",
    axis="left",
    conduction=frozenset({"lbbb"}),
    ischemia=frozenset({Ischemia("old", frozenset({"inferior"}))}),
    other_findings=frozenset(),
    diagnosis=frozenset({"sinus_rhythm", "lbbb", "inferior_myocardial_infarction", "left_axis_deviation"}),
)


def _scp(*found: str, validated: bool = True, stadiums: tuple[str, ...] = ()) -> Truth:
    return truth("scp", dict.fromkeys(found, 100.0), validated=validated, stadiums=stadiums)


def _truth(name: str, *found: str) -> Truth:
    return truth(name, dict.fromkeys(found, 0.0))


def _present(axis: AxisTruth) -> set[str]:
    assert isinstance(axis.value, frozenset)
    return set(axis.value)


def _absent(made: Truth, axis: str) -> set[str]:
    return set(taxonomy.axes()[axis].values) - _present(made[axis]) - made[axis].open


@pytest.mark.parametrize("row", GOLDEN["readings"], ids=lambda row: row["id"])
def test_golden_reading(row: dict[str, Any]) -> None:
    made = truth(row["dialect"], row["codes"], validated=row["validated"], stadiums=row["stadiums"])
    for axis in ("rate", "rhythm", "axis", "ischemia_stage"):
        _check_class(made[axis], row["truth"][axis])
    for axis in SETS:
        _check_labels(made, axis, row["truth"][axis], GOLDEN["uncovered"].get(row["dialect"], []))
    diagnosis, expected = made["diagnosis"], row["truth"]["diagnosis"]
    assert diagnosis.value == frozenset(expected["present"])
    assert set(expected["open_has"]) <= diagnosis.open
    assert set(expected["absent_has"]) <= _absent(made, "diagnosis")
    assert made.to_json()["ischemia"] == sorted(
        ({"stage": one["stage"], "walls": sorted(one["walls"])} for one in row["truth"]["ischemia"]),
        key=lambda one: (one["stage"], one["walls"]),
    )
    assert [axis for axis in AXES if made[axis].implied] == sorted(row["implied"], key=AXES.index)


def _check_class(made: AxisTruth, expected: Any) -> None:
    if isinstance(expected, dict):
        assert made.value == expected["value"]
        assert made.accepted == frozenset(expected["accepted"])
    else:
        assert made.value == expected
        assert made.accepted == ({expected} if expected else set())


def _check_labels(made: Truth, axis: str, expected: Any, uncovered: list[str]) -> None:
    if expected is None:
        assert made[axis].masked
        return
    assert made[axis].value == frozenset(expected["present"])
    if "absent" in expected:
        assert _absent(made, axis) == set(expected["absent"])
        return
    left = set(expected["open"])
    if "+uncovered" in left:
        left = left - {"+uncovered"} | set(uncovered) - set(expected["present"])
    assert made[axis].open == left


def test_golden_readings_are_twenty() -> None:
    assert len(GOLDEN["readings"]) == 20
    assert {row["dialect"] for row in GOLDEN["readings"]} == {"scp", "cpsc2018_text", "georgia", "cpsc_extra", "ludb"}
    assert all(row["why"] for row in GOLDEN["readings"])


def test_ptbxl_rate_and_axis_are_masked_with_a_reason() -> None:
    made = _scp("NORM", "SBRAD")
    assert made["rate"].masked
    assert "measured" in made["rate"].reason
    assert made["axis"].masked
    assert "Linkstyp" in made["axis"].reason


def test_likelihood_of_zero_is_ungraded_and_a_low_one_counts() -> None:
    made = truth("scp", {"SR": 0.0, "IMI": 15.0})
    assert made["rhythm"].value == "sinus"
    assert made["ischemia_stage"].value == "infarct_age_undetermined"
    assert "inferior_myocardial_infarction" in _present(made["diagnosis"])


def test_silence_of_a_validated_record_is_implied() -> None:
    made = _scp("SR", "PVC")
    for axis in ("conduction", "ischemia_territory"):
        assert made[axis].value == frozenset()
        assert made[axis].implied
        assert made[axis].reason
    assert made["ischemia_stage"].value == "none"
    assert made["ischemia_stage"].implied
    assert not made["other_findings"].implied


def test_norm_is_a_statement_not_silence() -> None:
    made = _scp("NORM", validated=False)
    for axis in ("conduction", "ischemia_stage", "ischemia_territory"):
        assert not made[axis].masked
        assert not made[axis].implied
    assert made["conduction"].open == frozenset()
    assert made["other_findings"].masked
    assert made["rhythm"].masked


def test_without_validation_what_is_stated_counts_and_the_rest_is_open() -> None:
    made = _scp("CLBBB", "IMI", "SR", validated=False)
    assert made["conduction"].value == {"lbbb"}
    assert made["conduction"].open == set(taxonomy.axes()["conduction"].values) - {"lbbb"}
    assert made["ischemia_stage"].value == "infarct_age_undetermined"
    assert made["ischemia_territory"].value == {"inferior"}
    assert made["ischemia_territory"].open == WALLS - {"inferior"}
    assert made["other_findings"].masked
    assert "validated" in made["other_findings"].reason
    assert "rbbb" in made["diagnosis"].open


def test_rhythm_is_never_implied() -> None:
    assert _scp("NORM")["rhythm"].masked


def test_letter_case_and_spacing_of_a_label_do_not_matter() -> None:
    assert _truth("ludb", "III degree  AV-block").to_json() == _truth("ludb", "Iii degree av-block").to_json()


def test_own_tables_use_the_statements() -> None:
    made = truth("einthoven", {"lbbb": 100.0, "atrial_fibrillation": 100.0}, validated=False)
    assert made["conduction"].value == {"lbbb"}
    assert made["rhythm"].value == "atrial_fibrillation"
    assert made["other_findings"].masked
    assert not truth("einthoven", {"sinus_rhythm": 0.0})["conduction"].masked


def test_unknown_code_is_never_skipped() -> None:
    with pytest.raises(UnknownCode) as caught:
        truth("scp", {"NORM": 100.0, "NORMAL": 100.0})
    assert caught.value.code == "NORMAL"
    assert isinstance(caught.value, ValueError)


def test_unknown_dialect_asks_what_was_meant() -> None:
    with pytest.raises(EinthovenError) as caught:
        truth("spc", {"NORM": 100.0})
    assert "did you mean scp?" in caught.value.remedy


def test_an_exact_reading_is_its_own_truth() -> None:
    made = from_reading(EXACT)
    for axis in AXES:
        assert made[axis].value == taxonomy.axis_value(EXACT, axis)
        assert not made[axis].implied
        assert axis == "diagnosis" or not made[axis].open
    assert made.ischemia == EXACT.ischemia
    assert made["diagnosis"].open == {"myocardial_infarction"}


def test_an_exact_reading_without_ischemia() -> None:
    made = from_reading(Reading(ischemia=frozenset(), rhythm="sinus"))
    assert made["ischemia_stage"].value == "none"
    assert made["ischemia_territory"].value == frozenset()
    assert made["conduction"].masked


def test_masks_hide_an_exact_axis() -> None:
    made = from_reading(EXACT, {"ischemia_stage": "hidden", "ischemia_territory": "hidden", "rate": "not shown"})
    assert made["rate"] == AxisTruth(reason="not shown")
    assert made.ischemia == frozenset()
    assert "anterior_ischemia" in made["diagnosis"].open


def test_an_exact_reading_must_be_of_the_taxonomy() -> None:
    with pytest.raises(ValueError, match="rhythm: the taxonomy has no waltz"):
        from_reading(Reading(rhythm="waltz"))
    with pytest.raises(ValueError, match="no axis tempo"):
        from_reading(EXACT, {"tempo": "unknown"})
