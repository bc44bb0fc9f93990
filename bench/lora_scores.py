"""Glances at a LoRA training: the share of right answers about validation records, beside the training majority."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from einthoven.bench.live import is_right
from einthoven.bench.sources.source import Entry
from einthoven.ecg.reading import AxisTruth, Reading
from einthoven.tasks import taxonomy
from einthoven.tasks.task import InvalidAnswer, Task

__all__ = ["Scorer", "scorer"]

#: From texts to shares, by axis.
Scorer = Callable[[Sequence[str | None]], Mapping[str, Mapping[str, float]]]


def _shares(told: Sequence[tuple[AxisTruth, Any]], constant: Any) -> dict[str, float]:
    """Return the share that is right, and that of the training majority."""
    return {
        "accuracy": sum(is_right(truth, value) for truth, value in told) / len(told),
        "majority": sum(is_right(truth, constant) for truth, _ in told) / len(told),
    }


def scorer(chosen: Task, entries: Sequence[Entry], majority: Reading) -> Scorer:
    """Return what scores answers about the first of some records, in their order.

    Parameters
    ----------
    chosen : Task
        What is asked.
    entries : sequence of Entry
        The records.
    majority : Reading
        What the training records have most.

    Returns
    -------
    callable
        From texts (`None` where none came) to ``accuracy`` and ``majority`` by axis, and of the task's own space.
    """
    truths = [entry.truth for entry in entries]

    def score(texts: Sequence[str | None]) -> Mapping[str, Mapping[str, float]]:
        found: dict[str, Mapping[str, float]] = {}
        readings = []
        for text in texts:
            try:
                readings.append(None if text is None else chosen.parse(text))
            except InvalidAnswer:
                readings.append(None)
        for axis in chosen.asked:
            told = [
                (entry.truth[axis], None if reading is None else taxonomy.axis_value(reading, axis))
                for entry, reading in zip(entries, readings, strict=False)  # the first of them are looked at
                if not entry.truth[axis].masked
            ]
            if told:
                constant = taxonomy.axis_value(majority, axis)
                found[axis] = _shares(told, constant)
        if chosen.space is not None:
            told = [
                (truth, None if reading is None else reading.label)
                for truth, reading in zip(map(chosen.space.truth, truths), readings, strict=False)
                if not truth.masked
            ]
            if told:
                found[chosen.space.name] = _shares(told, majority.label)
        return found

    return score
