"""How each value of the taxonomy is reached, or why it has no meaning for a simulated heart."""

from __future__ import annotations

from typing import Any

from einthoven.ecg.reading import Ischemia
from einthoven.ecg.simulator import Parameters
from einthoven.ecg.simulator.possible import TERRITORIES

WALLS = {name: walls for walls, name in TERRITORIES.items()}

#: Values that no simulated heart has.
UNREACHED = {
    "other": "a rhythm that none of the names fits: the simulator knows what it draws",
    "infarct_age_undetermined": "a simulated infarction has an age",
    "unspecified": "a simulated infarction has a wall",
}
#: Statements that no simulated heart has.
UNSTATED = {
    "myocardial_infarction": "its wall is known",
    "subendocardial_injury": "its wall is known",
    "ischemia": "its wall is known",
    "prolonged_pr": "the form of a first-degree AV block, which is stated",
    "nondiagnostic_t_abnormality": "another word for t_wave_abnormality, which is stated",
    "supraventricular_arrhythmia": "one that cannot be named: the simulator names it",
}


def _form(*names: str, **more: Any) -> Parameters:
    return Parameters(findings=frozenset(names), **more)


def _ischemia(stage: str, territory: str, **more: Any) -> Parameters:
    return Parameters(ischemia=Ischemia(stage, WALLS[territory]), **more)


