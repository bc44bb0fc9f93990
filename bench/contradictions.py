"""The arms in which picture and text contradict each other: ``swapped`` and ``conflict``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from einthoven.bench.arms import arm
from einthoven.bench.ask import Question
from einthoven.bench.conflicts import ARM as CONFLICT
from einthoven.bench.conflicts import Conflict, conflicts
from einthoven.bench.settings import Settings
from einthoven.bench.sources.source import Entry
from einthoven.bench.swaps import ARM as SWAPPED
from einthoven.bench.swaps import donors
from einthoven.ecg.measurements import Measurements
from einthoven.tasks.task import Task

__all__ = ["ARMS", "Contradictions", "contradictions_of"]

#: Their names.
ARMS = (SWAPPED, CONFLICT)


@dataclass(frozen=True, slots=True)
class Contradictions:
    """What the two arms of a run show and print.

    Attributes
    ----------
    donors : mapping of str to Entry
        Record id -> whose picture it is shown with in the arm ``swapped``; empty where the arm is not asked.
    conflicts : mapping of str to Conflict
        Record id -> what is printed of it in the arm ``conflict``; likewise.
    """

    donors: Mapping[str, Entry]
    conflicts: Mapping[str, Conflict]

    def questions(self, entries: Sequence[Entry], fold_of: Mapping[str, int]) -> list[Question]:
        """Return what is asked: each record that has a donor, each that has an alteration."""
        asked = [
            Question(entry, arm(SWAPPED), fold_of[entry.id], shown=donor, variant=donor.id)
            for entry in entries
            if (donor := self.donors.get(entry.id)) is not None
        ]
        return asked + [
            Question(entry, arm(CONFLICT), fold_of[entry.id], printed=found.measurements, variant=found.name)
            for entry in entries
            if (found := self.conflicts.get(entry.id)) is not None
        ]

    def row(self, entry: Entry) -> dict[str, Any]:
        """Return what a record's row says of them."""
        donor, conflict = self.donors.get(entry.id), self.conflicts.get(entry.id)
        row: dict[str, Any] = {} if donor is None else {"donor": donor.id}
        if conflict is not None:
            row["conflict"] = conflict.to_json(entry.measurements or Measurements())
        return row


def contradictions_of(settings: Settings, chosen: Task, entries: Sequence[Entry]) -> Contradictions:
    """Draw the donors and the alterations of a run, each where its arm is asked."""
    return Contradictions(
        donors(entries, chosen.asked) if SWAPPED in settings.arms else {},
        conflicts(entries, chosen.asked) if CONFLICT in settings.arms else {},
    )
