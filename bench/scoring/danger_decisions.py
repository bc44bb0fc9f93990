"""From probabilities to answers: the most probable one, and the one from which least danger is to be expected.

A reader who knows that it may be wrong need not say what is likeliest. Of calibrated probabilities the answer with
the least expected cost is the best there is for the given weights; of others it is worth a try, no more.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from einthoven.bench.scoring.danger import set_costs, subsets

__all__ = ["least_danger_label", "least_danger_set", "most_probable_label", "most_probable_set", "single_label"]

_Array = NDArray[np.float64]

#: Expected costs that differ by less are equal.
_TIE = 1e-12


def single_label(probabilities: _Array) -> _Array:
    """Scale probabilities of labels, shape (records, labels), to one label a record; equal where all are 0."""
    total = probabilities.sum(axis=1, keepdims=True)
    even = np.full_like(probabilities, 1 / probabilities.shape[1])
    found: _Array = np.divide(probabilities, total, out=even, where=total > 0)
    return found


def most_probable_label(probabilities: _Array) -> NDArray[np.intp]:
    """Return the most probable label of each record, of equals the first."""
    found: NDArray[np.intp] = probabilities.argmax(axis=1)
    return found


def least_danger_label(probabilities: _Array, danger: _Array) -> NDArray[np.intp]:
    """Return the label with the least expected cost of each record, of equals the most probable, then the first.

    Parameters
    ----------
    probabilities : ndarray, shape (records, labels)
        They sum to 1 a record.
    danger : ndarray, shape (true, said)
        The weights.
    """
    expected = probabilities @ danger
    tied = expected <= expected.min(axis=1, keepdims=True) + _TIE
    found: NDArray[np.intp] = np.where(tied, probabilities, -1.0).argmax(axis=1)
    return found


def most_probable_set(probabilities: _Array) -> list[tuple[int, ...]]:
    """Return the most probable set of labels of each record, taken as independent: those above one half."""
    return [tuple(np.flatnonzero(row > 0.5).tolist()) for row in probabilities]


def least_danger_set(probabilities: _Array, danger: _Array) -> list[tuple[int, ...]]:
    """Return the set of labels with the least expected cost of each record, the labels taken as independent.

    All sets are tried against all truths. Of equals the more probable one is taken.

    Parameters
    ----------
    probabilities : ndarray, shape (records, labels)
        Of each label for itself.
    danger : ndarray, shape (true, said)
        The weights.
    """
    every = subsets(probabilities.shape[1])
    member = np.array([[label in one for label in range(probabilities.shape[1])] for one in every])
    chance = np.where(member, probabilities[:, None, :], 1 - probabilities[:, None, :]).prod(axis=2)
    expected = chance @ set_costs(danger)
    tied = expected <= expected.min(axis=1, keepdims=True) + _TIE
    return [every[k] for k in np.where(tied, chance, -1.0).argmax(axis=1)]
