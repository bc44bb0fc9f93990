"""The arm ``swapped``: whose picture each record is shown with its own text."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from einthoven.bench.sources.source import Entry
from einthoven.ecg.reading import AXES, AxisTruth
from einthoven.tasks import taxonomy

__all__ = ["ARM", "differing", "donors"]

#: The arm's name.
ARM = "swapped"

#: Records that exchange pictures among themselves: enough to differ in, and quickly assigned.
_BLOCK = 400

#: Worse than differing nowhere: nobody is shown a picture of the same patient.
_SAME_PATIENT = -1_000.0


def differing(one: AxisTruth, other: AxisTruth) -> bool:
    """Return whether two truths exclude each other: no class in common, or a label known to be in one alone."""
    if one.value is None or other.value is None:
        return False
    if isinstance(one.value, frozenset) and isinstance(other.value, frozenset):
        return bool((one.value ^ other.value) - one.open - other.open)
    return not one.accepted & other.accepted


def donors(entries: Sequence[Entry], asked: Collection[str] = AXES, seed: int = 0) -> dict[str, Entry]:
    """Draw a donor for every record: the one whose picture is shown in place of its own.

    Each record gives its picture once, and all together differ from their recipients on as many axes as can be
    (linear assignment within blocks; equals are decided by the seed). Blocks are filled in the order of the hashed
    ids, so a larger limit leaves all but the last one as they were.

    Parameters
    ----------
    entries : sequence of Entry
        The records of a run.
    asked : collection of str
        The axes that count.
    seed : int
        Of what is left open.

    Returns
    -------
    dict of str to Entry
        By record id. A record to which every other is the same patient's gets none.
    """
    from scipy.optimize import linear_sum_assignment

    order = sorted(entries, key=lambda entry: hashlib.sha256(entry.id.encode()).digest())
    found: dict[str, Entry] = {}
    starts = list(range(0, max(len(order) - _BLOCK // 2, 1), _BLOCK))  # a short rest joins the block before it
    for start, stop in zip(starts, [*starts[1:], len(order)], strict=True):
        block = order[start:stop]
        worth = np.zeros((len(block), len(block)))
        for axis in filter(asked.__contains__, AXES):
            worth += _differ([entry.truth[axis] for entry in block], axis)
        worth += np.random.RandomState([seed, start]).rand(len(block), len(block)) / 2
        patients = np.array([entry.patient.id for entry in block])
        worth = np.where(patients[:, None] == patients, _SAME_PATIENT, worth)
        for row, column in zip(*linear_sum_assignment(worth, maximize=True), strict=True):
            if worth[row, column] > _SAME_PATIENT:
                found[block[row].id] = block[column]
    return found


def _differ(truths: Sequence[AxisTruth], name: str) -> NDArray[np.float64]:
    """Return, for all pairs of records, whether they differ on an axis; shape (records, records)."""
    position: Mapping[str, int] = {value: k for k, value in enumerate(taxonomy.axes()[name].values)}
    there, absent = (np.zeros((len(truths), len(position)), np.float32) for _ in range(2))
    for row, truth in enumerate(truths):
        if isinstance(truth.value, frozenset):
            there[row, [position[label] for label in truth.value]] = 1
            absent[row] = 1 - there[row]
            absent[row, [position[label] for label in truth.open if label in position]] = 0
        elif truth.value is not None:
            there[row, [position[value] for value in truth.accepted if value in position]] = 1
            absent[row] = 1 - there[row]
    if taxonomy.axes()[name].kind == "set":
        return ((there @ absent.T + absent @ there.T) > 0).astype(np.float64)
    known: NDArray[np.bool_] = np.asarray(there.sum(axis=1) > 0)
    apart: NDArray[np.bool_] = (there @ there.T == 0) & known[:, None] & known[None]
    return apart.astype(np.float64)
