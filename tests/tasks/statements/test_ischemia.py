"""Stage and territory, rule by rule, in PTB-XL's words."""

import pytest

from einthoven.ecg.reading import AxisTruth, Ischemia, Truth
from einthoven.tasks.statements.table import superclasses_of
from einthoven.tasks.truth import UnknownCode, truth

WALLS = {"anterior", "septal", "lateral", "inferior", "posterior"}


def _scp(*found: str, validated: bool = True, stadiums: tuple[str, ...] = ()) -> Truth:
    return truth("scp", dict.fromkeys(found, 100.0), validated=validated, stadiums=stadiums)


def _present(axis: AxisTruth) -> set[str]:
    assert isinstance(axis.value, frozenset)
    return set(axis.value)


@pytest.mark.parametrize("code", ["INJAS", "INJAL", "INJIN", "INJLA", "INJIL"])
def test_subendocardial_injury_is_its_own_stage(code: str) -> None:
    made = _scp(code)
    assert made["ischemia_stage"].value == "subendocardial_injury"
    assert superclasses_of(_present(made["diagnosis"])) == {"MI"}


def test_injury_is_not_dated_by_the_infarcts_age() -> None:
    made = _scp("INJAL", "IMI", stadiums=("Stadium III",))
    assert made.ischemia == {
        Ischemia("subendocardial_injury", frozenset({"anterior", "lateral"})),
        Ischemia("old", frozenset({"inferior"})),
    }
    assert made["ischemia_stage"].value == "subendocardial_injury"


def test_aneurysm_masks_the_stage_and_an_unnamed_territory() -> None:
    made = _scp("ANEUR")
    assert made["ischemia_stage"].masked
    assert made["ischemia_territory"].masked
    assert made["other_findings"].value == {"ventricular_aneurysm"}
    made = _scp("ANEUR", "ASMI", stadiums=("Stadium III",))
    assert made["ischemia_stage"].masked
    assert made["ischemia_territory"].value == {"anterior", "septal"}
    assert made["ischemia_territory"].open == {"inferior", "lateral", "posterior"}


def test_unspecified_wall_masks_or_opens_the_others() -> None:
    assert _scp("ISC_")["ischemia_territory"].masked
    assert _scp("ISC_")["ischemia_stage"].value == "ischemia"
    made = _scp("ISC_", "IMI")
    assert made["ischemia_territory"].value == {"inferior"}
    assert made["ischemia_territory"].open == WALLS - {"inferior"}
    assert "inferior_ischemia" in made["diagnosis"].open


@pytest.mark.parametrize(
    ("age", "value", "accepted"),
    [
        ("Stadium I", "acute", {"acute"}),
        ("Stadium I-II", "acute", {"acute"}),
        ("Stadium II", "recent", {"recent"}),
        ("Stadium II-III", "recent", {"recent", "old"}),
        ("Stadium III", "old", {"old"}),
        ("unknown", "infarct_age_undetermined", {"infarct_age_undetermined"}),
        ("", "infarct_age_undetermined", {"infarct_age_undetermined"}),
    ],
)
def test_age_of_the_infarct(age: str, value: str, accepted: set[str]) -> None:
    made = _scp("IMI", stadiums=(age, ""))
    assert made["ischemia_stage"].value == value
    assert made["ischemia_stage"].accepted == accepted


def test_first_age_is_the_likelier_infarcts() -> None:
    made = truth("scp", {"ASMI": 15.0, "ILMI": 100.0}, stadiums=("Stadium II", "Stadium III"))
    assert made.ischemia == {
        Ischemia("recent", frozenset({"inferior", "lateral"})),
        Ischemia("old", frozenset({"anterior", "septal"})),
    }
    assert made["ischemia_stage"].value == "recent"


def test_one_age_is_all_infarcts() -> None:
    assert {one.stage for one in _scp("IMI", "ASMI", stadiums=("Stadium III",)).ischemia} == {"old"}


def test_two_ages_of_one_infarct_are_both_right() -> None:
    assert _scp("IMI", stadiums=("Stadium I", "Stadium III"))["ischemia_stage"].accepted == {"acute", "old"}


def test_a_range_beside_a_more_severe_stage_is_decided() -> None:
    made = _scp("IMI", "ASMI", "INJAL", stadiums=("Stadium I", "Stadium II-III"))
    assert made["ischemia_stage"].accepted == {"acute"}


def test_unknown_age_is_a_fault() -> None:
    with pytest.raises(UnknownCode) as caught:
        _scp("IMI", stadiums=("Stadium IV",))
    assert caught.value.code == "Stadium IV"


def test_a_dated_infarct_that_is_not_coded_is_no_silence() -> None:
    made = _scp("SR", "LVH", stadiums=("Stadium III",))
    assert made["ischemia_stage"].masked
    assert made["ischemia_territory"].masked
    assert not made["conduction"].masked
    assert _scp("SR", "NORM", stadiums=("unknown",))["ischemia_stage"].value == "none"


@pytest.mark.parametrize("code", ["CLBBB", "WPW"])
def test_block_and_preexcitation_hide_infarction(code: str) -> None:
    made = _scp(code, "SR")
    assert made["ischemia_stage"].masked
    assert made["ischemia_territory"].masked
    made = _scp(code, "SR", "IMI", stadiums=("Stadium III",))
    assert made["ischemia_stage"].value == "old"
    assert made["ischemia_territory"].value == {"inferior"}
    assert made["ischemia_territory"].open == WALLS - {"inferior"}


def test_right_bundle_branch_block_hides_no_infarction() -> None:
    assert _scp("CRBBB")["ischemia_stage"].value == "none"


@pytest.mark.parametrize("code", ["QWAVE", "STD_", "STE_", "NST_", "NDT", "TAB_", "INVT"])
def test_forms_are_no_ischemia(code: str) -> None:
    assert _scp(code, "SR")["ischemia_stage"].value in ("none", None)
    assert _scp(code, "SR").ischemia == frozenset()


@pytest.mark.parametrize("code", ["STD_", "STE_", "NST_", "NDT", "TAB_", "NT_", "INVT"])
def test_silence_beside_a_nonspecific_st_t_change_says_nothing(code: str) -> None:
    # "Nonspecific ST depression, ischaemia is likely" is coded STD_: no code of ischaemia is no word against it.
    for axis in ("ischemia_stage", "ischemia_territory"):
        assert _scp(code, "SR")[axis].masked
        assert "leaves it undecided" in _scp(code, "SR")[axis].reason
        assert not _scp(code, "SR", "IMI")[axis].masked
    assert _scp(code, "NORM")["ischemia_stage"].value == "none"  # NORM says it
    assert _scp(code, "SR", "IMI")["ischemia_territory"].open == frozenset()  # what is stated stands as it is
    assert not _scp(code, "SR")["conduction"].masked
