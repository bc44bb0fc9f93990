"""``control/age-sex``: the commonest answer among training patients of the same age and sex. It looks at no ECG.

Age and sex stand in the arms with text alone; elsewhere it answers as the majority. It can never be told to read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from einthoven.adapters.majority import majority_reading
from einthoven.ecg.patient import Patient
from einthoven.exchange import Answer, Example, Input, Request
from einthoven.tasks.registry import task

__all__ = ["AgeSex"]

#: A group needs so many training patients' records, or it answers as everybody does.
_LEAST = 20

_Group = tuple[int | None, int | None]


def _group(patient: Patient | None) -> _Group:
    """Return the decade of life, the last one from 90 on, and the sex."""
    if patient is None:
        return None, None
    return None if patient.age is None else min(int(patient.age) // 10, 9), patient.sex


class AgeSex:
    """Answer by decade of life and sex."""

    inputs = frozenset({Input.PATIENT})
    concurrency = 1

    def __init__(self, name: str = "control/age-sex") -> None:
        self.name = name
        self.parameters: Mapping[str, Any] = {}
        self._examples: Sequence[Example] = ()
        self._answers: dict[tuple[str, _Group], str] = {}

    def fit(self, examples: Iterable[Example]) -> None:
        """Take the training folds; what is common among whom depends on the task."""
        self._examples, self._answers = list(examples), {}

    async def answer(self, request: Request) -> Answer:
        """Answer as the group does, or as everybody where age or sex is not given or the group is small."""
        group = _group(request.patient)
        key = (request.task, group)
        if key not in self._answers:
            alike = [example for example in self._examples if None not in group and _group(example.patient) == group]
            chosen = task(request.task)
            reading = majority_reading(alike if len(alike) >= _LEAST else self._examples, chosen)
            self._answers[key] = chosen.target(reading)
        return Answer(self._answers[key], latency_s=0.0)

    async def close(self) -> None:
        """Nothing to let go."""
