"""Calibration: whether a label is there as often as its probability says."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from einthoven.bench.scoring.bootstrap import interval

__all__ = ["BINS", "Reliability", "calibration_error", "error_interval", "reliability"]

#: Bins of equal width between 0 and 1; Naeini et al., AAAI 2015, and most since, take 10 to 15.
BINS = 15

_Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Reliability:
    """A reliability plot's data; bins without records are left out.

    Attributes
    ----------
    predicted, observed : ndarray, shape (bins,)
        The mean probability, and the share of records that have the label.
    records : ndarray of int, shape (bins,)
        How many there are in each.
    """

    predicted: _Array
    observed: _Array
    records: NDArray[np.int64]


def reliability(labels: NDArray[np.bool_], probabilities: _Array, bins: int = BINS) -> Reliability:
    """Sort records into bins by their probability: scikit-learn's ``calibration_curve``, and the counts.

    Parameters
    ----------
    labels : ndarray of bool, shape (records,)
        What is there.
    probabilities : ndarray, shape (records,)
        From 0 to 1.
    bins : int
        Of equal width.
    """
    counts, cases, sums = _binned(labels, probabilities, np.ones((1, len(labels))), bins)
    there = counts[0] > 0
    return Reliability(
        sums[0, there] / counts[0, there], cases[0, there] / counts[0, there], counts[0, there].astype(np.int64)
    )


def calibration_error(
    labels: NDArray[np.bool_], probabilities: _Array, weights: _Array | None = None, bins: int = BINS
) -> _Array:
    """Return the expected calibration error, one a resample.

    The mean over the bins of how far the share of cases lies from the mean probability, weighted by the records.

    Parameters
    ----------
    labels, probabilities : ndarray, shape (records,)
        As in `reliability`.
    weights : ndarray, shape (resamples, records), optional
        How often each record counts; once by default.
    bins : int
        Of equal width.

    Returns
    -------
    ndarray, shape (resamples,)
        NaN where no record counts.
    """
    counts, cases, sums = _binned(labels, probabilities, weights, bins)
    total = counts.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        error: _Array = np.where(total > 0, np.abs(cases - sums).sum(axis=1) / total, np.nan)
    return error


def error_interval(error: float, draws: _Array) -> tuple[float, float]:
    """Return the interval of a calibration error from its resamples, their percentiles turned round the estimate.

    Noise makes the error larger: the sample's lies above the true one, and the resamples' above the sample's, by
    about as much again. Percentiles would leave out the true error, and often the estimate itself: of 1,108 records
    with an error of 0.05 they held it 51 times in 100, turned round (the basic interval of Davison and Hinkley, 1997,
    section 5.2) 91 times. Of a model without any error neither holds it often: of so many records noise alone makes
    0.04.

    Parameters
    ----------
    error : float
        Of the sample.
    draws : ndarray, shape (resamples,)
        Of the resamples.

    Returns
    -------
    float, float
        Between 0 and 1, around the estimate.
    """
    low, high = interval(draws)
    return max(0.0, min(error, 2 * error - high)), min(1.0, max(error, 2 * error - low))


def _binned(
    labels: NDArray[np.bool_], probabilities: _Array, weights: _Array | None, bins: int
) -> tuple[_Array, _Array, _Array]:
    if probabilities.size and not ((probabilities >= 0) & (probabilities <= 1)).all():
        raise ValueError("probabilities lie between 0 and 1")
    weight = np.ones((1, len(labels))) if weights is None else weights
    # as scikit-learn's calibration_curve: a bin holds its upper edge
    edges = np.linspace(0.0, 1.0, bins + 1)
    place = np.searchsorted(edges[1:-1], probabilities)
    member = np.zeros((len(labels), bins))
    member[np.arange(len(labels)), place] = 1.0
    return weight @ member, (weight * labels) @ member, (weight * probabilities) @ member
