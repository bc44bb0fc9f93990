"""Test 2: whether a model sees the one factor in which the two ECGs of a pair differ, contrast by contrast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtrc

from einthoven.bench.scoring.holm import holm

__all__ = ["ContrastScore", "contrast_test", "contrasts", "sign_test_p"]

_Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ContrastScore:
    """The pairs of one contrast.

    Attributes
    ----------
    name, axis : str
        Of the contrast; the axis on which its two sides differ.
    n : int
        Pairs asked.
    both_right, both_reversed : int
        Pairs with both sides right on the class or label that changes; pairs with each side called the other.
    p : float
        One-sided exact sign test of both-right against both-reversed; 1 where there is neither.
    p_holm : float or None
        After Holm over all contrasts of the run.
    """

    name: str
    axis: str
    n: int
    both_right: int
    both_reversed: int
    p: float
    p_holm: float | None = None


def sign_test_p(wins: int, losses: int) -> float:
    """Return the chance of at least so many heads among ``wins + losses`` tosses of a fair coin."""
    return float(bdtrc(wins - 1, wins + losses, 0.5)) if wins else 1.0


def contrast_test(
    name: str, axis: str, first_right: _Bools, second_right: _Bools, first_reversed: _Bools, second_reversed: _Bools
) -> ContrastScore:
    """Test one contrast.

    A model that does not see the factor calls the two sides alike, or apart by chance: then right and reversed are
    equally likely, whatever it prefers to say.

    Parameters
    ----------
    name, axis : str
        As in `ContrastScore`.
    first_right, second_right : ndarray of bool, shape (pairs,)
        Whether the side's answer is right on the class or label that changes.
    first_reversed, second_reversed : ndarray of bool, shape (pairs,)
        Whether it is what would be right on the other side.
    """
    right = int((first_right & second_right).sum())
    turned = int((first_reversed & second_reversed).sum())
    return ContrastScore(name, axis, len(first_right), right, turned, sign_test_p(right, turned))


def contrasts(scores: Sequence[ContrastScore]) -> Mapping[str, tuple[ContrastScore, ...]]:
    """Adjust the contrasts of a run by Holm and sort them to their axes."""
    adjusted = holm({score.name: score.p for score in scores})
    found: dict[str, tuple[ContrastScore, ...]] = {}
    for score in scores:
        found[score.axis] = (*found.get(score.axis, ()), replace(score, p_holm=adjusted[score.name]))
    return found
