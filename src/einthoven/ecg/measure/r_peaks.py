"""Where the ventricles are excited: each lead votes, and no lead's noise can outvote the others."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d
from scipy.signal import find_peaks

from einthoven.ecg.measure.bands import COARSE, Bands
from einthoven.ecg.measure.bands import RATE as _FINE

__all__ = ["r_peaks", "vote"]

Floats = NDArray[np.float32]
Integers = NDArray[np.int_]

#: Samples a second of the votes.
RATE = _FINE // COARSE

#: Seconds over which a lead's activity is averaged: about a narrow QRS.
_WIDTH = 0.08

#: Seconds in which even a slow heart beats.
_SLOWEST = 2.0

#: Seconds from one ventricular excitation to the earliest next one: 300 a minute.
_REFRACTORY = 0.2

#: Seconds from a beat in which a weaker peak may be its T wave (Pan and Tompkins, IEEE Trans Biomed Eng 1985), and
#: the share of the beat's votes from which on it is a beat of its own.
_COMPANION, _NO_COMPANION = 0.36, 0.6

#: Seconds behind a beat in which a peak less than half as steep is its T wave, and the samples around a peak where
#: its steepest slope is looked for (Pan and Tompkins, as above; T waves of paced beats come later).
_T_WAVE, _T_STEEPNESS, _AROUND = 0.45, 0.5, round(0.08 * _FINE)

#: Seconds from a spike to the middle of the QRS that it starts, at most, and how far behind a narrow one it may seem.
_SPIKE_TO_QRS, _SPIKE_JITTER = 0.2, 0.02

#: Shares of the usual peak: what counts as a beat, and what counts as one inside a gap.
_BEAT, _SEARCHED_BACK = 0.42, 0.25

#: A gap is longer than this many usual intervals (Pan and Tompkins, as above).
_GAP = 1.66


def vote(found: Bands) -> Floats:
    """Let the leads vote on ventricular activity.

    Each usable lead's activity is scaled by its own usual peak, so that 1 means "as in this lead's QRS", and cut off
    at 1.5, so that an artefact in one lead stays one vote. Leads whose activity never rests count little.

    Returns
    -------
    ndarray of float32, shape (samples / COARSE,)
        The weighted mean over leads.
    """
    activity = uniform_filter1d(np.abs(found.qrs), round(_WIDTH * RATE), axis=1)
    inside = activity[:, found.start // COARSE : found.stop // COARSE]
    window = min(round(_SLOWEST * RATE), inside.shape[1])
    count = inside.shape[1] // window
    usual = np.median(inside[:, : count * window].reshape(len(inside), count, window).max(axis=2), axis=1)
    rest = np.median(inside, axis=1)
    weight = np.where(found.usable & (usual > 0), np.clip(1.0 - 2.0 * rest / np.maximum(usual, 1e-9), 0.02, 1.0), 0.0)
    scaled = np.minimum(activity / np.maximum(usual, 1e-9)[:, None], 1.5)
    return np.asarray(weight @ scaled / max(float(weight.sum()), 1e-9), dtype=np.float32)


def r_peaks(found: Bands) -> Integers:
    """Find the beats.

    Returns
    -------
    ndarray of int
        Samples on the grid of `found`, rising; the middle of each ventricular excitation.
    """
    votes = vote(found)[found.start // COARSE : found.stop // COARSE]
    window = min(round(_SLOWEST * RATE), len(votes))
    count = len(votes) // window
    usual = float(np.median(votes[: count * window].reshape(count, window).max(axis=1)))
    if not usual > 0:
        return np.zeros(0, dtype=np.int_)
    places, heights = _peaks(votes, _SEARCHED_BACK * usual)
    strong = places[heights >= _BEAT * usual]
    strong = _without_paced_t_waves(_without_companions(strong, votes, found), found)
    if len(strong) > 2:
        strong = _searched_back(strong, places, votes)
    return strong * COARSE + found.start


def _peaks(votes: Floats, height: float) -> tuple[Integers, Floats]:
    places, about = find_peaks(
        np.concatenate([[0.0], votes, [0.0]]), height=height, distance=round(_REFRACTORY * RATE)
    )
    return places - 1, about["peak_heights"]


def _without_companions(places: Integers, votes: Floats, found: Bands) -> Integers:
    """Drop peaks that stand close to a much stronger or steeper one.

    They are T waves behind it, and P waves and atrial spikes before it.
    """
    apart: Integers = places[None, :] - places[:, None]
    heights = votes[places]
    weaker = np.less(heights[:, None], _NO_COMPANION * heights[None, :])
    around = places[:, None] * COARSE + found.start + np.arange(-_AROUND, _AROUND, 2)
    around = np.clip(around, 2, found.clean.shape[1] - 3)
    steepness = np.abs(found.clean[:, around + 2] - found.clean[:, around - 2]).mean(axis=0).max(axis=1)
    flatter = np.less(steepness[:, None], _T_STEEPNESS * steepness[None, :])
    behind = (apart < 0) & (apart > -_T_WAVE * RATE)
    dropped: NDArray[np.bool_] = ((np.abs(apart) < _COMPANION * RATE) & weaker) | (behind & flatter)
    return np.asarray(places[~dropped.any(axis=1)])


def _without_paced_t_waves(places: Integers, found: Bands) -> Integers:
    """Drop peaks behind a paced beat that no spike comes before: its T wave may be as steep as its QRS."""
    if not found.spikes.size:
        return places
    since: NDArray[np.float64] = places[:, None] - (found.spikes[None, :] - found.start) / COARSE
    near: NDArray[np.bool_] = np.greater(since, -_SPIKE_JITTER * RATE) & np.less(since, _SPIKE_TO_QRS * RATE)
    paced = np.asarray(near.any(axis=1))
    apart: Integers = places[None, :] - places[:, None]
    behind_paced = ((apart < 0) & (apart > -_T_WAVE * RATE) & paced[None, :]).any(axis=1)
    return np.asarray(places[paced | ~behind_paced])


def _searched_back(beats: Integers, places: Integers, votes: Floats) -> Integers:
    """Take the strongest weaker peak out of each gap."""
    usual = float(np.median(np.diff(beats)))
    more = []
    for left, right in pairwise(beats):
        if right - left > _GAP * usual:
            inside = places[(places > left + _COMPANION * RATE) & (places < right - _REFRACTORY * RATE)]
            if len(inside):
                more.append(int(inside[np.argmax(votes[inside])]))
    return np.sort(np.concatenate([beats, np.array(more, dtype=np.int_)]))