REACHED: dict[tuple[str, str], Parameters] = {
    ("rate", "bradycardia"): Parameters(heart_rate=45),
    ("rate", "normal"): Parameters(),
    ("rate", "tachycardia"): Parameters(heart_rate=120, pr=130),
    ("rhythm", "sinus"): Parameters(),
    ("rhythm", "sinus_arrhythmia"): Parameters(rhythm="sinus_arrhythmia", heart_rate=62),
    ("rhythm", "atrial_fibrillation"): Parameters(rhythm="atrial_fibrillation", pr=None),
    ("rhythm", "atrial_flutter"): Parameters(rhythm="atrial_flutter", pr=None, heart_rate=75, ratio=4),
    ("rhythm", "supraventricular_tachycardia"): Parameters(
        rhythm="supraventricular_tachycardia", pr=None, heart_rate=180, qtc=380
    ),
    ("rhythm", "ectopic_atrial"): Parameters(rhythm="ectopic_atrial"),
    ("rhythm", "junctional"): Parameters(rhythm="junctional", pr=None, heart_rate=48),
    ("rhythm", "ventricular_tachycardia"): Parameters(
        rhythm="ventricular_tachycardia", pr=None, heart_rate=165, qrs=155, qtc=430, qrs_axis=-100
    ),
    ("rhythm", "ventricular_fibrillation"): Parameters(
        rhythm="ventricular_fibrillation", pr=None, heart_rate=300, qrs_axis=None
    ),
    ("rhythm", "ventricular_escape"): Parameters(
        rhythm="ventricular_escape", pr=None, heart_rate=38, qrs=160, qrs_axis=-60
    ),
    ("rhythm", "paced"): Parameters(rhythm="paced", pr=None, qrs=160, qrs_axis=-60),
    ("axis", "normal"): Parameters(),
    ("axis", "left"): Parameters(qrs_axis=-50),
    ("axis", "right"): Parameters(qrs_axis=120),
    ("axis", "extreme"): Parameters(qrs_axis=-130),
    ("axis", "indeterminate"): Parameters(qrs_axis=None),
    ("conduction", "third_degree_av_block"): Parameters(block="complete", pr=None, heart_rate=45, atrial_rate=80),
    ("conduction", "second_degree_av_block"): Parameters(block="wenckebach", ratio=4, heart_rate=60),
    ("conduction", "lbbb"): Parameters(conduction="lbbb", qrs=150, qrs_axis=5),
    ("conduction", "rbbb"): Parameters(conduction="rbbb", qrs=142),
    ("conduction", "ventricular_preexcitation"): Parameters(conduction="preexcitation", pr=100, qrs=130),
    ("conduction", "ivcd"): Parameters(conduction="ivcd", qrs=138),
    ("conduction", "lpfb"): Parameters(conduction="lpfb", qrs=100, qrs_axis=118),
    ("conduction", "lafb"): Parameters(conduction="rbbb_lafb", qrs=142, qrs_axis=-62),
    ("conduction", "first_degree_av_block"): Parameters(pr=250),
    ("conduction", "incomplete_lbbb"): Parameters(conduction="incomplete_lbbb", qrs=115, qrs_axis=10),
    ("conduction", "incomplete_rbbb"): Parameters(conduction="incomplete_rbbb", qrs=114),
    ("conduction", "sinoatrial_block"): Parameters(block="sinoatrial", heart_rate=58),
    ("ischemia_stage", "none"): Parameters(),
    ("ischemia_stage", "acute"): _ischemia("acute", "inferior"),
    ("ischemia_stage", "subendocardial_injury"): _ischemia("subendocardial_injury", "lateral"),
    ("ischemia_stage", "recent"): _ischemia("recent", "anterior"),
    ("ischemia_stage", "old"): _ischemia("old", "inferior"),
    ("ischemia_stage", "ischemia"): _ischemia("ischemia", "anteroseptal", wellens=True),
    ("ischemia_territory", "anterior"): _ischemia("acute", "anterolateral"),
    ("ischemia_territory", "septal"): _ischemia("acute", "septal"),
    ("ischemia_territory", "lateral"): _ischemia("acute", "inferolateral"),
    ("ischemia_territory", "inferior"): _ischemia("acute", "inferoposterior"),
    ("ischemia_territory", "posterior"): _ischemia("acute", "posterior"),
    ("other_findings", "premature_atrial_complex"): Parameters(ectopy="pac"),
    ("other_findings", "premature_junctional_complex"): Parameters(ectopy="pjc"),
    ("other_findings", "premature_ventricular_complex"): Parameters(ectopy="pvc"),
    ("other_findings", "bigeminy"): Parameters(ectopy="pvc", pattern="bigeminy"),
    ("other_findings", "trigeminy"): Parameters(ectopy="pac", pattern="trigeminy"),
    ("other_findings", "escape_beat"): Parameters(ectopy="escape"),
    ("other_findings", "fusion_beat"): Parameters(ectopy="fusion"),
    ("other_findings", "left_ventricular_hypertrophy"): _form("left_ventricular_hypertrophy"),
    ("other_findings", "lv_strain"): _form("left_ventricular_hypertrophy", "lv_strain"),
    ("other_findings", "right_ventricular_hypertrophy"): _form("right_ventricular_hypertrophy", qrs_axis=120),
    ("other_findings", "ventricular_aneurysm"): Parameters(
        findings=frozenset({"ventricular_aneurysm"}), ischemia=Ischemia("old", WALLS["anteroseptal"])
    ),
    ("other_findings", "long_qt"): Parameters(qtc=500),
    ("other_findings", "short_qt"): Parameters(qtc=335),
    ("other_findings", "short_pr"): Parameters(pr=102),
    ("other_findings", "limb_lead_reversal"): Parameters(reversal="la_ra"),
    **{
        ("other_findings", name): _form(name)
        for name in (
            "lvh_voltage_criteria",
            "septal_hypertrophy",
            "left_atrial_enlargement",
            "right_atrial_enlargement",
            "high_qrs_voltage",
            "low_qrs_voltage",
            "poor_r_wave_progression",
            "pathological_q_wave",
            "fragmented_qrs",
            "st_depression",
            "st_elevation",
            "nonspecific_st_t_change",
            "t_wave_abnormality",
            "t_wave_inversion",
            "low_t_wave",
            "tall_t_wave",
            "u_wave_abnormality",
            "p_wave_abnormality",
            "digitalis_effect",
            "electrolyte_or_drug_effect",
            "hyperkalemia",
            "pericarditis",
            "early_repolarization",
            "brugada_pattern",
        )
    },
}
