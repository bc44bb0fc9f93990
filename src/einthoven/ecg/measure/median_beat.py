"""One beat that stands for all: the middle of the dominant class, sample by sample."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from einthoven.ecg.measure.bands import RATE, Bands
from einthoven.ecg.measure.beat_classes import BeatClasses

__all__ = ["AFTER", "BEFORE", "MedianBeat", "median_beat"]

Floats = NDArray[np.float32]
Integers = NDArray[np.int_]

#: Samples before and after the fiducial point: room for a PR of 400 ms and a QT of 700.
BEFORE, AFTER = round(0.5 * RATE), round(0.8 * RATE)

#: Beats that are averaged at most: noise falls with their root, time rises with their number.
_MOST = 16


@dataclass(frozen=True, slots=True, eq=False)
class MedianBeat:
    """The beats of the dominant class and their middle.

    Attributes
    ----------
    beats : ndarray of float32, shape (n, 12, samples)
        mV, each beat on the others.
    middle : ndarray of float32, shape (12, samples)
        mV; the mean of the middle half of the beats, sample by sample.
    numbers : ndarray of int, shape (n,)
        Which beats of the recording these are.
    """

    beats: Floats
    middle: Floats
    numbers: Integers


def median_beat(found: Bands, classes: BeatClasses) -> MedianBeat:
    """Average the dominant class.

    Beats that the page cuts, and beats right before or after one of another class, are left out where three others
    remain.
    """
    numbers = classes.dominant
    places = classes.places
    last = len(places) - 1
    # A T wave that ends within 0.5 s is enough: at the page's right edge most of what is needed is there.
    whole = (places - round(0.35 * RATE) >= found.start) & (places + round(0.5 * RATE) <= found.stop)
    left = np.where(np.arange(last + 1) > 0, np.roll(classes.label, 1), 0)
    right = np.where(np.arange(last + 1) < last, np.roll(classes.label, -1), 0)
    for condition in (whole, (left == 0) & (right == 0)):
        chosen = numbers[condition[numbers]]
        if len(chosen) >= 3:
            numbers = chosen
    if len(numbers) > _MOST:
        numbers = np.sort(numbers[np.argsort(-classes.likeness[numbers], kind="stable")[:_MOST]])
    samples = places[numbers, None] - BEFORE + np.arange(BEFORE + AFTER)
    samples = np.clip(samples, 0, found.clean.shape[1] - 1)
    beats = np.ascontiguousarray(found.clean[:, samples].transpose(1, 0, 2))
    return MedianBeat(beats, _middle(beats), numbers)


def _middle(beats: Floats) -> Floats:
    """Average the middle half: as robust as the median to one odd beat in four, with a fifth less noise."""
    count = len(beats)
    if count < 3:
        return np.asarray(beats.mean(axis=0), dtype=np.float32)
    cut = count // 4 if count > 3 else 1
    ordered = np.sort(beats, axis=0)
    return np.asarray(ordered[cut : count - cut].mean(axis=0), dtype=np.float32)
