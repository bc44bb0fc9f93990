"""What can happen together in one heart and be seen on one page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, get_args

from einthoven.ecg.patient import FEMALE, MALE
from einthoven.ecg.simulator import parameters as told
from einthoven.ecg.simulator.forms import form_problem

if TYPE_CHECKING:
    from einthoven.ecg.simulator.parameters import Parameters

__all__ = ["RATES", "TERRITORIES", "problem"]

#: Beats a minute of each rhythm. Sinus and AF: the range of ambulatory extremes; flutter: 220 to 350 atrial waves a
#: minute (Saoudi et al., Eur Heart J 2001;22:1162-1182) over the ratio; SVT, VT: Page et al. (ACC/AHA/HRS 2015,
#: Circulation 2016;133:e506-e574) and Al-Khatib et al. (AHA/ACC/HRS 2017, Circulation 2018;138:e272-e391); escape and
#: accelerated rhythms start where their pacemakers do; pacing: usual lower and upper limits of pacemakers;
#: ventricular fibrillation: undulations of 3.5 to 7 Hz.
RATES: Mapping[str, tuple[float, float]] = {
    "sinus": (30.0, 200.0),
    "sinus_arrhythmia": (40.0, 110.0),
    "atrial_fibrillation": (30.0, 220.0),
    "atrial_flutter": (55.0, 175.0),
    "supraventricular_tachycardia": (130.0, 220.0),
    "ectopic_atrial": (40.0, 110.0),
    "junctional": (30.0, 130.0),
    "ventricular_tachycardia": (105.0, 220.0),
    "ventricular_fibrillation": (210.0, 420.0),
    "ventricular_escape": (30.0, 110.0),
    "paced": (40.0, 130.0),
}

#: QRS durations in ms: 110 to 119 is an incomplete block, 120 and more a complete one or a nonspecific delay
#: (Surawicz et al. 2009, AHA/ACCF/HRS part III); a fascicular block stays below 120.
_QRS: Mapping[str, tuple[float, float]] = {
    "none": (70.0, 109.0),
    "lbbb": (120.0, 200.0),
    "rbbb": (120.0, 200.0),
    "incomplete_lbbb": (110.0, 119.0),
    "incomplete_rbbb": (110.0, 119.0),
    "lafb": (80.0, 119.0),
    "lpfb": (80.0, 119.0),
    "rbbb_lafb": (120.0, 200.0),
    "rbbb_lpfb": (120.0, 200.0),
    "ivcd": (120.0, 180.0),
    "preexcitation": (110.0, 170.0),
}
_VENTRICULAR_QRS = (120.0, 220.0)

#: Walls of one infarction, by the name of their territory in a statement.
TERRITORIES: Mapping[frozenset[str], str] = {
    frozenset({"anterior"}): "anterior",
    frozenset({"septal"}): "septal",
    frozenset({"lateral"}): "lateral",
    frozenset({"inferior"}): "inferior",
    frozenset({"posterior"}): "posterior",
    frozenset({"anterior", "septal"}): "anteroseptal",
    frozenset({"anterior", "lateral"}): "anterolateral",
    frozenset({"inferior", "lateral"}): "inferolateral",
    frozenset({"inferior", "posterior"}): "inferoposterior",
    frozenset({"inferior", "posterior", "lateral"}): "inferoposterolateral",
}
_INJURED = ("anterior", "lateral", "inferior", "anteroseptal", "anterolateral", "inferolateral")
_STAGES: Mapping[str, tuple[str, ...]] = {
    "acute": tuple(TERRITORIES.values()),
    "recent": tuple(TERRITORIES.values()),
    "old": tuple(TERRITORIES.values()),
    "subendocardial_injury": _INJURED,
    "ischemia": (*_INJURED, "septal", "posterior"),
}

_WITH_P = ("sinus", "sinus_arrhythmia", "ectopic_atrial")
_CHOICES = {
    "rhythm": get_args(told.Rhythm),
    "conduction": get_args(told.Conduction),
    "block": get_args(told.Block),
    "escape": ("junctional", "ventricular"),
    "pacing": get_args(told.Pacing),
    "ectopy": get_args(told.Ectopy),
    "pattern": get_args(told.Pattern),
    "reversal": get_args(told.Reversal),
    "artifact": get_args(told.Artifact),
}


def problem(p: Parameters) -> str:
    """Say what is wrong with some parameters; nothing is where the answer is empty."""
    for name, choices in _CHOICES.items():
        if getattr(p, name) not in choices:
            return f"{name} is one of {', '.join(choices)}, not {getattr(p, name)!r}"
    for check in (_range, _rate, _atria, _block, _ventricles, _ischemia, form_problem, _beats):
        if found := check(p):
            return found
    return ""


def _range(p: Parameters) -> str:
    if p.qrs_axis is not None and not -180.0 <= p.qrs_axis <= 180.0:
        return f"an axis is in degrees from -180 to 180, not {p.qrs_axis!r}"
    if not 300.0 <= p.qtc <= 600.0:
        return f"a QTc is 300 to 600 ms, not {p.qtc!r}"
    if not 0 <= p.age <= 120:
        return f"age is in years between 0 and 120, not {p.age!r}"
    if p.sex not in (MALE, FEMALE):
        return f"sex is 0 (male) or 1 (female), not {p.sex!r}"
    if not 0.0 <= p.noise <= 5.0:
        return f"noise is 0 to 5, not {p.noise!r}"
    return ""


def _rate(p: Parameters) -> str:
    low, high = RATES[p.rhythm]
    if not low <= p.heart_rate <= high:
        return f"{p.rhythm} runs at {low:g} to {high:g}/min, not at {p.heart_rate:g}"
    if p.rhythm == "atrial_flutter":
        if p.ratio not in (2, 3, 4):
            return f"flutter is conducted 2:1, 3:1 or 4:1, not {p.ratio!r}:1"
        if not 220.0 <= p.heart_rate * p.ratio <= 350.0:
            return f"flutter has 220 to 350 waves a minute, not {p.heart_rate * p.ratio:g}"
    return ""


def _atria(p: Parameters) -> str:
    leads = (p.rhythm in _WITH_P and p.block != "complete") or (p.rhythm == "paced" and p.pacing != "ventricular")
    if not leads:
        what = "a complete AV block" if p.block == "complete" else p.rhythm
        return "" if p.pr is None else f"{what} has no P wave that leads the QRS, so no PR interval"
    if p.pr is None:
        return f"{p.rhythm} has a PR interval"
    if not 80.0 <= p.pr <= 400.0:
        return f"a PR interval is 80 to 400 ms, not {p.pr:g}"
    atrial = p.rr
    if p.block in ("two_to_one", "wenckebach", "mobitz"):
        atrial = p.rr / 2.0 if p.block == "two_to_one" else p.rr * ((p.ratio or 3) - 1) / (p.ratio or 3)
    if p.rr - p.pr < told.T_PEAK * p.qt:
        return f"at {p.heart_rate:g}/min the P wave would come before the T wave's peak: PR {p.pr:g} ms"
    if p.block != "none" and atrial - p.pr < 200.0:
        return f"a PR of {p.pr:g} ms leaves no room between P waves {atrial:.0f} ms apart"
    return ""


def _block(p: Parameters) -> str:
    if p.block == "none":
        if p.ratio is not None and p.rhythm != "atrial_flutter":
            return "only flutter and second-degree blocks have a ratio"
        return "" if p.atrial_rate is None else "only under a complete AV block the atria have a rate of their own"
    if p.rhythm != "sinus":
        return f"blocks are drawn in sinus rhythm, not in {p.rhythm}"
    if p.conduction == "preexcitation":
        return "an accessory pathway bridges an AV block"
    if p.block in ("wenckebach", "mobitz"):
        if p.ratio is None or not 3 <= p.ratio <= 5:
            return f"a period has 3 to 5 P waves, not {p.ratio!r}"
    elif p.ratio is not None:
        return f"{p.block} has no ratio to choose"
    if p.block == "complete":
        if p.atrial_rate is None or not 50.0 <= p.atrial_rate <= 130.0:
            return f"sinus beats come at 50 to 130/min, not {p.atrial_rate!r}"
        if not 30.0 <= p.heart_rate <= 60.0 or p.atrial_rate < 1.2 * p.heart_rate:
            return "under a complete AV block the escape runs at 30 to 60/min and the atria faster"
    elif p.atrial_rate is not None:
        return "only under a complete AV block the atria have a rate of their own"
    if p.heart_rate > 90.0:
        return f"{p.block} is not drawn at {p.heart_rate:g}/min"
    return ""


def _ventricles(p: Parameters) -> str:
    if p.rhythm == "ventricular_fibrillation":
        return "" if p.qrs_axis is None and p.conduction == "none" else "fibrillation has neither axis nor bundles"
    if not p.native and p.conduction != "none":
        return f"a beat of the ventricle's own, or paced there, hides the bundles: no {p.conduction} with it"
    low, high = _QRS[p.conduction] if p.native else _VENTRICULAR_QRS
    if not low <= p.qrs <= high:
        what = f"conduction {p.conduction}" if p.native else "a ventricular beat"
        return f"{what} has a QRS of {low:g} to {high:g} ms, not {p.qrs:g}"
    if p.qt - p.qrs < 100.0:
        return f"a QT of {p.qt:.0f} ms leaves no room for a T wave after a QRS of {p.qrs:g} ms"
    if p.qrs_axis is None:
        return "" if p.conduction == "none" and p.native else "no axis at all is drawn in narrow complexes only"
    if "lafb" in p.conduction and not -90.0 <= p.qrs_axis <= -45.0:
        return "left anterior fascicular block turns the axis to -45 to -90 degrees"
    if "lpfb" in p.conduction and not 90.0 < p.qrs_axis <= 180.0:
        return "left posterior fascicular block turns the axis to 90 to 180 degrees"
    if p.conduction == "preexcitation" and (p.rhythm != "sinus" or p.pr is None or p.pr >= 120.0):
        return "pre-excitation is drawn in sinus rhythm, with a PR interval below 120 ms"
    return ""


def _ischemia(p: Parameters) -> str:
    if p.ischemia is None:
        return "wellens needs ischaemia of the anterior or anteroseptal wall" if p.wellens else ""
    if not p.native or p.conduction in ("lbbb", "preexcitation"):
        return "infarction cannot be read where a bundle, a pathway or a pacemaker hides it: none is drawn there"
    if p.rhythm in ("atrial_flutter", "supraventricular_tachycardia"):
        return f"ST and T cannot be read in {p.rhythm}: no ischaemia is drawn there"
    if TERRITORIES.get(p.ischemia.walls) not in _STAGES.get(p.ischemia.stage, ()):
        return f"no statement names {p.ischemia.stage} of {', '.join(sorted(p.ischemia.walls)) or 'no wall'}"
    if p.wellens and (
        p.ischemia.stage != "ischemia" or not told.ANTERIOR <= p.ischemia.walls <= {"anterior", "septal"}
    ):
        return "wellens needs ischaemia of the anterior or anteroseptal wall"
    if p.scarred and p.conduction.endswith(("lafb", "lpfb")) and p.ischemia.walls & {"inferior", "lateral"}:
        return "a fascicular block and the Q waves of an inferior or lateral scar imitate each other"
    if p.reversal != "none":
        return "exchanged electrodes show an infarction at another wall: none is drawn with them"
    return ""


def _beats(p: Parameters) -> str:
    if p.pattern != "isolated" and p.ectopy not in ("pac", "pvc"):
        return "bigeminy and trigeminy are of premature atrial or ventricular complexes"
    if p.ectopy == "none":
        return ""
    if p.block != "none" or p.rhythm not in ("sinus", "atrial_fibrillation"):
        return f"beats out of turn are drawn in sinus rhythm or atrial fibrillation without block, not in {p.rhythm}"
    if p.rhythm == "atrial_fibrillation" and p.ectopy != "pvc":
        return "in atrial fibrillation only ventricular beats are out of turn"
    if p.conduction == "preexcitation" or not 50.0 <= p.heart_rate <= 125.0:
        return f"beats out of turn are drawn at 50 to 125/min, without pre-excitation, not at {p.heart_rate:g}"
    return ""
