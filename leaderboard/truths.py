"""What is true of the ECGs of a board, axis by axis, ready to be compared with two hundred models' answers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from einthoven.bench.bundle import Bundle
from einthoven.bench.pairs import ARM as PAIRS
from einthoven.bench.scoring.encode import AxisData, encode
from einthoven.ecg.reading import AxisTruth, Reading, Truth
from einthoven.leaderboard.alphabet import NOT_ASKED, written
from einthoven.tasks import taxonomy
from einthoven.tasks.registry import task
from einthoven.tasks.taxonomy import Kind

__all__ = ["AxisTruths", "Truths", "Value", "truths_digest", "truths_of"]

#: A class, or labels in their order.
Value = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AxisTruths:
    """One axis, or a task's own label space.

    Attributes
    ----------
    name : str
        As in ``result.json``.
    kind : {"categorical", "set"}
        One class an ECG, or any number of labels.
    values : tuple of str
        All classes or labels.
    truths : sequence of AxisTruth
        One an ECG.
    own : bool
        Whether it is the task's own label space.
    counted : ndarray of bool, shape (records,)
        Whether the ECG counts: not masked, and not all of its labels open.
    accepted : ndarray of bool, shape (values, records)
        Categorical: the class counts as right. Set: the label is present.
    known : ndarray of bool, shape (values, records)
        Set: whether the label is present is known. Categorical: all true.
    """

    name: str
    kind: Kind
    values: tuple[str, ...]
    truths: Sequence[AxisTruth] = field(repr=False)
    own: bool
    counted: NDArray[np.bool_] = field(repr=False)
    accepted: NDArray[np.bool_] = field(repr=False)
    known: NDArray[np.bool_] = field(repr=False)

    def read(self, reading: Reading) -> str | frozenset[str] | None:
        """Return a reading's value here; `None` where it was not asked for it."""
        return reading.label if self.own else taxonomy.axis_value(reading, self.name)

    def right(self, legend: Sequence[Value], places: NDArray[np.integer]) -> NDArray[np.int8]:
        """Say of every ECG whether an answer is right.

        Parameters
        ----------
        legend : sequence of Value
            Distinct answers.
        places : ndarray of int, shape (records,)
            Each ECG's answer in the legend; negative without a usable one.

        Returns
        -------
        ndarray of int8, shape (records,)
            1 right, 0 wrong, -2 not counted or nobody asked. On sets right is the exact set, open labels apart.
        """
        position = {value: row for row, value in enumerate(self.values)}
        named = np.zeros((len(legend), len(self.values)), bool)
        fits = np.zeros(len(legend), bool)
        for row, value in enumerate(legend):
            labels = [value] if isinstance(value, str) else list(value)
            fits[row] = all(label in position for label in labels)
            named[row, [position[label] for label in labels if label in position]] = True
        found = np.zeros(len(places), np.int8)
        usable = np.flatnonzero(places >= 0)
        of = places[usable]
        if self.kind == "categorical":
            good = (named[of].T & self.accepted[:, usable]).any(axis=0)
        else:
            good = ~((self.accepted[:, usable] != named[of].T) & self.known[:, usable]).any(axis=0)
        found[usable] = good & fits[of]
        found[~self.counted | (places == NOT_ASKED)] = NOT_ASKED
        return found

    def to_json(self) -> dict[str, Any]:
        """Return legend and truth, one character an ECG; a masked one is ``-``."""
        legend: dict[Value, int] = {}
        if self.kind == "categorical":
            legend = {value: place for place, value in enumerate(self.values)}
        places = np.full(len(self.truths), NOT_ASKED)
        for column, truth in enumerate(self.truths):
            if truth.value is not None:
                value = truth.value if isinstance(truth.value, str) else tuple(sorted(truth.value))
                places[column] = legend.setdefault(value, len(legend))
        return {"kind": self.kind, "values": list(legend), "truth": written(places)}


@dataclass(frozen=True, slots=True)
class Truths:
    """What is known of the ECGs of a board.

    Attributes
    ----------
    records : sequence of mapping
        Rows of ``records.jsonl.gz``, sorted by id, without sides of simulator pairs.
    axes : tuple of AxisTruths
        What was asked for, in the order of the taxonomy; a task's own label space last.
    digest : str
        As `truths_digest` gives it.
    ids : tuple of str
        Of the records.
    """

    records: Sequence[Mapping[str, Any]]
    axes: tuple[AxisTruths, ...]
    digest: str
    ids: tuple[str, ...]

    def slim(self) -> Truths:
        """Return what is needed to say what is right, and no more: it travels to other processes."""
        return Truths((), tuple(replace(axis, truths=()) for axis in self.axes), self.digest, self.ids)


def _records(bundle: Bundle) -> list[Mapping[str, Any]]:
    apart = {row["record"] for row in bundle.answers if row["arm"] == PAIRS}
    return sorted((row for row in bundle.records if row["id"] not in apart), key=lambda row: str(row["id"]))


def truths_digest(bundle: Bundle) -> str:
    """Return a hash over ids and truths: runs of one board agree in it, and one of them is read for all."""
    rows = [[row["id"], row["truth"]] for row in _records(bundle)]
    return hashlib.sha256(orjson.dumps(rows, option=orjson.OPT_SORT_KEYS)).hexdigest()


def truths_of(bundle: Bundle) -> Truths:
    """Return what a bundle knows of its ECGs.

    Raises
    ------
    KeyError, TypeError, ValueError, AttributeError, EinthovenError
        Its rows make no sense, or it is of a task that nobody knows.
    """
    chosen = task(bundle.run["identity"]["task"]["name"])
    records = _records(bundle)
    whole = [Truth.from_json(row["truth"]) for row in records]
    axes = [
        _axis(name, axis.kind, axis.values, [truth[name] for truth in whole])
        for name, axis in taxonomy.axes().items()
        if name in chosen.asked
    ]
    space = chosen.space
    if space is not None:
        own = [space.truth(truth) for truth in whole]
        axes.append(_axis(space.name, space.kind, tuple(space.values), own, own=True))
    return Truths(records, tuple(axes), truths_digest(bundle), tuple(str(row["id"]) for row in records))


def _axis(
    name: str, kind: Kind, values: tuple[str, ...], truths: Sequence[AxisTruth], own: bool = False
) -> AxisTruths:
    codes = encode(AxisData(name, kind, values, truths, {}))
    if kind == "set":
        return AxisTruths(name, kind, values, truths, own, codes.counted, codes.cases, codes.cases | codes.others)
    position = {value: row for row, value in enumerate(values)}
    accepted = np.zeros_like(codes.cases)
    for column, truth in enumerate(truths):
        accepted[[position[value] for value in truth.accepted if value in position], column] = True
    return AxisTruths(name, kind, values, truths, own, codes.counted, accepted, np.ones_like(accepted))
