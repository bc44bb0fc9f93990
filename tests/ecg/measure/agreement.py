"""Two columns of numbers side by side: how far apart, how shifted, how equally ordered, how often unknown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import spearmanr


@dataclass(frozen=True)
class Agreement:
    """`measured` of the `known` records that have a reference; errors in the unit of the numbers."""

    known: int
    measured: int
    extra: int
    error: float
    bias: float
    rank: float


def agreement(measured: Sequence[float | None], truth: Sequence[float]) -> Agreement:
    """Compare measured numbers (None: unknown) with true ones (nan: none)."""
    x = np.array([np.nan if value is None else value for value in measured], dtype=np.float64)
    y = np.asarray(truth, dtype=np.float64)
    both = np.isfinite(x) & np.isfinite(y)
    difference = x[both] - y[both]
    constant = both.sum() < 3 or np.ptp(x[both]) == 0
    return Agreement(
        known=int(np.isfinite(y).sum()),
        measured=int(both.sum()),
        extra=int((np.isfinite(x) & ~np.isfinite(y)).sum()),
        error=float(np.median(np.abs(difference))) if both.any() else float("nan"),
        bias=float(np.median(difference)) if both.any() else float("nan"),
        rank=float("nan") if constant else float(spearmanr(x[both], y[both])[0]),
    )
