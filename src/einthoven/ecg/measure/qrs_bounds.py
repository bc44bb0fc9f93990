"""Where the QRS complex begins and ends: lead by lead, then the third earliest and the third latest lead."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from einthoven.ecg.measure.activity import steepest_leads, steepness
from einthoven.ecg.measure.bands import RATE
from einthoven.ecg.measure.median_beat import BEFORE

__all__ = ["qrs_bounds"]

Floats = NDArray[np.float32]

#: mV a millisecond at which a QRS of `_USUAL` steepness stands out from what is before and after it. Three thresholds
#: are tried and averaged, as one alone catches on every notch. They follow the fourth root of the steepness: a reader
#: sees millivolts, which would be a fixed threshold, and compares with the QRS, which would be a proportional one.
_THRESHOLDS, _USUAL, _FOLLOWING = np.array([0.002, 0.003, 0.004], dtype=np.float32), 0.05, 0.25

#: Times the slope of the lead's quietest stretches: noise is no QRS.
_ABOVE_NOISE = 2.5

#: Times the usual slope of the lead's ST-T, and the samples behind the last steep slope where that is taken: the
#: repolarization of a wide or paced QRS rises at once, and never comes to rest.
_ABOVE_ST_T, _ST_T = 1.0, (round(0.06 * RATE), round(0.26 * RATE))

#: Samples on either side of a slope.
_HALF_WIDTH = 2

#: Samples that must be quiet in a row.
_QUIET = round(0.008 * RATE)

#: Samples around the fiducial point: where the steepest slope is, and how far a QRS can reach.
_CORE, _FARTHEST = round(0.15 * RATE), round(0.22 * RATE)

#: A slope of this share of the steepest one is inside the QRS, if no more samples than these lie between: at the turn
#: of a wide QRS nothing moves for a moment, and the T wave of a paced one is as steep but comes later.
_INSIDE, _GAP = 0.25, round(0.04 * RATE)

#: The lead that decides, counted from the earliest onset or the latest end: one or two leads may be noisy.
_DECIDES = 2

#: ms by which readers begin earlier and end later than the thresholds: medians on the tuning half of LUDB.
_EARLIER, _LATER = 7.0, 1.5


def qrs_bounds(beat: Floats) -> tuple[float, float] | None:
    """Find onset and end.

    Parameters
    ----------
    beat : ndarray, shape (12, samples)
        The median beat, mV, pacing spikes taken out.

    Returns
    -------
    (onset, end) or None
        Samples from the start of the beat; `None` where nothing moves.
    """
    slope = steepness(beat, _HALF_WIDTH)
    core = steepest_leads(slope[:, BEFORE - _CORE : BEFORE + _CORE])
    steepest = float(core.max())
    if steepest <= 0:
        return None
    inside = np.flatnonzero(core > _INSIDE * steepest)
    parts = np.split(inside, np.flatnonzero(np.diff(inside) > _GAP) + 1)
    part = next(part for part in parts if int(np.argmax(core)) in part)
    first, last = int(part[0]) + BEFORE - _CORE, int(part[-1]) + BEFORE - _CORE
    own = slope[:, max(first - 10, 0) : last + 10].max(axis=1)
    noise = _ABOVE_NOISE * np.percentile(slope[:, _HALF_WIDTH:-_HALF_WIDTH:2], 20, axis=1)
    # A lead that is missing never moves, and rests below any threshold above 0.
    threshold = np.maximum(_THRESHOLDS[:, None] * (own / _USUAL) ** _FOLLOWING, np.maximum(noise, 1e-6))
    quiet = slope < threshold[..., None]  # thresholds, leads, samples
    before = _leave(quiet[..., BEFORE - _FARTHEST : first + 1][..., ::-1]).mean(axis=0)
    st_t = slope[:, last + _ST_T[0] : last + _ST_T[1]]
    threshold = np.maximum(threshold, _ABOVE_ST_T * np.percentile(st_t, 50, axis=1))
    behind = _leave(slope[:, last : BEFORE + _FARTHEST + _QUIET] < threshold[..., None]).mean(axis=0)
    onset = first - float(np.sort(before)[-1 - _DECIDES]) - _EARLIER * RATE / 1e3
    end = last + float(np.sort(behind)[-1 - _DECIDES]) + _LATER * RATE / 1e3
    return onset, end


def _leave(quiet: NDArray[np.bool_]) -> NDArray[np.int_]:
    """Count the samples before the first quiet stretch, along the last axis."""
    stretches = quiet.shape[-1] - _QUIET + 1
    runs = quiet[..., :stretches].copy()
    for shift in range(1, _QUIET):
        runs &= quiet[..., shift : shift + stretches]
    return np.asarray(np.where(runs.any(axis=-1), runs.argmax(axis=-1), stretches))
