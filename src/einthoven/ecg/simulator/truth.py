"""The exact Reading of a simulated heart, in the taxonomy's words, what its page hides, and what it leaves open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from einthoven.ecg.patient import FEMALE
from einthoven.ecg.reading import Reading
from einthoven.ecg.simulator.forms import GROUPS
from einthoven.ecg.simulator.parameters import Parameters
from einthoven.ecg.simulator.possible import TERRITORIES

__all__ = ["LONG_QT", "SHORT_QT", "Latitude", "latitude", "reading"]

#: ms by Fridericia, men and women: from where QTc is long (Rautaharju et al. 2009, AHA/ACCF/HRS part IV), and up to
#: where it is short.
LONG_QT, SHORT_QT = (450.0, 460.0), 360.0

_SINUS = {"normal": "sinus_rhythm", "bradycardia": "sinus_bradycardia", "tachycardia": "sinus_tachycardia"}
_AXIS = {
    "left": "left_axis_deviation",
    "right": "right_axis_deviation",
    "extreme": "extreme_axis_deviation",
    "indeterminate": "indeterminate_axis",
}
_STATEMENT = {
    "sinus_arrhythmia": "sinus_arrhythmia",
    "ectopic_atrial": "ectopic_atrial_rhythm",
    "junctional": "junctional_rhythm",
    "ventricular_escape": "ventricular_escape_rhythm",
    "paced": "paced_rhythm",
}
_BUNDLES = {
    "rbbb_lafb": ("rbbb", "lafb"),
    "rbbb_lpfb": ("rbbb", "lpfb"),
    "preexcitation": ("ventricular_preexcitation",),
}
_BLOCKS = {
    "wenckebach": "second_degree_av_block",
    "mobitz": "second_degree_av_block",
    "two_to_one": "second_degree_av_block",
    "complete": "third_degree_av_block",
    "sinoatrial": "sinoatrial_block",
}
_PREMATURE = {
    "pac": ("premature_atrial_complex",),
    "pjc": ("premature_junctional_complex",),
    "pvc": ("premature_ventricular_complex",),
    "escape": ("escape_beat",),
    "fusion": ("fusion_beat", "premature_ventricular_complex"),
}
_STATEMENT_OF_STAGE = {"subendocardial_injury": "subendocardial_injury", "ischemia": "ischemia"}
_ISCHEMIC = ("ischemia_stage", "ischemia_territory")

#: Forms of ST and T that may be ischaemia's doing: which it is, the page cannot say.
_DOUBTS = frozenset(
    {"st_depression", "st_elevation", "nonspecific_st_t_change", "t_wave_abnormality", "t_wave_inversion"}
)


def reading(parameters: Parameters) -> tuple[Reading, dict[str, str]]:
    """Read the parameters as a cardiologist who knows them would.

    Limits: rate below 60 and above 100 a minute; axis -30 to 90 degrees normal, to -90 left, to 180 right, else
    extreme; PR above 200 ms long and below 120 ms short (Surawicz et al. 2009, AHA/ACCF/HRS part III, and usual
    practice); QTc by Fridericia long from 450 ms in men and 460 ms in women, short up to 360 ms.

    Parameters
    ----------
    parameters : Parameters
        The heart.

    Returns
    -------
    reading : Reading
        Complete over the eight axes.
    masks : dict of str to str
        Axes whose truth no page of this heart can show, with the reason.
    """
    rate = _rate(parameters.heart_rate)
    axis = _axis(parameters.qrs_axis)
    conduction = frozenset(_conduction(parameters))
    other = frozenset(_other(parameters))
    statements = {*_infarction(parameters), *conduction, *other}
    if axis != "normal":
        statements.add(_AXIS[axis])
    if parameters.rhythm == "sinus":
        if not statements and rate == "normal":
            statements.add("normal_ecg")
        statements.add(_SINUS[rate])
    else:
        statements.add(_STATEMENT.get(parameters.rhythm, parameters.rhythm))
    full = Reading(
        rate=rate,
        rhythm=parameters.rhythm,
        axis=axis,
        conduction=conduction,
        ischemia=frozenset() if parameters.ischemia is None else frozenset({parameters.ischemia}),
        other_findings=other,
        diagnosis=frozenset(statements),
    )
    return full, _masks(parameters)


def _rate(heart_rate: float) -> str:
    if heart_rate < 60.0:
        return "bradycardia"
    return "tachycardia" if heart_rate > 100.0 else "normal"


def _axis(degrees: float | None) -> str:
    if degrees is None:
        return "indeterminate"
    if -30.0 <= degrees <= 90.0:
        return "normal"
    if -90.0 <= degrees < -30.0:
        return "left"
    return "right" if degrees > 90.0 else "extreme"


def _conduction(parameters: Parameters) -> list[str]:
    labels: list[str] = []
    if parameters.conduction != "none":
        labels += _BUNDLES.get(parameters.conduction, (parameters.conduction,))
    if parameters.block != "none":
        labels.append(_BLOCKS[parameters.block])
    long = parameters.pr is not None and parameters.pr > 200.0
    # In Wenckebach's periods PR grows beyond 200 ms anyway.
    if long and parameters.block not in ("wenckebach", "complete"):
        labels.append("first_degree_av_block")
    return labels


def _other(parameters: Parameters) -> list[str]:
    labels = [*parameters.findings, *_PREMATURE.get(parameters.ectopy, ())]
    if parameters.pattern != "isolated":
        labels.append(parameters.pattern)
    if parameters.reversal != "none":
        labels.append("limb_lead_reversal")
    # A pathway's PR interval is short by nature.
    if parameters.pr is not None and parameters.pr < 120.0 and parameters.conduction != "preexcitation":
        labels.append("short_pr")
    if parameters.native:
        if parameters.qtc >= LONG_QT[parameters.sex == FEMALE]:
            labels.append("long_qt")
        if parameters.qtc <= SHORT_QT:
            labels.append("short_qt")
    return labels


def _infarction(parameters: Parameters) -> list[str]:
    if parameters.ischemia is None:
        return []
    where = TERRITORIES[parameters.ischemia.walls]
    return [f"{where}_{_STATEMENT_OF_STAGE.get(parameters.ischemia.stage, 'myocardial_infarction')}"]


def _masks(parameters: Parameters) -> dict[str, str]:
    masks: dict[str, str] = {}
    if parameters.rhythm == "ventricular_fibrillation":
        masks["rate"] = "fibrillating ventricles have no rate"
    if not parameters.native:
        why = (
            "ventricular pacing hides it" if parameters.rhythm == "paced" else "beats of the ventricles' own hide it"
        )
        masks |= dict.fromkeys((*_ISCHEMIC, "other_findings"), why)
        if parameters.block != "complete":  # the block itself is seen
            masks["conduction"] = why
    elif parameters.conduction == "lbbb":
        masks |= dict.fromkeys(_ISCHEMIC, "a left bundle branch block hides it")
    elif parameters.conduction == "preexcitation":
        masks |= dict.fromkeys(_ISCHEMIC, "pre-excitation hides it")
    elif parameters.rhythm in ("atrial_flutter", "supraventricular_tachycardia"):
        masks |= dict.fromkeys(_ISCHEMIC, "atrial waves and the rate hide ST and T")
    elif doubt := sorted(parameters.findings & (_DOUBTS | {"pathological_q_wave", "poor_r_wave_progression"})):
        masks |= dict.fromkeys(_ISCHEMIC, f"{doubt[0].replace('_', ' ')} may or may not be ischaemic")
    if "ventricular_aneurysm" in parameters.findings:
        # An answer names a wall with a stage only, so both go.
        masks |= dict.fromkeys(_ISCHEMIC, "ST elevation over a scar: an aneurysm or a new infarction")
    if parameters.reversal != "none":
        masks["axis"] = "exchanged electrodes turn it"
    return masks


@dataclass(frozen=True, slots=True)
class Latitude:
    """Where more than one answer is right.

    Attributes
    ----------
    accepted : mapping of str to frozenset of str
        Categorical axis -> every class that is right, if there are several.
    open : mapping of str to frozenset of str
        Set axis -> labels that count neither for nor against.
    """

    accepted: Mapping[str, frozenset[str]] = field(default_factory=dict)
    open: Mapping[str, frozenset[str]] = field(default_factory=dict)


def latitude(parameters: Parameters) -> Latitude:
    """Say where readers of this page may differ without being wrong, beyond what the statements leave open.

    A complete AV block has two rhythms at once, the atria's and the escape. An axis from -45 degrees is what defines
    a left anterior fascicular block, and one beyond 90 degrees a posterior one, unless something else explains it. A
    QRS that the ventricles began themselves looks like a bundle branch block. Sinus arrhythmia is a sinus rhythm.
    """
    accepted: dict[str, frozenset[str]] = {}
    undecided: dict[str, set[str]] = {"conduction": set(), "other_findings": set(), "diagnosis": set()}
    conduction, findings = parameters.conduction, parameters.findings
    if parameters.block == "complete":
        escape = "junctional" if parameters.escape == "junctional" else "ventricular_escape"
        accepted["rhythm"] = frozenset({"sinus", escape})
        undecided["diagnosis"] |= {_STATEMENT[escape], *_SINUS.values()}
        if escape != "junctional":
            undecided["conduction"] |= {"lbbb", "rbbb", "ivcd", "lafb", "lpfb"}
    if parameters.rhythm == "sinus_arrhythmia":
        undecided["diagnosis"] |= {"sinus_rhythm", _SINUS[_rate(parameters.heart_rate)]}
    if parameters.rhythm == "paced" and parameters.pacing == "atrial":
        undecided["other_findings"].add("p_wave_abnormality")
    if parameters.block == "two_to_one" and parameters.pr is not None and parameters.pr <= 200.0:
        undecided["other_findings"].add("escape_beat")
    degrees = parameters.qrs_axis
    if parameters.native and degrees is not None:
        if -90.0 <= degrees <= -45.0 and "lafb" not in conduction:
            undecided["conduction"].add("lafb")
        if degrees >= 90.0 and "lpfb" not in conduction:
            undecided["conduction"].add("lpfb")
    if "septal_hypertrophy" in findings:
        undecided["other_findings"] |= {"pathological_q_wave", "left_ventricular_hypertrophy"}
    if "right_ventricular_hypertrophy" in findings:
        undecided["other_findings"] |= {"t_wave_inversion", "t_wave_abnormality", "st_depression"}
    if findings & {"low_qrs_voltage", "electrolyte_or_drug_effect"}:
        undecided["other_findings"] |= {"low_t_wave", "poor_r_wave_progression"}
    if "hyperkalemia" in findings:
        undecided["other_findings"].add("p_wave_abnormality")
    if findings & set(GROUPS["repolarization"]) and parameters.qtc > 430.0:
        undecided["other_findings"].add("long_qt")
    if conduction == "lbbb":
        undecided["other_findings"].add("lv_strain")
    undecided["other_findings"] -= _labels_present(parameters)
    return Latitude(accepted, {axis: frozenset(labels) for axis, labels in undecided.items() if labels})


def _labels_present(parameters: Parameters) -> frozenset[str]:
    return frozenset(_other(parameters))
