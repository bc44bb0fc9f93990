"""Simulated data sets: what is true of every record on the eight axes, and how old its patient is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from einthoven.bench.error_rates.cells import Cell
from einthoven.tasks.taxonomy import Kind

__all__ = ["SHAPES", "Shape", "World", "world"]

_Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Shape:
    """What an axis looks like.

    Attributes
    ----------
    kind : {"categorical", "set"}
        One class a record, or any number of labels.
    shares : tuple of float
        Of the classes that are not normal, or of the labels, among the records that are not normal.
    contrasts : int
        Pair contrasts that ask about it.
    numbers : bool
        Whether the printed measurements give it away.
    """

    kind: Kind
    shares: tuple[float, ...]
    contrasts: int
    numbers: bool = False


#: By axis. The shares fall as they do in PTB-XL: a common one, some, and some too rare to be scored. The last two
#: labels of diagnosis are the statements of a normal ECG and of sinus rhythm, which most records have.
SHAPES: Mapping[str, Shape] = {
    "rate": Shape("categorical", (0.67, 0.33), 2, numbers=True),
    "rhythm": Shape("categorical", (0.80, 0.15, 0.05), 2),
    "axis": Shape("categorical", (0.70, 0.18, 0.12), 2, numbers=True),
    "conduction": Shape("set", (0.30, 0.20, 0.16, 0.16, 0.12, 0.06), 3, numbers=True),
    "ischemia_stage": Shape("categorical", (0.53, 0.27, 0.14, 0.06), 4),
    "ischemia_territory": Shape("set", (0.60, 0.55, 0.45, 0.35), 1),
    "other_findings": Shape("set", (0.25, 0.20, 0.14, 0.12, 0.11, 0.08, 0.06, 0.04), 3),
    "diagnosis": Shape("set", (0.20, 0.18, 0.15, 0.12, 0.10, 0.10, 0.08, 0.07, 0.0, 0.0), 17),
}


@dataclass(frozen=True, slots=True)
class World:
    """One simulated data set.

    Attributes
    ----------
    patients : ndarray of int, shape (records,)
        The patient of each record, ascending.
    truths : mapping of str to ndarray of bool
        By axis: the true answer as `encode.Codes.answers` holds answers, shape (classes + 1, records) with the last
        row for no class, or (labels, records).
    commonest : mapping of str to ndarray of bool
        By axis: the answer that is true most often, shape (rows, 1).
    old : ndarray of bool, shape (records,)
        Whether the patient is old; old patients are ill more often.
    """

    patients: NDArray[np.intp]
    truths: Mapping[str, _Bools]
    commonest: Mapping[str, _Bools]
    old: _Bools


def world(cell: Cell, random: np.random.RandomState) -> World:
    """Draw a data set.

    A record is ill with 1.5 times the largest share of records that are not normal on an axis (at most always), and
    an ill record touches each axis independently, so that the axes go together. In a clustered cell each record of a
    patient has, axis by axis, the truth of the patient's first record with probability 0.8.
    """
    n = cell.records
    patients = np.arange(n)
    if cell.clustered:
        patients = np.repeat(np.arange(n), random.choice([1, 2, 3, 4], n, p=[0.6, 0.2, 0.1, 0.1]))[:n]
    normal = {axis: cell.majority if isinstance(cell.majority, float) else cell.majority[axis] for axis in SHAPES}
    ill_share = min(1.0, 1.5 * (1 - min(normal.values())))
    old = random.rand(n)[patients] < 0.5
    tilt = min(0.6, 1 / ill_share - 1)  # old patients are ill up to four times as often as young ones
    ill = random.rand(n) < ill_share * np.where(old, 1 + tilt, 1 - tilt)
    first = np.searchsorted(patients, patients)
    truths: dict[str, _Bools] = {}
    for axis, shape in SHAPES.items():
        touched = ill & (random.rand(n) < (1 - normal[axis]) / ill_share)
        truth = _classes(shape, touched, random) if shape.kind == "categorical" else _labels(shape, touched, random)
        if axis == "diagnosis":
            truth[-2], truth[-1] = ~touched, truths["rhythm"][0]
        if cell.clustered:
            truth = truth[:, np.where(random.rand(n) < 0.8, first, np.arange(n))]
        truths[axis] = truth
    commonest = {}
    for axis, truth in truths.items():
        kinds, times = np.unique(truth, axis=1, return_counts=True)
        commonest[axis] = kinds[:, [int(times.argmax())]]
    return World(patients, truths, commonest, old)


def _classes(shape: Shape, touched: _Bools, random: np.random.RandomState) -> _Bools:
    n, size = len(touched), len(shape.shares) + 1
    rows = np.where(touched, 1 + random.choice(size - 1, n, p=shape.shares), 0)
    truth = np.zeros((size + 1, n), bool)
    truth[rows, np.arange(n)] = True
    return truth


def _labels(shape: Shape, touched: _Bools, random: np.random.RandomState) -> _Bools:
    """Label the touched records: each label by its share, and one at least."""
    n, shares = len(touched), np.array(shape.shares)
    one = random.choice(len(shares), n, p=shares / shares.sum())
    truth: _Bools = random.rand(len(shares), n) < shares[:, None] / 2
    truth[one, np.arange(n)] = True
    return truth & touched
