"""Means over records, resampled by patients, all in the same resamples."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from einthoven.bench.scoring.axis_score import Estimate
from einthoven.bench.scoring.bootstrap import RESAMPLES, interval, resampled

__all__ = ["clustered_means", "estimates"]

#: Costs are counted in whole millionths: sums of whole numbers depend on no order.
_UNIT = 1e6

_Array = NDArray[np.float64]


def clustered_means(
    costs: _Array, patients: NDArray[np.integer], *, resamples: int = RESAMPLES, seed: int = 0
) -> tuple[_Array, _Array]:
    """Return the mean of each row and the means of all resamples of patients.

    Parameters
    ----------
    costs : ndarray, shape (rows, records)
        To six decimals; NaN where a record does not count in a row.
    patients : ndarray of int, shape (records,)
        Whose each record is: 0 to the number of patients less 1.
    resamples, seed : int
        Of the bootstrap; equal seeds and patients give equal draws.

    Returns
    -------
    means : ndarray, shape (rows,)
        NaN where no record counts.
    draws : ndarray, shape (rows, resamples)
        A resample without any such record keeps the mean.
    """
    count = int(patients.max()) + 1
    counted = ~np.isnan(costs)
    whole = np.where(counted, np.round(np.nan_to_num(costs) * _UNIT), 0.0)
    # sums by patient: a matrix product would round where whole numbers do not
    sums = np.array([np.bincount(patients, weights=row, minlength=count) for row in (*whole, *counted)])
    total, size = np.split(sums.sum(axis=1), 2)
    means = np.divide(total, size, out=np.full(len(costs), np.nan), where=size > 0) / _UNIT
    draws = np.repeat(means[:, None], resamples, axis=1)
    for part, found in resampled(sums, resamples, seed):
        top, bottom = np.split(found, 2)
        np.divide(top, bottom * _UNIT, out=draws[:, part], where=bottom > 0)
    return means, draws


def estimates(means: _Array, draws: _Array) -> list[Estimate]:
    """Return each mean with its percentile interval; without a value where it is NaN."""
    return [
        Estimate() if np.isnan(mean) else Estimate(float(mean), *interval(row))
        for mean, row in zip(means, draws, strict=True)
    ]
