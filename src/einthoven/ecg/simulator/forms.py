"""Forms of the waves that are findings by themselves, and what they can go together with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from einthoven.ecg.simulator.parameters import Parameters

__all__ = ["FORMS", "GROUPS", "form_problem"]

#: Forms of the waves that can be asked for; of each group one at most.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "voltage": (
        "left_ventricular_hypertrophy",
        "lvh_voltage_criteria",
        "right_ventricular_hypertrophy",
        "septal_hypertrophy",
        "high_qrs_voltage",
        "low_qrs_voltage",
    ),
    "complex": ("poor_r_wave_progression", "pathological_q_wave", "fragmented_qrs"),
    "repolarization": (
        "lv_strain",
        "st_depression",
        "st_elevation",
        "nonspecific_st_t_change",
        "t_wave_abnormality",
        "t_wave_inversion",
        "low_t_wave",
        "tall_t_wave",
        "digitalis_effect",
        "electrolyte_or_drug_effect",
        "hyperkalemia",
        "pericarditis",
        "early_repolarization",
        "brugada_pattern",
        "ventricular_aneurysm",
    ),
    "u": ("u_wave_abnormality",),
    "atria": ("left_atrial_enlargement", "right_atrial_enlargement", "p_wave_abnormality"),
}
FORMS: frozenset[str] = frozenset(form for group in GROUPS.values() for form in group)


def form_problem(p: Parameters) -> str:
    """Say what is wrong with the forms asked for; nothing is where the answer is empty."""
    if foreign := p.findings - FORMS:
        return f"{', '.join(sorted(foreign))}: not a form that can be asked for"
    for name, group in GROUPS.items():
        if len(p.findings & set(group)) > 1:
            return f"of {name}, one form at most: {', '.join(sorted(p.findings & set(group)))}"
    if p.findings and (not p.native or p.conduction == "preexcitation"):
        return "forms cannot be read in ventricular, paced or pre-excited beats"
    if p.findings & set(GROUPS["atria"]) and (p.rhythm != "sinus" or (p.pr is not None and p.pr < 140.0)):
        return "forms of P are drawn in sinus rhythm, with a PR interval of 140 ms or more"
    wide = p.conduction not in ("none", "lafb", "lpfb", "incomplete_rbbb")
    shaped = p.findings - set(GROUPS["atria"])
    if shaped and (wide or p.rhythm in ("atrial_flutter", "supraventricular_tachycardia")):
        return "criteria of voltage, QRS and ST-T do not hold in a wide QRS or over flutter waves"
    if p.findings & set(GROUPS["voltage"]) and (p.conduction != "none" or p.qrs_axis is None):
        return "voltage criteria are drawn with normal conduction and an axis"
    scar = p.scarred
    if p.findings & {"pathological_q_wave", "poor_r_wave_progression", "septal_hypertrophy"} and scar:
        return "a scar has Q waves of its own"
    if {"septal_hypertrophy", "right_ventricular_hypertrophy"} & p.findings and p.findings & set(GROUPS["complex"]):
        return "one pattern of the QRS at a time"
    if "poor_r_wave_progression" in p.findings and "left_ventricular_hypertrophy" in p.findings:
        return "hypertrophy loses R in V1 to V3 by itself"
    if "ventricular_aneurysm" in p.findings:
        if p.ischemia is None or p.ischemia.stage != "old" or "anterior" not in p.ischemia.walls:
            return "an aneurysm is drawn over an old infarction of the anterior wall"
    elif p.ischemia is not None and p.findings & (set(GROUPS["repolarization"]) | {"right_ventricular_hypertrophy"}):
        return "ischaemia and another cause of ST-T change cannot be told apart"
    if "lv_strain" in p.findings and "left_ventricular_hypertrophy" not in p.findings:
        return "strain goes with left ventricular hypertrophy"
    if "right_ventricular_hypertrophy" in p.findings and p.findings & set(GROUPS["repolarization"]):
        return "right ventricular hypertrophy has a strain of its own"
    axis = p.qrs_axis
    if "left_ventricular_hypertrophy" in p.findings and (axis is None or not -90.0 <= axis <= 90.0):
        return "left ventricular hypertrophy does not turn the axis right"
    if "right_ventricular_hypertrophy" in p.findings and (axis is None or not 90.0 < axis <= 180.0):
        return "right ventricular hypertrophy turns the axis right"
    return ""
