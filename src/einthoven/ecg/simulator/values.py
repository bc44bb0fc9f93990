"""The values of a heart within the classes that a population deals it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from einthoven.ecg.patient import FEMALE, MALE
from einthoven.ecg.reading import Ischemia
from einthoven.ecg.simulator.forms import FORMS
from einthoven.ecg.simulator.parameters import T_PEAK, Parameters, fridericia
from einthoven.ecg.simulator.possible import TERRITORIES

__all__ = ["heart"]

Within = Callable[[float, float], float]
Range = tuple[float, float]

_BEATS: Mapping[str, Range] = {"normal": (63, 97), "bradycardia": (38, 57), "tachycardia": (103, 140)}
_BLOCKED: Mapping[str, tuple[Range, ...]] = {
    "wenckebach": ((40, 57), (63, 72)),
    "mobitz": ((38, 57), (63, 72)),
    "two_to_one": ((33, 50),),
    "sinoatrial": ((40, 57), (63, 70)),
}
#: Other rhythms have their own rates; the class dealt chooses among their ranges.
_RHYTHM: Mapping[str, Mapping[str, Range]] = {
    "sinus_arrhythmia": {"normal": (63, 85), "bradycardia": (45, 57), "tachycardia": (63, 85)},
    "atrial_fibrillation": {"normal": (63, 97), "bradycardia": (38, 57), "tachycardia": (103, 170)},
    "supraventricular_tachycardia": {"normal": (140, 180), "bradycardia": (150, 190), "tachycardia": (160, 210)},
    "ectopic_atrial": {"normal": (63, 90), "bradycardia": (45, 57), "tachycardia": (63, 97)},
    "junctional": {"normal": (63, 90), "bradycardia": (36, 57), "tachycardia": (103, 120)},
    "ventricular_tachycardia": {"normal": (125, 180), "bradycardia": (115, 160), "tachycardia": (150, 205)},
    "ventricular_fibrillation": {"normal": (240, 360), "bradycardia": (220, 300), "tachycardia": (280, 400)},
    "ventricular_escape": {"normal": (63, 97), "bradycardia": (31, 45), "tachycardia": (31, 55)},
    "paced": {"normal": (63, 97), "bradycardia": (45, 57), "tachycardia": (103, 125)},
}
_DEGREES: Mapping[str, Range] = {
    "normal": (-20, 80),
    "left": (-75, -40),
    "right": (100, 150),
    "extreme": (-165, -100),
    "lafb": (-78, -48),
}
#: Normal axes are 40 degrees in the middle, as in PTB-XL, not 30.
_TO_THE_RIGHT = 0.75
_QRS: Mapping[str, Range] = {
    "none": (84, 104),
    "lbbb": (134, 165),
    "rbbb": (131, 156),
    "incomplete_lbbb": (112, 118),
    "incomplete_rbbb": (112, 118),
    "lafb": (92, 112),
    "lpfb": (92, 112),
    "rbbb_lafb": (131, 156),
    "rbbb_lpfb": (131, 156),
    "ivcd": (130, 150),
    "preexcitation": (116, 145),
}
_VENTRICULAR_QRS, _ESCAPE_QRS = (145, 178), (140, 180)
_QTC: Mapping[str, Range] = {"none": (382, 438), "long": (474, 515), "short": (318, 346)}
_PR: Mapping[str, Range] = {"none": (131, 189), "long": (212, 290), "short": (92, 109), "preexcitation": (88, 109)}

#: ms that the P wave's onset stays behind the peak of the T wave before it.
_BEHIND_T = 12.0

_WALLS: Mapping[str, frozenset[str]] = {name: walls for walls, name in TERRITORIES.items()}
_WELLENS = _WALLS["anteroseptal"]


def heart(classes: Mapping[str, str], within: Within) -> Parameters:
    """Choose the values.

    Parameters
    ----------
    classes : mapping of str to str
        What each column of the population says of this heart.
    within : function of (low, high)
        Draws a number.

    Raises
    ------
    ValueError
        Where the values drawn cannot go together.
    """
    rhythm, conduction = classes["rhythm"], classes["conduction"]
    told: dict[str, Any] = {"age": float(int(within(20, 90))), "sex": FEMALE if within(0, 1) < 0.5 else MALE}
    told |= _driven(classes, within)
    ventricular = rhythm.startswith("ventricular") or classes["escape"] == "ventricular"
    if classes["axis"] in _DEGREES:
        low, high = _DEGREES[classes["axis"]]
        share = within(0.0, 1.0) ** (_TO_THE_RIGHT if classes["axis"] == "normal" else 1.0)
        told["qrs_axis"] = float(round(low + (high - low) * share))
    else:
        told["qrs_axis"] = None
    length = _QRS[conduction]
    if ventricular:
        length = _ESCAPE_QRS
    elif classes["pacing"] in ("ventricular", "dual"):
        length = _VENTRICULAR_QRS
    told["qrs"] = float(round(within(*length)))
    fast = told["heart_rate"] > 150.0
    low, high = _QTC[classes["qt"]]
    told["qtc"] = float(round(within(370, 385) if fast else within(low, high)))
    told["pr"] = _pr(classes, told, within)
    told["conduction"] = conduction
    told["findings"] = _findings(classes)
    if classes["ischemia"] != "none":
        told["wellens"] = classes["walls"] == "wellens"
        told["ischemia"] = Ischemia(classes["ischemia"], _WELLENS if told["wellens"] else _WALLS[classes["walls"]])
    for name in ("ectopy", "reversal", "artifact"):
        told[name] = classes[name]
    told["pattern"] = classes["pattern"] if classes["pattern"] != "none" else "isolated"
    told["noise"] = round(within(0.6, 1.5), 2)
    return Parameters(**told)


def _driven(classes: Mapping[str, str], within: Within) -> dict[str, Any]:
    """Choose rhythm, rate and block."""
    rhythm, rate, block = classes["rhythm"], classes["rate"], classes["block"]
    told: dict[str, Any] = {"rhythm": rhythm, "block": block}
    low, high = _RHYTHM.get(rhythm, _BEATS)[rate]
    if rhythm == "atrial_flutter":
        told["ratio"] = {"normal": 4, "bradycardia": 3, "tachycardia": 2}[rate]
        low, high = {4: (63, 82), 3: (76, 97), 2: (122, 165)}[told["ratio"]]
    elif rhythm == "paced":
        told["pacing"] = classes["pacing"]
    elif block == "complete":
        told["escape"] = classes["escape"]
        low, high = (38, 55) if classes["escape"] == "junctional" else (31, 42)
    elif block != "none":
        ranges = _BLOCKED[block]
        low, high = ranges[int(within(0, len(ranges)))]
    elif classes["ectopy"] != "none":
        low, high = max(low, 52.0), min(high, 118.0)
    elif classes["u"] != "none" or classes["st_t"] == "electrolyte_or_drug_effect":
        high = min(high, 84.0)
        low = min(low, high - 10.0)
    if classes["pr"] == "long" and rate == "tachycardia":
        high = min(high, 112.0)
    told["heart_rate"] = round(within(low, high), 1)
    if block in ("wenckebach", "mobitz"):
        told["ratio"] = int(within(3, 6))
    elif block == "complete":
        told["atrial_rate"] = round(within(max(60.0, 1.35 * told["heart_rate"]), 100.0), 1)
    return told


def _pr(classes: Mapping[str, str], told: Mapping[str, Any], within: Within) -> float | None:
    rhythm, block = classes["rhythm"], classes["block"]
    leads = rhythm in ("sinus", "sinus_arrhythmia", "ectopic_atrial") or classes["pacing"] in ("atrial", "dual")
    if block == "complete" or not leads:
        return None
    low, high = _PR[classes["pr"]]
    if classes["atria"] != "none" and classes["pr"] == "none":
        low = 152.0
    behind_t = 60_000.0 / told["heart_rate"] - T_PEAK * fridericia(told["qtc"], told["heart_rate"]) - _BEHIND_T
    return float(round(within(low, max(min(high, behind_t), low))))


def _findings(classes: Mapping[str, str]) -> frozenset[str]:
    """Collect the forms; strain is dealt as a voltage, since it comes with hypertrophy."""
    names = {classes[column] for column in ("st_t", "voltage", "complex", "u", "atria")}
    if "lv_strain" in names:
        names.add("left_ventricular_hypertrophy")
    return frozenset(names & FORMS)
