"""Answers and truth as indicator arrays: what a record says of each class or label, and whether it may count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from einthoven.ecg.reading import AxisTruth
from einthoven.exchange import Status
from einthoven.tasks.taxonomy import Axis, Kind

__all__ = ["ArmData", "AxisData", "Codes", "Prediction", "Role", "encode", "unusable"]

#: A class, the labels named, or nothing usable (any final answer that is not ``ok``).
Prediction = str | frozenset[str] | None

#: What an arm is in the protocol.
Role = Literal["image", "blind", "text", "both", "other"]


@dataclass(frozen=True, slots=True)
class ArmData:
    """One arm of a run.

    Attributes
    ----------
    name : str
        ``image``, ``majority``, ``no-image``, ...
    role : {"image", "blind", "text", "both", "other"}
        The headline; an arm with nothing to see; the measurements alone; picture and measurements; or one that is
        only measured. Exactly one arm is the headline, and a blind arm called ``majority`` is always there; one at
        most is ``text``, and ``both`` needs it, because it is compared with it.
    statuses : sequence of Status
        What became of each request, one a record; empty for an arm that nobody was asked (the majority).
    """

    name: str
    role: Role
    statuses: Sequence[Status] = ()


@dataclass(frozen=True, slots=True)
class AxisData:
    """One axis of the records asked: the truth, and what each arm answered.

    Attributes
    ----------
    name : str
        The axis, or the name of a secondary label space.
    kind : {"categorical", "set"}
        One class a record, or any number of labels.
    values : tuple of str
        All classes or labels there are.
    truths : sequence of AxisTruth
        One a record.
    predictions : mapping of str to sequence of Prediction
        By arm, one a record. In blind arms the caller has already put the training majority in the place of
        answers that were declined.
    secondary : bool
        Measured, but neither tested nor given a word (diagnosis by superclass, stages as a set).
    """

    name: str
    kind: Kind
    values: tuple[str, ...]
    truths: Sequence[AxisTruth]
    predictions: Mapping[str, Sequence[Prediction]] = field(repr=False)
    secondary: bool = False

    @classmethod
    def of(cls, axis: Axis, truths: Sequence[AxisTruth], predictions: Mapping[str, Sequence[Prediction]]) -> AxisData:
        """Take name, kind and values from an axis of the taxonomy."""
        return cls(axis.name, axis.kind, axis.values, truths, predictions)


@dataclass(frozen=True, slots=True)
class Codes:
    """An axis as indicators. Rows are classes or labels in the order of the values, columns are records.

    Attributes
    ----------
    kind : {"categorical", "set"}
        As in `AxisData`.
    values : tuple of str
        As in `AxisData`.
    counted : ndarray of bool, shape (records,)
        Records that count at all: not masked, and on a set axis with a label that is not open.
    cases : ndarray of bool, shape (values, records)
        The truth is this class and accepts no other; the label is present.
    others : ndarray of bool, shape (values, records)
        Set axes: the label is known to be absent. Categorical axes: no rows.
    answers : mapping of str to ndarray of bool, shape (values + 1, records) or (values, records)
        By arm. Categorical: exactly one row is true, the last one for an answer that is not usable or no class of
        the axis. Set: the labels named; an answer that is not usable names all that are not there.
    right : mapping of str to ndarray of bool, shape (records,)
        By arm: the record counts and the class is accepted; or every known label is as it should be.
    """

    kind: Kind
    values: tuple[str, ...]
    counted: NDArray[np.bool_]
    cases: NDArray[np.bool_]
    others: NDArray[np.bool_]
    answers: Mapping[str, NDArray[np.bool_]]
    right: Mapping[str, NDArray[np.bool_]]


def unusable(kind: Kind, cases: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the indicators of answers that cannot be used: wrong on every class, and wrong on every label.

    A label is a question of two classes, present and absent, and there too an answer that cannot be used is wrong on
    both: what is present is missed, what is absent is a false alarm. Were it taken as silence, it would be right
    about all that is absent, and a model that always names the same label would gain by failing on the records
    without it: of simulated ones that fail on 30 % of the normal and on 2 % of the other ECGs, or the other way
    round, 44 % passed test 1 falsely.

    Parameters
    ----------
    kind : {"categorical", "set"}
        Of the axis.
    cases : ndarray of bool, shape (rows, records)
        What is present, with as many rows as the answers have.

    Returns
    -------
    ndarray of bool, shape (rows, records)
        Categorical: no class of the axis, the last row. Set: the labels that are not present.
    """
    if kind == "set":
        return ~cases
    found = np.zeros_like(cases)
    found[-1] = True
    return found


