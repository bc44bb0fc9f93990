"""The data sets of the Challenge and LUDB, rule by rule."""

import pytest

from einthoven.ecg.reading import AXES, AxisTruth, Ischemia, Truth
from einthoven.tasks import taxonomy
from einthoven.tasks.truth import truth

WALLS = {"anterior", "septal", "lateral", "inferior", "posterior"}


def _truth(name: str, *found: str) -> Truth:
    return truth(name, dict.fromkeys(found, 0.0))


def _present(axis: AxisTruth) -> set[str]:
    assert isinstance(axis.value, frozenset)
    return set(axis.value)


def _absent(made: Truth, axis: str) -> set[str]:
    return set(taxonomy.axes()[axis].values) - _present(made[axis]) - made[axis].open


def test_acute_ischemia_in_snomed_goes_with_injury() -> None:
    made = _truth("cpsc_extra", "413444003")
    assert made["ischemia_stage"].value == "subendocardial_injury"
    assert made["ischemia_territory"].masked


def test_atrial_tachycardia_gives_no_ventricular_rate() -> None:
    made = _truth("georgia", "713422000")
    assert made["rhythm"].value == "supraventricular_tachycardia"
    assert made["rate"].masked


def test_bundle_branch_block_without_side_is_open() -> None:
    made = _truth("ningbo", "6374002")["conduction"]
    assert made.value == frozenset()
    assert {"lbbb", "rbbb", "incomplete_lbbb", "incomplete_rbbb"} <= made.open
    assert "lafb" not in made.open
    assert _truth("georgia", "6374002")["conduction"].masked


def test_av_block_without_degree_is_open() -> None:
    made = _truth("ningbo", "233917008")["conduction"]
    assert made.value == frozenset()
    assert {"first_degree_av_block", "second_degree_av_block", "third_degree_av_block"} <= made.open


def test_164884008_is_a_premature_ventricular_complex() -> None:
    for code in ("164884008", "427172004", "17338001"):
        assert _truth("cpsc2018", code)["other_findings"].value == {"premature_ventricular_complex"}


@pytest.mark.parametrize("code", ["84114007", "368009", "266257000", "53741008"])
def test_clinical_diagnoses_assert_nothing(code: str) -> None:
    made = _truth("ptb", code)
    assert all(made[axis].masked for axis in AXES)


def test_coronary_heart_disease_masks_ischemia() -> None:
    made = _truth("incart", "53741008", "57054005")
    assert made["ischemia_stage"].masked
    assert made["ischemia_territory"].masked


def test_inferior_st_depression_has_no_territory() -> None:
    made = _truth("cpsc_extra", "704997005")
    assert made["ischemia_territory"].masked
    assert made["ischemia_stage"].masked
    assert made["other_findings"].value == {"st_depression"}


@pytest.mark.parametrize(
    ("code", "rhythm"),
    [
        ("164895002", "ventricular_tachycardia"),
        ("164896001", "ventricular_fibrillation"),
        ("111288001", "ventricular_fibrillation"),
        ("81898007", "ventricular_escape"),
        ("61277005", "ventricular_escape"),
        ("49260003", "ventricular_escape"),
    ],
)
def test_ventricular_rhythms_are_three(code: str, rhythm: str) -> None:
    assert _truth("ningbo", code)["rhythm"].value == rhythm


def test_normal_sinus_rhythm_means_a_normal_rate_in_some_data_sets() -> None:
    for name in ("cpsc2018", "georgia", "chapman_shaoxing", "ningbo"):
        assert _truth(name, "426783006")["rate"].value == "normal"
    for name in ("ptbxl_snomed", "ptb", "cpsc_extra"):
        assert _truth(name, "426783006")["rate"].masked
    assert _truth("cpsc2018_text", "Normal").axes == _truth("cpsc2018", "426783006").axes


def test_axis_deviation_is_masked_where_normal_is_never_stated() -> None:
    made = _truth("georgia", "39732003")
    assert made["axis"].masked
    assert "left_axis_deviation" in _present(made["diagnosis"])
    assert "right_axis_deviation" not in made["diagnosis"].open


def test_cpsc2018_denies_its_nine_classes_only() -> None:
    made = _truth("cpsc2018_text", "AF")
    assert _absent(made, "conduction") == {"first_degree_av_block", "lbbb", "rbbb"}
    assert made["conduction"].implied
    assert made["ischemia_stage"].masked
    assert _absent(made, "other_findings") == {
        "premature_atrial_complex",
        "premature_ventricular_complex",
        "st_depression",
        "st_elevation",
    }


def test_georgia_denies_nothing() -> None:
    made = _truth("georgia", "426177001")
    assert made["rate"].value == "bradycardia"
    assert made["conduction"].masked
    assert made["other_findings"].masked
    assert "machine" in made["conduction"].reason


def test_ningbo_flutter_may_be_fibrillation() -> None:
    assert _truth("ningbo", "164890007")["rhythm"].accepted == {"atrial_flutter", "atrial_fibrillation"}
    assert _truth("georgia", "164890007")["rhythm"].accepted == {"atrial_flutter"}


def test_a_bare_infarct_beside_a_dated_one_is_the_same() -> None:
    made = _truth("cpsc_extra", "164865005", "164867002")
    assert made.ischemia == {Ischemia("old")}
    made = _truth("cpsc_extra", "164865005", "54329005")
    assert made.ischemia == {Ischemia("infarct_age_undetermined", frozenset({"anterior"}))}
    assert made["ischemia_territory"].open == WALLS - {"anterior"}


def test_ludb_left_axis_may_be_normal() -> None:
    made = _truth("ludb", "Sinus rhythm", "Electric axis of the heart: left axis deviation")
    assert made["axis"].accepted == {"left", "normal"}
    for word in ("normal", "vertical", "horizontal"):
        assert _truth("ludb", f"Electric axis of the heart: {word}")["axis"].accepted == {"normal"}


def test_ludb_names_one_process_wall_by_wall() -> None:
    made = _truth("ludb", "Stemi: anterior wall", "Stemi: septal", "Stemi: apical", "Scar formation: inferior wall")
    assert made.ischemia == {
        Ischemia("acute", frozenset({"anterior", "septal"})),
        Ischemia("old", frozenset({"inferior"})),
    }
    assert made["ischemia_territory"].open == {"lateral", "posterior"}
    assert _truth("ludb", "Stemi: apical")["ischemia_territory"].masked


def test_ludb_pacing() -> None:
    made = _truth("ludb", "Sinus rhythm", "Pacemaker presence, undefined", "Unipolar ventricular pacing")
    assert made["rhythm"].value == "paced"
    assert made["conduction"].masked
