"""``baseline/majority``: the training folds' commonest answer. Whoever cannot beat it has not shown that it reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from einthoven.ecg.reading import AXES, Ischemia, Reading
from einthoven.exchange import Answer, Example, Input, Request
from einthoven.tasks import taxonomy
from einthoven.tasks.registry import task
from einthoven.tasks.task import Task

__all__ = ["Majority", "majority_reading", "training_values", "untaught"]

Value = TypeVar("Value", bound=Hashable)

#: The fields of a Reading and the axis whose mask decides whether a record tells something on them.
_FIELDS: Mapping[str, str] = {axis: axis for axis in AXES if not axis.startswith("ischemia")} | {
    "ischemia": "ischemia_stage"
}


def training_values(examples: Iterable[Example], chosen: Task | None = None) -> dict[str, list[Any]]:
    """Collect what the training records say, field by field of a Reading.

    Masked axes say nothing. A record that accepts several classes has no one answer to learn; it is left out. Labels
    that a record leaves open are not stated, so they are not in its answer.

    Parameters
    ----------
    examples : iterable of Example
        Of the training folds.
    chosen : Task, optional
        Whose axes and whose label to collect; the eight axes where `None`.

    Returns
    -------
    dict of str to list
        Values per field, in the order of the examples; an empty list where no record says anything.
    """
    asked = AXES if chosen is None else chosen.asked
    space = None if chosen is None else chosen.space
    fields = {name: axis for name, axis in _FIELDS.items() if axis in asked}
    values: dict[str, list[Any]] = {name: [] for name in (*fields, *([] if space is None else ["label"]))}
    for example in examples:
        for name, axis in fields.items():
            truth = example.truth[axis]
            if not truth.masked and len(truth.accepted) < 2:
                values[name].append(example.truth.ischemia if name == "ischemia" else truth.value)
        if space is not None:
            label = space.truth(example.truth)
            if not label.masked and len(label.accepted) < 2:
                values["label"].append(label.value)
    return values


def untaught(field: str, chosen: Task | None = None) -> Any:
    """Return the answer on a field that no training record says anything of: normal, or none."""
    if field == "label" and chosen is not None and chosen.space is not None:
        return chosen.space.nothing
    axis = taxonomy.axes()[_FIELDS[field]]
    return frozenset() if field == "ischemia" or axis.kind == "set" else axis.normal


def _commonest(values: Sequence[Value]) -> Value | None:
    """Return the commonest value; ties go to the one that sorts first, so that order of records never matters."""
    counts = Counter(values)
    return min(counts, key=lambda value: (-counts[value], _sortable(value)), default=None)


def _sortable(value: object) -> list[str]:
    return sorted(repr(_plain(item)) for item in value) if isinstance(value, frozenset) else [str(value)]


def _plain(item: object) -> object:
    return (item.stage, sorted(item.walls)) if isinstance(item, Ischemia) else item


def majority_reading(examples: Iterable[Example], chosen: Task | None = None) -> Reading:
    """Return the commonest answer on every axis, and the commonest label where the task has a label space.

    On set axes it is the commonest *set*, because accuracy there is exact match. An axis on which no training record
    says anything gets the taxonomy's normal value, or the empty set.

    Parameters
    ----------
    examples : iterable of Example
        Of the training folds.
    chosen : Task, optional
        Whose answers to give; those of the eight axes where `None`.
    """
    found: dict[str, Any] = {}
    for name, values in training_values(examples, chosen).items():
        commonest = _commonest(values)
        found[name] = untaught(name, chosen) if commonest is None else commonest
    return Reading(**found)


class Majority:
    """Answer every request with the training majority."""

    inputs: frozenset[Input] = frozenset()
    concurrency = 1

    def __init__(self, name: str = "baseline/majority") -> None:
        self.name = name
        self.parameters: Mapping[str, Any] = {}
        self._examples: Sequence[Example] = ()
        self._answers: dict[str, str] = {}

    def fit(self, examples: Iterable[Example]) -> None:
        """Take the training folds; what their majority is depends on the task."""
        self._examples, self._answers = list(examples), {}

    async def answer(self, request: Request) -> Answer:
        """Answer with the majority, in the task's own form."""
        if request.task not in self._answers:
            chosen = task(request.task)
            self._answers[chosen.name] = chosen.target(majority_reading(self._examples, chosen))
        return Answer(self._answers[request.task], latency_s=0.0)

    async def close(self) -> None:
        """Nothing to let go."""
