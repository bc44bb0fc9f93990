"""Extrasystoles, by rule: beats that come early, by what they look like and by the pause behind them.

AHA/ACC/HRS 2007, part II (Mason et al., Circulation 115:1325), defines the statements; Surawicz and Knilans, Chou's
Electrocardiography in Clinical Practice, 6th ed., chapters 16 and 17, the criteria. What "early" means in numbers was
set on the training folds.
"""

from __future__ import annotations

import numpy as np

from einthoven.adapters.digitiser.beats import Beats

__all__ = ["ectopy"]

#: Of the usual interval: a ventricular extrasystole comes earlier than this, or a longer pause follows it (a late one
#: does only the second). Training folds: 0.86 sensitive, 0.99 specific; by its form alone 0.92.
_EARLY_WIDE, _PAUSE_WIDE = 0.9, 1.1

#: Of the usual interval: an atrial one looks like the others, comes earlier than this and is followed by no shorter
#: interval than usual. Training folds: three of four found, 0.98 specific.
_EARLY_NARROW, _PAUSE_NARROW = 0.85, 1.0

#: Share of the beats from which on early ones that look like the others are the rhythm and no exception to it.
_MANY = 0.35

#: Beats that are unlike the others in more than half a page are a rhythm of their own; fewer than these no rhythm.
_FEWEST = 4

#: Rhythms in which early beats are nothing unusual.
_IRREGULAR = frozenset({"atrial_fibrillation", "atrial_flutter", "sinus_arrhythmia"})


def ectopy(found: Beats, rhythm: str) -> frozenset[str]:
    """Name the extrasystoles.

    Parameters
    ----------
    found : Beats
        What was measured.
    rhythm : str
        The basic rhythm.
    """
    if rhythm == "paced" or len(found.places) < _FEWEST:
        return frozenset()
    interval = np.diff(found.places).astype(np.float64)
    usual = float(np.median(interval))
    before = np.concatenate([[usual], interval]) / usual
    behind = np.concatenate([interval, [np.inf]]) / usual
    labels = set()
    wide = ~found.alike & ((before < _EARLY_WIDE) | (np.isfinite(behind) & (behind > _PAUSE_WIDE)))
    if wide.any() and found.rhythm.rhythm.ectopic > 0.0:
        labels.add("premature_ventricular_complex")
    if rhythm not in _IRREGULAR:
        follows = np.concatenate([[False], found.alike[:-1]])
        early = found.alike & follows & (before < _EARLY_NARROW) & (behind >= _PAUSE_NARROW)
        if early.any() and early.mean() <= _MANY:
            labels.add("premature_atrial_complex")
    return frozenset(labels)
