"""The flat task: one statement an ECG, as a single-label classifier gives it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from einthoven.ecg.reading import AxisTruth, Reading, Truth
from einthoven.tasks.binary import is_abnormal
from einthoven.tasks.label_space import LabelSpace
from einthoven.tasks.label_task import LabelTask
from einthoven.tasks.statements.table import statements
from einthoven.tasks.task import Intro
from einthoven.tasks.truth import from_reading
from einthoven.tasks.version import text_of
from einthoven.tasks.words import axis_words, word_of

__all__ = ["Flat", "flat_label", "flat_truth"]


@cache
def _order() -> Mapping[str, tuple[int, str]]:
    """Return the rank of each statement, 1 matters most, and the label it stands for, in the table's order."""
    rows = csv.DictReader(text_of("flat_order.csv").splitlines())
    return {row["statement"]: (int(row["rank"]), row["label"]) for row in rows}


@cache
def _labels() -> tuple[str, ...]:
    return tuple(dict.fromkeys(label for _, label in _order().values()))


def flat_label(said: Iterable[str]) -> str | None:
    """Return the label of the statement of the highest rank; of several the first in the table; `None` of none."""
    labels = {_order()[name][1] for name in said}
    return min(labels, key=_labels().index, default=None)


def _walls(name: str) -> frozenset[str]:
    return statements()[name].labels.get("ischemia_territory", frozenset())


def flat_truth(truth: Truth) -> AxisTruth:
    """Return the flat label of a record: of the statements that the source makes, the one of the highest rank.

    Right as well is every other statement of that rank that the source makes; and where these are of ischaemia, one
    that it leaves open and that tells all their walls together (inferior and lateral infarction are an inferolateral
    one). The record then counts in accuracy only. Other open statements are not right: asked for one statement, the
    source gave another.

    Parameters
    ----------
    truth : Truth
        Of one record.
    """
    stated = truth["diagnosis"]
    if not isinstance(stated.value, frozenset):
        return stated
    label = flat_label(stated.value)
    if label is None:
        return AxisTruth(reason="no statement is made")
    order = _order()
    rank = order[label][0]
    made = frozenset(name for name in stated.value if order[name][0] == rank)
    walls = frozenset(wall for name in made for wall in _walls(name))
    together = {name for name in stated.open if order[name][0] == rank and walls and _walls(name) == walls}
    accepted = frozenset(order[name][1] for name in made | together)
    return AxisTruth(label, accepted, reason="several of one rank are true" if len(accepted) > 1 else "")


def _restated(reading: Reading) -> str | None:
    """Return the flat label of a reading; one without a statement is given what its axes amount to."""
    if reading.diagnosis:
        return flat_label(reading.diagnosis)
    fields = {name: getattr(reading, name) for name in _FIELDS}
    if None in fields.values():
        return None
    possible = flat_label(from_reading(Reading(**fields, diagnosis=frozenset()))["diagnosis"].open)
    if possible is not None and (is_abnormal(reading) or _order()[possible] < _order()["normal_ecg"]):
        return possible
    return "normal_ecg"


_FIELDS = ("rate", "rhythm", "axis", "conduction", "ischemia", "other_findings")


@cache
def _space() -> LabelSpace:
    return LabelSpace(
        "flat_label",
        "One label",
        "categorical",
        _labels(),
        "normal_ecg",
        flat_truth,
        _restated,
    )


class Flat(LabelTask):
    """Ask for the one statement that matters most, as ``{"label": …}``."""

    name = "flat"
    key = "label"
    tables = ("flat_order.csv",)

    def __init__(self) -> None:
        self.space = _space()
        super().__init__()

    def prompt(self, intro: Intro = "picture", measurements: str = "$measurements") -> str:
        """Return the question, with every statement in it."""
        return self.question("flat.txt", {"labels": ", ".join(self.space.values)}, intro, measurements)

    def schema(self) -> Mapping[str, Any]:
        """Return the schema of an answer: one statement."""
        return self.closed({"type": "string", "enum": list(self.space.values)})

    def read(self, value: object) -> str:
        """Take one statement, or a synonym of one."""
        return _order()[word_of(value, axis_words("diagnosis", also=True), self.key)][1]
