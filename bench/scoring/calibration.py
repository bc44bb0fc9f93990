"""Calibration: whether a label is there as often as its probability says."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from einthoven.bench.scoring.clustered_share import clustered_share

__all__ = ["BINS", "Reliability", "calibration_error", "reliability"]

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
    low, high : ndarray, shape (bins,)
        The 95 % interval of that share, patients as clusters (`clustered_share`).
    records : ndarray of int, shape (bins,)
        How many there are in each.
    """

    predicted: _Array
    observed: _Array
    low: _Array
    high: _Array
    records: NDArray[np.int64]


def reliability(
    labels: NDArray[np.bool_], probabilities: _Array, bins: int = BINS, patients: NDArray[np.integer] | None = None
) -> Reliability:
    """Sort records into bins by their probability: scikit-learn's ``calibration_curve``, and the counts.

    Parameters
    ----------
    labels : ndarray of bool, shape (records,)
        What is there.
    probabilities : ndarray, shape (records,)
        From 0 to 1.
    bins : int
        Of equal width.
    patients : ndarray of int, shape (records,), optional
        Whose each record is; one each by default.
    """
    counts, cases, sums = _binned(labels, probabilities, np.ones((1, len(labels))), bins)
    there = np.flatnonzero(counts[0])
    whose = np.arange(len(labels)) if patients is None else patients
    place = _places(probabilities, bins)
    ends = [clustered_share(labels, place == each, whose).interval or (0.0, 1.0) for each in there]
    low, high = np.array(ends).reshape(-1, 2).T
    shares = sums[0, there] / counts[0, there], cases[0, there] / counts[0, there]
    return Reliability(*shares, low, high, counts[0, there].astype(np.int64))


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


def _binned(
    labels: NDArray[np.bool_], probabilities: _Array, weights: _Array | None, bins: int
) -> tuple[_Array, _Array, _Array]:
    if probabilities.size and not ((probabilities >= 0) & (probabilities <= 1)).all():
        raise ValueError("probabilities lie between 0 and 1")
    weight = np.ones((1, len(labels))) if weights is None else weights
    member = np.zeros((len(labels), bins))
    member[np.arange(len(labels)), _places(probabilities, bins)] = 1.0
    return weight @ member, (weight * labels) @ member, (weight * probabilities) @ member


def _places(probabilities: _Array, bins: int) -> NDArray[np.intp]:
    """Return the bin of each probability; as in scikit-learn's calibration_curve a bin holds its upper edge."""
    return np.searchsorted(np.linspace(0.0, 1.0, bins + 1)[1:-1], probabilities)
