"""The frontal axis of a wave, from the net areas in two leads at right angles."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from einthoven.ecg.recording import LEADS

__all__ = ["frontal_axis"]

Floats = NDArray[np.float32]

_I, _AVF = LEADS.index("I"), LEADS.index("aVF")

#: A wave whose net area is less than this share of what it covers up and down points nowhere.
_INDETERMINATE = 0.03


def frontal_axis(wave: Floats, usable: NDArray[np.bool_]) -> float | None:
    """Give the axis of a wave's net area.

    aVF is sqrt 3 / 2 times a lead of the strength of I (Einthoven's triangle, Goldberger's leads), hence the factor.

    Parameters
    ----------
    wave : ndarray, shape (12, samples)
        mV from the wave's baseline.
    usable : ndarray of bool, shape (12,)
        Which leads show anything.

    Returns
    -------
    float or None
        Degrees, above -180 to 180; `None` where I or aVF is missing or the areas cancel.
    """
    if not wave.shape[1] or not (usable[_I] and usable[_AVF]):
        return None
    across, down = float(wave[_I].sum()), 2.0 / math.sqrt(3.0) * float(wave[_AVF].sum())
    covered = math.hypot(np.abs(wave[_I]).sum(), np.abs(wave[_AVF]).sum())
    if math.hypot(across, down) <= _INDETERMINATE * covered:
        return None
    degrees = math.degrees(math.atan2(down, across))
    return 180.0 if degrees <= -180.0 else degrees
