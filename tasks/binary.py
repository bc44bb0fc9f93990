"""The binary task: normal or abnormal."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from typing import Any

from einthoven.ecg.reading import AxisTruth, Reading, Truth
from einthoven.tasks import taxonomy
from einthoven.tasks.label_space import LabelSpace
from einthoven.tasks.label_task import LabelTask
from einthoven.tasks.statements.table import statements
from einthoven.tasks.task import Intro
from einthoven.tasks.version import text_of
from einthoven.tasks.words import word_of, words_of

__all__ = ["Binary", "abnormal_truth", "is_abnormal"]

#: The axes that decide; the territory only places what the stage says, and diagnosis restates them all.
_AXES = ("rate", "rhythm", "axis", "conduction", "ischemia_stage", "other_findings")

#: Where these are masked nobody can call an ECG normal who was not told so.
_NEEDED = ("rhythm", "conduction", "ischemia_stage", "other_findings")

_NORMAL, _ABNORMAL, _UNDECIDED = "normal", "abnormal", "undecided"


@cache
def _exceptions() -> Mapping[tuple[str, str], str]:
    rows = csv.DictReader(text_of("normal_variants.csv").splitlines())
    return {(row["axis"], row["value"]): row["counts"] for row in rows}


def _counts(axis: str, value: str) -> str:
    """Return whether a value is normal, abnormal or says neither: abnormal where nothing else is stated."""
    if value == taxonomy.axes()[axis].normal:
        return _NORMAL
    return _exceptions().get((axis, value), _ABNORMAL)


def _of_axis(axis: str, truth: AxisTruth) -> str:
    """Return what an axis says: abnormal where every accepted class, or a label that is present, is abnormal."""
    if isinstance(truth.value, frozenset):
        found = {_counts(axis, label) for label in truth.value} or {_NORMAL}
        return next(word for word in (_ABNORMAL, _UNDECIDED, _NORMAL) if word in found)
    found = {_counts(axis, value) for value in truth.accepted}
    return found.pop() if len(found) == 1 else _UNDECIDED


def abnormal_truth(truth: Truth) -> AxisTruth:
    """Return whether the ECG is normal or abnormal, as far as the source says.

    Abnormal: an axis says so. Every value that is not the normal or none value is abnormal but for those of
    ``normal_variants.csv``; a coded abnormality wins over a stated "normal ECG". Normal: none does, and the source
    states a normal ECG; or rhythm, conduction, ischaemia and the other findings are all known, and no axis is
    undecided. Else masked.

    Parameters
    ----------
    truth : Truth
        Of one record.
    """
    said = {axis: _of_axis(axis, truth[axis]) for axis in _AXES if not truth[axis].masked}
    if _ABNORMAL in said.values():
        return AxisTruth(_ABNORMAL)
    statement = truth["diagnosis"].value
    if isinstance(statement, frozenset) and "normal_ecg" in statement:
        return AxisTruth(_NORMAL)
    unknown = [axis for axis in _NEEDED if truth[axis].masked]
    if unknown:
        return AxisTruth(reason=f"nothing abnormal is stated, and {', '.join(unknown)} not known")
    undecided = [axis for axis, word in said.items() if word == _UNDECIDED]
    if undecided:
        return AxisTruth(reason=f"nothing abnormal but {', '.join(undecided)}, which may be a variant of the normal")
    return AxisTruth(_NORMAL, implied=any(truth[axis].implied for axis in _NEEDED))


def is_abnormal(reading: Reading) -> bool:
    """Return whether a reading names something abnormal, on an axis or by a statement."""
    for axis in _AXES:
        value = taxonomy.axis_value(reading, axis)
        values = value if isinstance(value, frozenset) else () if value is None else (value,)
        if any(_counts(axis, one) == _ABNORMAL for one in values):
            return True
    return any(_statement_counts(name) for name in reading.diagnosis or ())


@cache
def _statement_counts(name: str) -> bool:
    one = statements()[name]
    classes = ((axis, values[0]) for axis, values in one.classes.items())
    labels = ((axis, label) for axis, values in one.labels.items() for label in values)
    return any(axis in _AXES and _counts(axis, value) == _ABNORMAL for axis, value in (*classes, *labels))


def _restated(reading: Reading) -> str | None:
    if is_abnormal(reading):
        return _ABNORMAL
    known = reading.diagnosis or not any(taxonomy.axis_value(reading, axis) is None for axis in _NEEDED)
    return _NORMAL if known else None


@cache
def _space() -> LabelSpace:
    return LabelSpace(
        "abnormal", "Normal or abnormal", "categorical", (_NORMAL, _ABNORMAL), _NORMAL, abnormal_truth, _restated
    )


class Binary(LabelTask):
    """Ask whether the ECG is abnormal, as ``{"answer": "normal"}`` or ``{"answer": "abnormal"}``."""

    name = "binary"
    key = "answer"
    tables = ("normal_variants.csv",)

    def __init__(self) -> None:
        self.space = _space()
        super().__init__()

    def prompt(self, intro: Intro = "picture", measurements: str = "$measurements") -> str:
        """Return the question, with what counts as abnormal in it."""
        return self.question("binary.txt", {}, intro, measurements)

    def schema(self) -> Mapping[str, Any]:
        """Return the schema of an answer: one of two words."""
        return self.closed({"type": "string", "enum": list(self.space.values)})

    def read(self, value: object) -> str:
        """Take one of the two words, or a synonym."""
        return word_of(value, words_of(self.space.values, self.space.name, also=True), self.key)
