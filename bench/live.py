"""The score as it grows: what the progress line says while answers arrive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from einthoven.bench.sources.source import Entry
from einthoven.ecg.reading import AxisTruth, Reading
from einthoven.exchange import Status
from einthoven.tasks.task import InvalidAnswer, Task
from einthoven.tasks.taxonomy import axis_value

__all__ = ["LiveScore", "is_right"]

Value = str | frozenset[str] | None


def is_right(truth: AxisTruth, value: Value) -> bool:
    """Return whether an answer is right on an axis that is not masked: an accepted class, the exact set.

    Labels that the truth leaves open count neither way; no answer is never right.
    """
    if value is None:
        return False
    if isinstance(value, frozenset):
        return value - truth.open == truth.value
    return value in truth.accepted


class LiveScore:
    """Count right answers beside the majority's, over all axes and the records answered so far.

    Accuracy only: informedness needs the class counts of the whole set. Of the picture alone, where it is asked: what
    is said without it, or with printed numbers, would hide how well it is read.

    Parameters
    ----------
    chosen : Task
        What is asked for.
    entries, majorities : sequence
        The records, and what the majority of the training fold says of each.
    arm : str
        Whose answers are counted; those of all arms where empty.
    """

    def __init__(self, chosen: Task, entries: Sequence[Entry], majorities: Sequence[Reading], arm: str = "") -> None:
        self._task, self._arm = chosen, arm
        self._truth = {entry.id: entry.truth for entry in entries}
        space = chosen.space
        self._labels = {} if space is None else {entry.id: space.truth(entry.truth) for entry in entries}
        self._majority = {entry.id: reading for entry, reading in zip(entries, majorities, strict=True)}
        self._hits = self._majority_hits = self._asked = self._unparsed = self._failed = 0

    def count(self, row: Mapping[str, Any]) -> None:
        """Take one row of the journal."""
        if not Status(row["status"]).final:
            self._failed += 1
            return
        other = "variant" in row or row["arm"] != (self._arm or row["arm"])
        truth = None if other else self._truth.get(row["record"])
        if truth is None:  # of a pair, or of a picture and a text that contradict each other
            return
        reading: Reading | None = None
        if row["status"] == Status.OK:
            with suppress(InvalidAnswer):
                reading = self._task.parse(row["text"])
        self._unparsed += reading is None
        majority = self._majority[row["record"]]
        for axis in self._task.asked:
            if not truth[axis].masked:
                value = None if reading is None else axis_value(reading, axis)
                self._tally(truth[axis], value, axis_value(majority, axis))
        label = self._labels.get(row["record"])
        if label is not None and not label.masked:
            self._tally(label, None if reading is None else reading.label, majority.label)

    def _tally(self, truth: AxisTruth, answer: Value, majority: Value) -> None:
        self._asked += 1
        self._hits += is_right(truth, answer)
        self._majority_hits += is_right(truth, majority)

    def line(self) -> str:
        """Return the note for the progress line."""
        if not self._asked:
            return f"{self._failed} failed" if self._failed else ""
        share, majority = self._hits / self._asked, self._majority_hits / self._asked
        parts = [f"{self._arm} right {share:.1%} (majority {majority:.1%})".lstrip(), f"{self._unparsed} unparsed"]
        return ", ".join(parts + ([f"{self._failed} failed"] if self._failed else []))
