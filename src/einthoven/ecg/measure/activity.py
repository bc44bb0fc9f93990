"""How fast the leads move: what a wave's beginning and end are read off."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from einthoven.ecg.measure.bands import RATE

__all__ = ["activity", "principal_course", "smoothed", "steepest_leads", "steepness"]

Floats = NDArray[np.float32]

#: The ranks, from the steepest lead down, that are averaged: the steepest may be the one with the artefact.
_STEEPEST, _LAST = 1, 5


def smoothed(beat: Floats, milliseconds: float) -> Floats:
    """Average twice over so many milliseconds (a triangle), along the last axis."""
    width = max(round(milliseconds * RATE / 1e3), 1)
    once = uniform_filter1d(beat, width, axis=-1)
    return np.asarray(uniform_filter1d(once, width, axis=-1))


def steepness(beat: Floats, half_width: int) -> Floats:
    """Give the slope of each lead at each moment.

    Parameters
    ----------
    beat : ndarray, shape (12, samples)
        mV.
    half_width : int
        Samples on either side over which the slope is taken.

    Returns
    -------
    ndarray, shape (12, samples)
        mV a millisecond, never negative; 0 at the ends.
    """
    steep = np.zeros(beat.shape, dtype=np.float32)
    span = 2 * half_width
    steep[:, half_width:-half_width] = np.abs(beat[:, span:] - beat[:, :-span]) * np.float32(RATE / 1e3 / span)
    return steep


def steepest_leads(steep: Floats) -> Floats:
    """Average the second to fifth steepest leads at each moment: (12, samples) to (samples,)."""
    ranked = np.partition(steep, [len(steep) - _LAST, len(steep) - _STEEPEST - 1], axis=0)
    return np.asarray(ranked[len(steep) - _LAST : len(steep) - _STEEPEST].mean(axis=0))


def activity(beat: Floats, half_width: int) -> Floats:
    """Give the slope of the second to fifth steepest leads at each moment; see `steepness`."""
    return steepest_leads(steepness(beat, half_width))


def principal_course(stretch: Floats) -> Floats:
    """Project twelve leads on the direction in which they vary most, as seen from the electrodes.

    Parameters
    ----------
    stretch : ndarray, shape (12, samples)
        mV, from the baseline that the wave is seen against.

    Returns
    -------
    ndarray, shape (samples,)
        mV; the sign is that of the largest deflection.
    """
    _, vectors = np.linalg.eigh(stretch @ stretch.T)
    course = vectors[:, -1] @ stretch
    peak = course[int(np.argmax(np.abs(course)))] if course.size else 1.0
    return np.asarray(course if peak >= 0 else -course)
