"""Populations of simulated hearts: a stated distribution, drawn by seed.

=====================  =============================================================================================
healthy                7 % have a normal ECG throughout; everything below is said of the others
rhythm                 sinus 66 %, atrial fibrillation 20 %, ventricular pacing 14 %
rate                   normal 56 % (63 to 97), bradycardia 20 % (38 to 57), tachycardia 24 % (103 to 140; AF to 160,
                       pacing to 125 and from 45; with a first-degree block to 112)
conduction             unless paced: none 70 %, RBBB 17 %, LBBB 13 %; PR above 200 ms in 20 % of sinus rhythms
frontal axis           normal 60 % (-23 to 83), left 16 % (-37 to -75), right 14 % (97 to 150), extreme 10 % (-98 to
                       -165); LBBB only normal 55 % or left 45 %; paced left 65 %, extreme 15 %, normal 20 %
ischaemia              unless paced or LBBB: none 60 %, and 10 % each of acute inferior, acute anterior, old inferior
                       and old anterior infarction
LVH                    22 % where the QRS is narrow and the axis normal or left
long QT                18 % where the QRS is narrow and the rate no tachycardia (QTc 478 to 515, else 378 to 432)
age, sex               20 to 89 years, men and women by halves, independent of all that is above
=====================  =============================================================================================

Shares are kept within each group they are stated for (systematic sampling), so that classes are frequent enough in
every population; within their group factors are independent. Values stay at least 3/min, 6 degrees and 10 ms away
from the limits that the truth is read by.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import numpy as np
from numpy.typing import NDArray

from einthoven.ecg.patient import FEMALE, MALE
from einthoven.ecg.reading import Ischemia
from einthoven.ecg.simulator.parameters import (
    ANTERIOR,
    INFERIOR,
    T_PEAK,
    Conduction,
    Parameters,
    Rhythm,
    fridericia,
)

__all__ = ["draw"]

Names = NDArray[np.object_]
Range = tuple[float, float]

_HEALTH = {"whole": 0.07, "not known": 0.93}
_RHYTHM = {"sinus": 0.66, "atrial_fibrillation": 0.20, "paced": 0.14}
_CONDUCTION = {"none": 0.70, "rbbb": 0.17, "lbbb": 0.13}
_RATE = {"normal": 0.56, "bradycardia": 0.20, "tachycardia": 0.24}
_AXIS = {"normal": 0.60, "left": 0.16, "right": 0.14, "extreme": 0.10}
_AXIS_LBBB = {"normal": 0.55, "left": 0.45}
_AXIS_PACED = {"left": 0.65, "extreme": 0.15, "normal": 0.20}
_ISCHEMIA = {"none": 0.60, "acute inferior": 0.10, "acute anterior": 0.10, "old inferior": 0.10, "old anterior": 0.10}
_PR = {"long": 0.20, "normal": 0.80}
_LVH = {"yes": 0.22, "no": 0.78}
_QT = {"long": 0.18, "normal": 0.82}
_COLUMNS = ("health", "rhythm", "rate", "conduction", "axis", "ischemia", "pr", "lvh", "qt")

_BEATS: Mapping[str, Range] = {"normal": (63, 97), "bradycardia": (38, 57), "tachycardia": (103, 140)}
_DEGREES: Mapping[str, Range] = {"normal": (-23, 83), "left": (-75, -37), "right": (97, 150), "extreme": (-165, -98)}
_QRS: Mapping[str, Range] = {"none": (82, 99), "rbbb": (131, 156), "lbbb": (134, 165), "paced": (145, 178)}

#: ms that the P wave's onset stays behind the peak of the T wave before it.
_BEHIND_T = 12.0


def draw(seed: int, count: int) -> list[tuple[Parameters, int]]:
    """Draw a population.

    Parameters
    ----------
    seed : int
        From 0 to 2**32 - 1; the same seed and count give the same population for ever (`RandomState`, NEP 19).
    count : int
        How many hearts.

    Returns
    -------
    list of (Parameters, int)
        Each with the seed to simulate it with.
    """
    rng = np.random.RandomState(seed)
    column = {name: np.full(count, "none", dtype=object) for name in _COLUMNS}
    rhythm, conduction = column["rhythm"], column["conduction"]
    _share(rng, column["health"], np.ones(count, dtype=bool), _HEALTH)
    healthy = column["health"] == "whole"
    rhythm[healthy], column["rate"][healthy], column["axis"][healthy] = "sinus", "normal", "normal"
    _share(rng, rhythm, ~healthy, _RHYTHM)
    paced = rhythm == "paced"
    for name in _RHYTHM:
        group = (rhythm == name) & ~healthy
        _share(rng, column["rate"], group, _RATE)
        if name != "paced":
            _share(rng, conduction, group, _CONDUCTION)
    conduction[paced] = "paced"
    narrow = (conduction == "none") & ~healthy
    _share(rng, column["axis"], paced, _AXIS_PACED)
    _share(rng, column["axis"], conduction == "lbbb", _AXIS_LBBB)
    for group in (narrow, conduction == "rbbb"):
        _share(rng, column["axis"], group, _AXIS)
        _share(rng, column["ischemia"], group, _ISCHEMIA)
    _share(rng, column["pr"], (rhythm == "sinus") & ~healthy, _PR)
    _share(rng, column["lvh"], narrow & np.isin(column["axis"], ("normal", "left")), _LVH)
    _share(rng, column["qt"], narrow & (column["rate"] != "tachycardia"), _QT)
    hearts = []
    for i in range(count):
        classes = {name: str(values[i]) for name, values in column.items()}
        hearts.append((_heart(classes, rng.random_sample(7)), int(rng.randint(0, 2**31 - 1))))
    return hearts


def _share(rng: np.random.RandomState, column: Names, group: NDArray[np.bool_], shares: Mapping[str, float]) -> None:
    """Deal out classes to the members of a group in their shares, in random order.

    Systematic sampling: evenly spaced points with one random offset fall into the cumulative shares, so that each
    class gets its share rounded up or down, without bias in small groups.
    """
    members = np.flatnonzero(group)
    limits = np.cumsum(list(shares.values()))
    points = (np.arange(members.size) + rng.uniform()) / max(members.size, 1) * limits[-1]
    dealt = np.array(list(shares), dtype=object)[
        np.minimum(np.searchsorted(limits, points, "right"), len(shares) - 1)
    ]
    column[members] = dealt[rng.permutation(members.size)]


def _heart(classes: Mapping[str, str], uniform: NDArray[np.float64]) -> Parameters:
    """Choose the values within the classes."""
    rhythm, rate, conduction = classes["rhythm"], classes["rate"], classes["conduction"]
    low, high = _BEATS[rate]
    if rhythm == "atrial_fibrillation" and rate == "tachycardia":
        high = 160
    elif rhythm == "paced":
        low, high = max(low, 45), min(high, 125)
    elif classes["pr"] == "long" and rate == "tachycardia":
        high = 112
    heart_rate = round(_within((low, high), uniform[0]), 1)
    qtc = round(_within((478, 515) if classes["qt"] == "long" else (378, 432), uniform[1]))
    pr = None
    if rhythm == "sinus":
        shortest, longest = (212, 290) if classes["pr"] == "long" else (131, 189)
        behind_t = 60_000.0 / heart_rate - T_PEAK * fridericia(qtc, heart_rate) - _BEHIND_T
        pr = float(round(_within((shortest, min(longest, behind_t)), uniform[2])))
    stage, _, wall = classes["ischemia"].partition(" ")
    return Parameters(
        heart_rate=heart_rate,
        rhythm=cast(Rhythm, rhythm),
        qrs_axis=float(round(_within(_DEGREES[classes["axis"]], uniform[3]))),
        pr=pr,
        qrs=float(round(_within(_QRS[conduction], uniform[4]))),
        qtc=float(qtc),
        conduction="none" if conduction == "paced" else cast(Conduction, conduction),
        ischemia=None if stage == "none" else Ischemia(stage, INFERIOR if wall == "inferior" else ANTERIOR),
        lvh=classes["lvh"] == "yes",
        age=float(int(_within((20, 90), uniform[5]))),
        sex=FEMALE if uniform[6] < 0.5 else MALE,
    )


def _within(limits: Range, uniform: float) -> float:
    return limits[0] + (limits[1] - limits[0]) * float(uniform)
