"""Enlarged atria, by rule: the P wave's end in V1, its height in II.

Criteria: AHA/ACCF/HRS 2009, part V (Hancock et al., Circulation 119:e251).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from einthoven.adapters.digitiser.beats import Beats
from einthoven.ecg.recording import LEADS

__all__ = ["atria"]

Floats = NDArray[np.float64]

#: mV and ms of the P wave's negative end in V1 (Morris et al. 1964: 1 mm by 40 ms), less the 0.01 mV that a pen takes
#: off a shallow wave's tip. Training folds: 0.94 specific; a single case, which is missed.
_DEEP, _LONG = 0.09, 40.0

#: mV of a P wave in II (0.25), less as much. Training folds: two of three, 0.98 specific.
_TALL = 0.23

#: Samples of a P wave at least, and mV from which on V1 has a first, upright part.
_SHORTEST, _UPRIGHT = 10, 0.01


def atria(found: Beats) -> frozenset[str]:
    """Name enlarged atria.

    Parameters
    ----------
    found : Beats
        What was measured; without P waves in the strip there are none to judge.
    """
    begin, end = found.form.boundaries.p_onset, found.form.boundaries.p_end
    if found.rhythm.measurements.pr is None or begin is None or end is None:
        return frozenset()
    time = found.form.beat_time
    inside = (time >= begin) & (time <= end)
    if inside.sum() < _SHORTEST:
        return frozenset()
    wave = np.asarray(found.form.beat[:, inside], dtype=np.float64)
    along = np.linspace(0.0, 1.0, wave.shape[1])
    wave = wave - wave[:, :1] * (1.0 - along) - wave[:, -1:] * along
    labels = set()
    if found.usable[LEADS.index("V1")] and _ends_deep(wave[LEADS.index("V1")], float(time[1] - time[0])):
        labels.add("left_atrial_enlargement")
    if found.usable[LEADS.index("II")] and wave[LEADS.index("II")].max() >= _TALL:
        labels.add("right_atrial_enlargement")
    return frozenset(labels)


def _ends_deep(wave: Floats, step: float) -> bool:
    top = int(np.argmax(wave))
    tail = wave[top:] if wave[top] > _UPRIGHT else wave
    # Wide from the half of its depth on: the line through the ends may lie a little off.
    return bool(-tail.min() >= _DEEP and (tail < tail.min() / 2.0).sum() * step >= _LONG / 2.0)
