"""Rhythm, conduction and findings, rule by rule, in PTB-XL's words."""

import pytest

from einthoven.ecg.reading import AxisTruth, Truth
from einthoven.tasks import taxonomy
from einthoven.tasks.statements.table import superclasses_of
from einthoven.tasks.truth import truth


def _scp(*found: str, validated: bool = True, stadiums: tuple[str, ...] = ()) -> Truth:
    return truth("scp", dict.fromkeys(found, 100.0), validated=validated, stadiums=stadiums)


def _truth(name: str, *found: str) -> Truth:
    return truth(name, dict.fromkeys(found, 0.0))


def _present(axis: AxisTruth) -> set[str]:
    assert isinstance(axis.value, frozenset)
    return set(axis.value)


def _absent(made: Truth, axis: str) -> set[str]:
    return set(taxonomy.axes()[axis].values) - _present(made[axis]) - made[axis].open


def test_flutter_and_fibrillation_are_either() -> None:
    made = _scp("AFIB", "AFLT")
    assert made["rhythm"].accepted == {"atrial_fibrillation", "atrial_flutter"}
    assert {"atrial_fibrillation", "atrial_flutter"} <= made["diagnosis"].open
    assert _truth("georgia", "195080001")["rhythm"].accepted == made["rhythm"].accepted


@pytest.mark.parametrize(("code", "finding"), [("BIGU", "bigeminy"), ("TRIGU", "trigeminy")])
def test_bigeminy_alone_masks_the_rhythm(code: str, finding: str) -> None:
    made = _scp(code)
    assert made["rhythm"].masked
    assert made["other_findings"].value == {finding}
    assert {"premature_atrial_complex", "premature_ventricular_complex"} <= made["other_findings"].open
    assert _scp(code, "AFIB")["rhythm"].value == "atrial_fibrillation"


def test_pacing_dominates_and_hides() -> None:
    made = _scp("PACE", "SR", "CLBBB", "IMI", "PVC")
    assert made["rhythm"].accepted == {"paced"}
    for axis in ("conduction", "ischemia_stage", "ischemia_territory"):
        assert made[axis].masked
        assert "pacemaker" in made[axis].reason
    assert made.ischemia == frozenset()
    assert made["other_findings"].value == {"premature_ventricular_complex"}
    assert not _absent(made, "other_findings")


def test_paroxysmal_tachycardia_leaves_sinus_right_and_gives_no_rate() -> None:
    for made in (_scp("PSVT"), _truth("ningbo", "67198005")):
        assert made["rhythm"].accepted == {"supraventricular_tachycardia", "sinus"}
        assert made["rate"].masked
    assert _truth("georgia", "426761007")["rate"].value == "tachycardia"


def test_unspecified_supraventricular_arrhythmia() -> None:
    made = _scp("SVARR")
    assert made["rhythm"].value == "other"
    assert {"atrial_fibrillation", "atrial_flutter", "ectopic_atrial", "junctional"} < made["rhythm"].accepted
    assert not {"sinus", "paced", "ventricular_tachycardia"} & made["rhythm"].accepted


def test_premature_complex_of_unknown_origin_is_open() -> None:
    made = _scp("PRC(S)")["other_findings"]
    assert made.value == frozenset()
    assert {"premature_atrial_complex", "premature_ventricular_complex", "premature_junctional_complex"} <= made.open
    assert _scp("PRC(S)", "PVC")["other_findings"].value == {"premature_ventricular_complex"}


def test_t_wave_abnormality_leaves_its_kind_open() -> None:
    made = _scp("TAB_")["other_findings"]
    assert made.value == {"t_wave_abnormality"}
    assert {"t_wave_inversion", "low_t_wave", "tall_t_wave"} <= made.open
    assert "t_wave_abnormality" in _scp("INVT")["other_findings"].open


def test_sinus_arrhythmia_is_a_sinus_rhythm() -> None:
    assert _scp("SARRH")["rhythm"].accepted == {"sinus_arrhythmia", "sinus"}
    assert _scp("SR")["rhythm"].accepted == {"sinus"}
    assert {"sinus_bradycardia", "sinus_arrhythmia"} <= _present(_scp("SBRAD", "SARRH")["diagnosis"])


def test_abnormal_qrs_is_no_finding() -> None:
    made = _scp("ABQRS", "SR")["other_findings"]
    assert made.value == frozenset()
    assert "pathological_q_wave" in made.open


def test_a_conduction_code_wins_over_norm() -> None:
    made = _scp("NORM", "IRBBB", "SR")
    assert made["conduction"].value == {"incomplete_rbbb"}
    assert superclasses_of(_present(made["diagnosis"])) == {"NORM", "CD"}
    assert _scp("NORM", "CLBBB")["ischemia_stage"].masked


def test_prolonged_pr_and_first_degree_block_are_one_label() -> None:
    assert _scp("LPR")["conduction"].value == _scp("1AVB")["conduction"].value == {"first_degree_av_block"}
    assert superclasses_of(_present(_scp("LPR")["diagnosis"])) == frozenset()
    assert "first_degree_av_block" in _scp("LPR")["diagnosis"].open
    assert "prolonged_pr" in _scp("1AVB")["diagnosis"].open


def test_stated_slow_rhythm_rules_out_a_fast_one_although_the_rate_is_masked() -> None:
    made = _scp("SBRAD")
    assert "sinus_tachycardia" in _absent(made, "diagnosis")
    assert {"sinus_bradycardia", "sinus_tachycardia"} <= _scp("SR")["diagnosis"].open


def test_voltage_criteria_leave_hypertrophy_open() -> None:
    made = _scp("VCLVH")["other_findings"]
    assert made.value == {"lvh_voltage_criteria"}
    assert "left_ventricular_hypertrophy" in made.open
    assert "left_ventricular_hypertrophy" in _present(_scp("VCLVH", "LVH")["other_findings"])