def encode(data: AxisData) -> Codes:
    """Encode one axis.

    An answer that is not ok is wrong on every class and every label (`unusable`), and never an exact match.

    Raises
    ------
    ValueError
        A truth that is no value of the axis, an answer of the wrong kind, lists of different lengths.
    """
    for arm, answers in data.predictions.items():
        if len(answers) != len(data.truths):
            raise ValueError(f"{data.name}, arm {arm}: {len(answers)} answers to {len(data.truths)} records")
    return _encode_classes(data) if data.kind == "categorical" else _encode_labels(data)


def _encode_classes(data: AxisData) -> Codes:
    position = {value: row for row, value in enumerate(data.values)}
    size, records = len(position), len(data.truths)
    counted = np.zeros(records, bool)
    cases = np.zeros((size, records), bool)
    # The last row is the bucket of unusable answers and stays false: no truth accepts them.
    accepted = np.zeros((size + 1, records), bool)
    for column, truth in enumerate(data.truths):
        if truth.value is None:
            continue
        if not isinstance(truth.value, str) or truth.value not in position:
            raise ValueError(f"{data.name}: the truth {truth.value!r} is no class of this axis")
        counted[column] = True
        rows = [position[value] for value in truth.accepted if value in position]
        accepted[rows, column] = True
        if len(rows) == 1:
            cases[rows[0], column] = True
    answers: dict[str, NDArray[np.bool_]] = {}
    right: dict[str, NDArray[np.bool_]] = {}
    for arm, predictions in data.predictions.items():
        rows = [size] * records
        for column, prediction in enumerate(predictions):
            if isinstance(prediction, frozenset):
                raise ValueError(f"{data.name}, arm {arm}: labels {sorted(prediction)} where one class is asked for")
            if prediction is not None:
                rows[column] = position.get(prediction, size)
        chosen = np.zeros((size + 1, records), bool)
        chosen[rows, np.arange(records)] = True
        answers[arm] = chosen
        right[arm] = np.asarray((chosen & accepted).any(axis=0))
    return Codes("categorical", data.values, counted, cases, np.zeros((0, records), bool), answers, right)


def _encode_labels(data: AxisData) -> Codes:
    position = {value: row for row, value in enumerate(data.values)}
    shape = (len(position), len(data.truths))
    cases, known = np.zeros(shape, bool), np.zeros(shape, bool)
    for column, truth in enumerate(data.truths):
        if truth.value is None:
            continue
        if isinstance(truth.value, str) or not truth.value <= position.keys():
            raise ValueError(f"{data.name}: the truth {truth.value!r} is no set of this axis's labels")
        known[:, column] = True
        known[[position[label] for label in truth.open if label in position], column] = False
        cases[[position[label] for label in truth.value], column] = True
    # A record whose every label is open says nothing: an "exact match" over no label would count for any answer.
    counted = np.asarray(known.any(axis=0))
    answers: dict[str, NDArray[np.bool_]] = {}
    right: dict[str, NDArray[np.bool_]] = {}
    for arm, predictions in data.predictions.items():
        named = np.zeros(shape, bool)
        usable = np.zeros(shape[1], bool)
        wrong = unusable("set", cases)
        for column, prediction in enumerate(predictions):
            if isinstance(prediction, str):
                raise ValueError(f"{data.name}, arm {arm}: {prediction!r} where a set of labels is asked for")
            if prediction is not None:
                usable[column] = prediction <= position.keys()
                named[[position[label] for label in prediction if label in position], column] = True
            else:
                named[:, column] = wrong[:, column]
        answers[arm] = named
        right[arm] = usable & counted & ~((named != cases) & known).any(axis=0)
    return Codes("set", data.values, counted, cases, known & ~cases, answers, right)
