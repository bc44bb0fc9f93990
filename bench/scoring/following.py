"""Which of two sources of contradicting information a model follows: how often each, with an interval and a test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

from einthoven.bench.scoring.clustered_share import clustered_share

__all__ = ["Following", "following", "sign_flip_p"]


@dataclass(frozen=True, slots=True)
class Following:
    """How often answers went with one source and with the other.

    Attributes
    ----------
    n : int
        Records on which the two contradict each other.
    one, other : int
        Answers that agree with the one and not with the other, and the reverse.
    share : float or None
        ``one / (one + other)``; `None` where no answer agreed with either.
    share_ci : (float, float) or None
        Its 95 % interval, patients as clusters (`clustered_share`): one that is 0 or 1 has a width too.
    p : float
        Two-sided exact sign test of one against other, patients turned as a whole (`sign_flip_p`); 1 where there is
        neither.
    """

    n: int
    one: int
    other: int
    share: float | None
    share_ci: tuple[float, float] | None
    p: float

    def to_json(self, one: str, other: str) -> dict[str, Any]:
        """Give the JSON form, with names for the two."""
        ends = None if self.share_ci is None else [round(end, 6) for end in self.share_ci]
        share = None if self.share is None else round(self.share, 6)
        row = {"n": self.n, one: self.one, other: self.other}
        return row | {"share": share, "share_ci": ends, "p": round(self.p, 6)}


def following(one: NDArray[np.bool_], other: NDArray[np.bool_], index: NDArray[np.intp]) -> Following:
    """Compare two sources.

    Parameters
    ----------
    one, other : ndarray of bool, shape (records,)
        Whether the answer agrees with the one, and with the other; never with both.
    index : ndarray of int, shape (records,)
        The patient of each record, counted from 0.

    Raises
    ------
    ValueError
        An answer that agrees with both.
    """
    if (one & other).any():
        raise ValueError("an answer cannot agree with two sources that contradict each other")
    share = clustered_share(one, one | other, index)
    leads = np.bincount(index, weights=one.astype(np.float64) - other)
    p = sign_flip_p(np.rint(leads).astype(np.int64))
    return Following(len(one), int(one.sum()), int(other.sum()), share.value, share.interval, p)


def sign_flip_p(leads: NDArray[np.int64]) -> float:
    """Return the two-sided exact p of a sum of signed whole numbers, were each sign as likely as the other.

    Of ones this is the sign test. A patient with four ECGs that are all answered alike is one observation of four,
    not four: taken one by one, ECGs of patients with one to four of them gave p < 0.05 in 13 to 19 of 100 models that
    follow either source by the toss of a coin.

    Parameters
    ----------
    leads : ndarray of int, shape (patients,)
        By how many of their answers each patient goes with the one source more than with the other.
    """
    sizes, times = np.unique(np.abs(leads[leads != 0]), return_counts=True)
    chances = np.ones(1)  # of every sum from the lowest to the highest; before any patient, of 0
    for size, count in zip(sizes.tolist(), times.tolist(), strict=True):
        turned = np.zeros(2 * size * count + 1)
        turned[:: 2 * size] = binom.pmf(np.arange(count + 1), count, 0.5)
        chances = np.convolve(chances, turned)
    reach = np.abs(np.arange(len(chances)) - len(chances) // 2) >= abs(int(leads.sum()))
    return min(1.0, float(chances[reach].sum()))
