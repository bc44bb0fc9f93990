"""A share of records with its interval, where patients have several records."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from einthoven.bench.scoring.axis_score import Estimate
from einthoven.bench.scoring.wilson import wilson

__all__ = ["clustered_share"]


def clustered_share(
    hits: NDArray[np.bool_], counted: NDArray[np.bool_], patients: NDArray[np.integer], level: float = 0.95
) -> Estimate:
    """Return the share of hits among the counted records, with Wilson's interval at the effective number of records.

    That number is the number of records over the design effect, which is the variance of the ratio over patients
    against that of as many independent records (Kish 1965), never below 1. Where no record or every record is a hit
    there is no variance to go by, and each patient counts once. A bootstrap would give such a share no width at all.

    Parameters
    ----------
    hits, counted : ndarray of bool, shape (records,)
        Hits count among the counted only.
    patients : ndarray of int, shape (records,)
        Whose each record is.
    level : float
        Coverage.

    Returns
    -------
    Estimate
        Without a value where nothing is counted.
    """
    n = int(counted.sum())
    if not n:
        return Estimate()
    _, place = np.unique(patients[counted], return_inverse=True)
    size = np.bincount(place).astype(np.float64)
    found = np.bincount(place, weights=hits[counted].astype(np.float64))
    share, many = float(found.sum() / n), len(size)
    if share in (0.0, 1.0) or many < 2:
        return Estimate(share, *wilson(share * many, many, level))
    variance = many / (many - 1) * float(((found - share * size) ** 2).sum()) / n**2
    effect = max(1.0, variance / (share * (1 - share) / n))
    low, high = wilson(share * n / effect, n / effect, level)
    return Estimate(share, low, high)
