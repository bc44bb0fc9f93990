"""Patient-clustered bootstrap: the counts of every resample, by one matrix product a chunk.

A resample draws as many patients as there are, with replacement, each with all their records. What a resample counts
is the patients' counts times how often each was drawn, so resamples of all axes and arms together are one product of
integers. It runs in float32, where whole numbers below 2**24 are exact: the result depends neither on the order of
summation nor on the number of threads.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

__all__ = ["LEVEL", "RESAMPLES", "interval", "resampled", "turned_interval"]

#: Resamples of an interval.
RESAMPLES = 10_000

#: Coverage of every interval.
LEVEL = 0.95

#: Resamples at a time: weights and counts of a chunk stay in a core's cache. Part of the frozen draw, because the
#: generator fills 16-bit integers from a buffer that it drops after each call.
_CHUNK = 200


def resampled(rows: NDArray[np.float64], resamples: int, seed: int) -> Iterator[tuple[slice, NDArray[np.float64]]]:
    """Yield the counts of all resamples, a chunk at a time.

    Parameters
    ----------
    rows : ndarray, shape (counts, patients)
        What to resample, by patient: whole numbers. Equal rows are resampled once.
    resamples : int
        How many.
    seed : int
        Of the draw.

    Yields
    ------
    slice, ndarray of float64, shape (counts, resamples of the chunk)
        Which resamples, and their counts.
    """
    patients = rows.shape[1]
    first: dict[bytes, int] = {}
    place = [first.setdefault(row.tobytes(), len(first)) for row in rows]
    unlike = rows[np.unique(place, return_index=True)[1]]
    largest = int(unlike.max(initial=0)) * patients
    factor = unlike.astype(np.float32 if largest < 2**24 else np.float64)
    drawn = np.uint16 if patients <= 2**16 else np.uint32
    random = np.random.RandomState([seed, 1])
    for start in range(0, resamples, _CHUNK):
        chosen = random.randint(0, patients, size=(_CHUNK, patients), dtype=drawn)
        cells = chosen + np.arange(0, _CHUNK * patients, patients)[:, None]
        weights = np.bincount(cells.ravel(), minlength=_CHUNK * patients).reshape(_CHUNK, patients)
        part = slice(start, min(start + _CHUNK, resamples))
        counts = factor @ weights[: part.stop - start].astype(factor.dtype).T
        yield part, counts.astype(np.float64)[place]


def interval(values: NDArray[np.float64], level: float = LEVEL) -> tuple[float, float]:
    """Return the percentile interval of the resamples' values, shape (resamples,)."""
    low, high = np.percentile(values, [50 * (1 - level), 50 * (1 + level)])
    return float(low), float(high)


def turned_interval(value: float, draws: NDArray[np.float64], level: float = LEVEL) -> tuple[float, float]:
    """Return the interval of a share that noise makes larger: the percentiles turned round the estimate.

    The basic interval (Davison and Hinkley, "Bootstrap methods and their application", 1997, section 5.2). A
    calibration error, and the average precision of a rare label, lie above the true one in the sample, and in the
    resamples above the sample's by about as much again, so that percentiles leave out the true value and often the
    estimate itself. Of 1,108 records percentiles held a calibration error of 0.05 51 times in 100, turned round 91;
    the mean average precision of 17 labels with 2 to 250 cases 10 times in 100, turned round 94. Of a model without
    any calibration error neither holds it often: of so many records noise alone makes 0.04.

    Parameters
    ----------
    value : float
        Of the sample.
    draws : ndarray, shape (resamples,)
        Of the resamples.
    level : float
        Coverage.

    Returns
    -------
    float, float
        Between 0 and 1, around the estimate.
    """
    low, high = interval(draws, level)
    return max(0.0, min(value, 2 * value - high)), min(1.0, max(value, 2 * value - low))
