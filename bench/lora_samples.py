"""Records as training samples: drawn when they are asked for, left out where the truth does not fill an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

from einthoven.adapters.lora.samples import Sample
from einthoven.bench.arms import Arm
from einthoven.bench.pages import drawn
from einthoven.bench.settings import Settings
from einthoven.bench.sources.source import Entry, Source
from einthoven.ecg.measurements import Measurements
from einthoven.tasks.measurement_text import measurement_text
from einthoven.tasks.target import reading_of
from einthoven.tasks.task import InvalidAnswer, Task

__all__ = ["LoraSamples", "taught"]


def taught(entry: Entry, chosen: Task) -> str:
    """Return the answer that a record teaches; empty where its truth is masked on an axis that the task asks for.

    An answer with a part left out would teach to leave it out, and the parser takes no such answer.
    """
    text = chosen.target(reading_of(entry.truth, chosen))
    if text:
        try:
            chosen.parse(text)
        except InvalidAnswer:
            return ""
    return text


@dataclass(frozen=True)
class LoraSamples(Sequence[Sample]):
    """The samples of some records.

    Attributes
    ----------
    source : Source
        Where their signals come from.
    entries : sequence of Entry
        Records that teach something.
    settings : Settings
        View and wear.
    task : Task
        What is asked.
    arm : Arm
        What is given.
    blind : bool
        The same text without its pictures.
    """

    source: Source
    entries: Sequence[Entry]
    settings: Settings
    task: Task
    arm: Arm
    blind: bool = False

    def __len__(self) -> int:
        return len(self.entries)

    @overload
    def __getitem__(self, place: int) -> Sample: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Sample]: ...
    def __getitem__(self, place: int | slice) -> Sample | Sequence[Sample]:
        """Draw a record's pages and write its question and answer."""
        if isinstance(place, slice):
            return [self[k] for k in range(*place.indices(len(self)))]
        entry = self.entries[place]
        shown: tuple[bytes, ...] = ()
        if self.arm.pictures == "view" and not self.blind:
            shown = tuple(page.png for page in drawn(self.source, entry, self.settings))
        printed = measurement_text(entry.measurements or Measurements(), entry.patient) if self.arm.text else None
        prompt = self.task.prompt(self.arm.intro) if printed is None else self.task.prompt(self.arm.intro, printed)
        return Sample(entry.id, prompt, taught(entry, self.task), shown, self.task.schema())
