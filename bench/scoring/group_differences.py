"""Whether a cost differs between groups of records, whose patients may have several records.

Two questions are kept apart. What the records of a group cost: older people have more infarctions, so more can be
missed. And what they cost beyond records with the same labels: whether the reader is worse on them. For the second,
costs are compared with the mean of all records with the same labels, and swapped among such records only.

The test swaps the costs of whole patients: among those with as many records (for the second question, with the same
labels on them) any order is equally likely if groups do not matter, however alike the records of a patient are.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["beyond_labels", "group_test"]

#: Random swaps of a test, and how many at a time; part of the frozen draw.
FLIPS, _CHUNK = 2_000, 100

#: Sums that differ by less are ties.
_TIE = 1e-9

_Array = NDArray[np.float64]


def beyond_labels(costs: _Array, strata: Sequence[Hashable]) -> _Array:
    """Return each record's cost less the mean cost of all records of its stratum."""
    place = _places(strata)
    means = np.bincount(place, weights=costs) / np.bincount(place)
    rest: _Array = costs - means[place]
    return rest


def group_test(
    costs: _Array,
    groups: NDArray[np.integer],
    patients: NDArray[np.integer],
    strata: Sequence[Hashable] | None = None,
    *,
    seed: int = 0,
    flips: int = FLIPS,
) -> tuple[float, _Array]:
    """Test whether groups differ in their mean cost.

    Parameters
    ----------
    costs : ndarray, shape (records,)
        Of each record.
    groups : ndarray of int, shape (records,)
        0 to the number of groups less 1, each with a record.
    patients : ndarray of int, shape (records,)
        Whose each record is.
    strata : sequence, optional
        The labels of each record: costs are swapped among equal ones only.
    seed, flips : int
        Of the random swaps.

    Returns
    -------
    float
        p of any difference: the statistic is the sum over groups of records x (mean - mean of all)^2.
    ndarray, shape (groups,)
        p of each group against all others together, two-sided. Not corrected.
    """
    count = int(groups.max()) + 1
    member = np.eye(count)[groups]
    size = member.sum(axis=0)
    if count < 2:
        return 1.0, np.ones(count)
    centred = costs - costs.mean()

    def statistics(rows: _Array) -> tuple[_Array, _Array]:
        sums = rows @ member
        return (sums**2 / size).sum(axis=-1), np.abs(sums)

    seen, seen_each = statistics(centred)
    random = np.random.RandomState([seed, 4])
    blocks = _blocks(patients, strata)
    reached, reached_each = 0, np.zeros(count)
    for start in range(0, flips, _CHUNK):
        rows = np.repeat(centred[None], min(_CHUNK, flips - start), axis=0)
        for block in blocks:  # shape (patients, records of each)
            order = random.random_sample((len(rows), len(block))).argsort(axis=1)
            rows[:, block.ravel()] = centred[block[order]].reshape(len(rows), -1)
        found, found_each = statistics(rows)
        reached += int((found >= seen - _TIE).sum())
        reached_each += (found_each >= seen_each - _TIE).sum(axis=0)
    return (1 + reached) / (1 + flips), (1 + reached_each) / (1 + flips)


def _blocks(patients: NDArray[np.integer], strata: Sequence[Hashable] | None) -> list[NDArray[np.intp]]:
    """Return the patients among whom costs are swapped, each with the places of their records."""
    labels = np.zeros(len(patients), np.intp) if strata is None else _places(strata)
    order = np.lexsort((labels, patients))
    ends = np.flatnonzero(np.diff(patients[order])) + 1
    found: dict[tuple[int, ...], list[NDArray[np.intp]]] = {}
    for places in np.split(order, ends):
        found.setdefault(tuple(labels[places].tolist()), []).append(places)
    return [np.array(block) for _, block in sorted(found.items()) if len(block) > 1]


def _places(strata: Sequence[Hashable]) -> NDArray[np.intp]:
    first: dict[Hashable, int] = {}
    return np.array([first.setdefault(one, len(first)) for one in strata])
