"""The one-cycle learning rate as a function of the step alone, so that a resumed run needs no state of it."""

from __future__ import annotations

import math

__all__ = ["one_cycle"]

#: Share of the steps that the rate rises for, and what it begins and ends at, as shares of the peak.
_RISE, _BEGIN, _END = 0.25, 0.04, 1e-4


def one_cycle(step: int, steps: int, peak: float) -> float:
    """Return the learning rate of a step: a cosine up to the peak, then a cosine down to nearly 0.

    Smith and Topin, "Super-convergence", 2018; with fastai's and PyTorch's proportions.

    Parameters
    ----------
    step : int
        From 0.
    steps : int
        Of the whole training.
    peak : float
        The highest rate.
    """
    rise = max(1.0, _RISE * steps)
    if step < rise:
        low, share = _BEGIN, (1 - math.cos(math.pi * step / rise)) / 2
    else:
        low, share = _END, (1 + math.cos(math.pi * min(1.0, (step - rise) / max(1.0, steps - rise)))) / 2
    return peak * (low + (1 - low) * share)
