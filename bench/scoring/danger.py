"""Danger-weighted error: what the errors of a reader would cost, by a matrix of weights.

On one label a record it is the published measure: the confusion matrix times the weights, summed, over the records.
On any number of labels the classes that were missed and those that were falsely named are matched with each other
so that the record costs least (Kuhn 1955, `scipy.optimize.linear_sum_assignment`). What is left over on the longer
side is charged against normal: a missed class as if normal had been said, a false one as if normal had been true.
With one class on each side this is the published measure, whatever the weights.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from einthoven.bench.scoring.danger_matrix import NORMAL

__all__ = ["class_danger", "critical_errors", "danger_weighted_error", "record_cost", "set_costs", "subsets"]

_Array = NDArray[np.float64]
_EMPTY: Mapping[int, float] = {}


def danger_weighted_error(confusion: NDArray[np.integer], danger: _Array) -> float:
    """Return the published measure: sum of confusion x danger over all cells, over the number of records.

    Parameters
    ----------
    confusion : ndarray of int, shape (true, said)
        Records; one more column than `danger` has holds the unusable answers, which cost their row's maximum.
    danger : ndarray, shape (true, said)
        The weights.

    Raises
    ------
    ValueError
        There are no records.
    """
    if not confusion.sum():
        raise ValueError("no records")
    return float((confusion * _with_invalid(confusion, danger)).sum() / confusion.sum())


def class_danger(confusion: NDArray[np.integer], danger: _Array) -> _Array:
    """Return the mean cost of the records of each class, shape (true,); NaN where a class has none."""
    counts = confusion.sum(axis=1)
    costs = (confusion * _with_invalid(confusion, danger)).sum(axis=1)
    means: _Array = np.divide(costs, counts, out=np.full(len(counts), np.nan), where=counts > 0)
    return means


def critical_errors(confusion: NDArray[np.integer], danger: _Array) -> int:
    """Return how many records stand in the cells with the highest weight; unusable answers are not among them."""
    size = danger.shape[1]
    return int(confusion[:, :size][danger == danger.max()].sum())


def _with_invalid(confusion: NDArray[np.integer], danger: _Array) -> _Array:
    if confusion.shape[1] == danger.shape[1]:
        return danger
    return np.column_stack([danger, danger.max(axis=1)])


def record_cost(
    truth: Collection[int],
    answer: Collection[int] | None,
    danger: _Array,
    *,
    unknown: Collection[int] = (),
    likelihood: Mapping[int, float] = _EMPTY,
) -> float:
    """Return what one record costs.

    Parameters
    ----------
    truth : collection of int
        The classes that are there; none of them reads as normal.
    answer : collection of int or None
        The classes that were named; none of them reads as normal. `None` for an unusable answer: every class that is
        there is charged its row's maximum.
    danger : ndarray, shape (true, said)
        The weights.
    unknown : collection of int
        Classes of which nobody knows whether they are there: neither missed nor false.
    likelihood : mapping of int to float
        How likely a class of the truth is, 0 to 1; 1 where it is missing. A miss costs that share of its weight, and
        a class that was named instead is false in the other share of cases.

    Returns
    -------
    float
        0 where nothing is missed and nothing is false; never negative.
    """
    present = sorted(set(truth))
    if answer is None:
        return float(sum(_weight(i, likelihood) * danger[i].max() for i in present or [NORMAL]))
    missed = [i for i in present if i not in answer]
    false = [j for j in sorted(set(answer)) if j not in present and j not in unknown]
    size = max(len(missed), len(false))
    if not size:
        return 0.0
    costs = np.zeros((size, size))
    for row in range(size):
        for column in range(size):
            costs[row, column] = _pair(
                missed[row] if row < len(missed) else None,
                false[column] if column < len(false) else None,
                danger,
                likelihood,
            )
    if size == 1:
        return float(costs[0, 0])
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(costs)
    return float(costs[rows, columns].sum())


def _pair(missed: int | None, false: int | None, danger: _Array, likelihood: Mapping[int, float]) -> float:
    """Charge a missed class, a false one, or one in place of the other."""
    alarm = 0.0 if false is None else float(danger[NORMAL, false])
    if missed is None:
        return alarm
    share = _weight(missed, likelihood)
    return share * float(danger[missed, NORMAL if false is None else false]) + (1 - share) * alarm


def _weight(one: int, likelihood: Mapping[int, float]) -> float:
    return likelihood.get(one, 1.0)


def subsets(size: int) -> tuple[tuple[int, ...], ...]:
    """Return all sets of so many classes, the empty one first."""
    return tuple(chosen for count in range(size + 1) for chosen in combinations(range(size), count))


def set_costs(danger: _Array) -> _Array:
    """Return the cost of every answer for every truth, shape (truths, answers), both in the order of `subsets`."""
    every = subsets(len(danger))
    return np.array([[record_cost(truth, answer, danger) for answer in every] for truth in every])
