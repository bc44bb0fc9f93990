"""``baseline/majority``: the training folds' commonest answer. Whoever cannot beat it has not shown that it reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, TypeVar, cast

from einthoven.ecg.reading import AXES, Ischemia, Reading
from einthoven.exchange import Answer, Example, Input, Request
from einthoven.tasks import taxonomy
from einthoven.tasks.registry import task

__all__ = ["Majority", "majority_reading", "training_values"]

Value = TypeVar("Value", bound=Hashable)

#: The fields of a Reading and the axis whose mask decides whether a record tells something on them.
_FIELDS: Mapping[str, str] = {axis: axis for axis in AXES if not axis.startswith("ischemia")} | {
    "ischemia": "ischemia_stage"
}


def training_values(examples: Iterable[Example]) -> dict[str, list[Any]]:
    """Collect what the training records say, field by field of a Reading.

    Masked axes say nothing. A record that accepts several classes has no one answer to learn; it is left out. Labels
    that a record leaves open are not stated, so they are not in its answer.

    Returns
    -------
    dict of str to list
        Values per field, in the order of the examples; an empty list where no record says anything.
    """
    values: dict[str, list[Any]] = {name: [] for name in _FIELDS}
    for example in examples:
        for name, axis in _FIELDS.items():
            truth = example.truth[axis]
            if truth.masked or len(truth.accepted) > 1:
                continue
            values[name].append(example.truth.ischemia if name == "ischemia" else truth.value)
    return values


def _commonest(values: Sequence[Value]) -> Value | None:
    """Return the commonest value; ties go to the one that sorts first, so that order of records never matters."""
    counts = Counter(values)
    return min(counts, key=lambda value: (-counts[value], _sortable(value)), default=None)


def _sortable(value: object) -> list[str]:
    return sorted(repr(_plain(item)) for item in value) if isinstance(value, frozenset) else [str(value)]


def _plain(item: object) -> object:
    return (item.stage, sorted(item.walls)) if isinstance(item, Ischemia) else item


def majority_reading(examples: Iterable[Example]) -> Reading:
    """Return the commonest answer on every axis.

    On set axes it is the commonest *set*, because accuracy there is exact match. An axis on which no training record
    says anything gets the taxonomy's normal value, or the empty set.
    """
    values = training_values(examples)
    found: dict[str, Any] = {}
    for name, axis in _FIELDS.items():
        commonest = _commonest(values[name])
        if commonest is None:
            commonest = frozenset() if name == "ischemia" else taxonomy.axes()[axis].normal or frozenset()
        found[name] = commonest
    return Reading(**found)


class Majority:
    """Answer every request with the training majority."""

    inputs: frozenset[Input] = frozenset()
    concurrency = 1

    def __init__(self, name: str = "baseline/majority") -> None:
        self.name = name
        self.parameters: Mapping[str, Any] = {}
        self._reading: Reading | None = None

    def fit(self, examples: Iterable[Example]) -> None:
        """Learn the majority from the training folds."""
        self._reading = majority_reading(examples)

    async def answer(self, request: Request) -> Answer:
        """Answer with the majority, in the task's own form."""
        return Answer(task(request.task).target(cast("Reading", self._reading)), latency_s=0.0)

    async def close(self) -> None:
        """Nothing to let go."""
