"""Whether a page contradicts itself: the six limb leads are three electrodes' potentials, so two sums must vanish.

Einthoven's II = I + III and Goldberger's aVR + aVL + aVF = 0 hold at every moment in every recording. Of leads that a
page shows over the same seconds, what remains of the sums says how true the digitising is, with no look at the truth.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from einthoven.ecg.recording import LEADS

__all__ = ["contradiction"]

Floats = NDArray[np.floating]

#: Leads and signs whose sum is zero at every moment.
_SUMS = ((("I", 1.0), ("III", 1.0), ("II", -1.0)), (("aVR", 1.0), ("aVL", 1.0), ("aVF", 1.0)))

#: Seconds that three leads must share to be held against each other.
_SHARED = 1.0


def contradiction(signal: Floats, sampling_rate: float) -> float | None:
    """Measure how far the limb leads contradict each other.

    Parameters
    ----------
    signal : ndarray, shape (12, samples)
        mV, in the order of `einthoven.ecg.recording.LEADS`; NaN where nothing is shown.
    sampling_rate : float
        Hz.

    Returns
    -------
    float or None
        What remains of the sums, as a share of what leads would leave that have nothing to do with each other: 0
        where they agree, about 1 where they do not; of the two sums the worse one. `None` where no three leads are
        shown at once.
    """
    found = []
    for members in _SUMS:
        rows = np.stack([sign * signal[LEADS.index(lead)] for lead, sign in members]).astype(np.float64)
        rows = rows[:, np.isfinite(rows).all(axis=0)]
        if rows.shape[1] < _SHARED * sampling_rate:
            continue
        rows -= rows.mean(axis=1, keepdims=True)
        alone = float(np.sqrt((rows**2).sum(axis=0).mean()))
        found.append(float(np.sqrt((rows.sum(axis=0) ** 2).mean())) / max(alone, 1e-6))
    return max(found) if found else None
