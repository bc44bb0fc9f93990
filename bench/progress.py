"""How far a long piece of work has come: a bar with an ETA on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

__all__ = ["Meter", "announce", "clock"]

#: Seconds. Work that takes less is not announced away from a terminal.
_SILENT = 2.0

#: Below this share of the work the first steps (workers starting) say nothing about the others.
_EARLY = 0.02

#: Seconds between plain lines.
_EVERY = 5.0


def clock(seconds: float) -> str:
    """Write a duration as ``1:02:03`` or ``2:03``."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def announce(lines: Iterable[str]) -> None:
    """Say something before a long piece of work; on standard error, as the progress is."""
    for line in lines:
        print(line, file=sys.stderr, flush=True)


class Meter:
    """Count the steps of one piece of work.

    Parameters
    ----------
    title : str
        What is being done, as in "asking".
    total : int
        How many steps there are.
    stream : TextIO, optional
        Where to write; standard error, so that ``--json`` stays clean.
    """

    def __init__(self, title: str, total: int, stream: TextIO | None = None) -> None:
        self.title = title
        self.total = total
        self.done = 0
        self.note = ""
        self._stream = sys.stderr if stream is None else stream
        self._began = self._said = time.monotonic()
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        if self._stream.isatty() and self.total:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                TextColumn("{task.fields[note]}"),
                console=Console(file=self._stream),
                transient=True,
            )
            self._task = self._bar.add_task(self.title, total=self.total, note="")
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()
        elif kind is None and (self._said > self._began or time.monotonic() - self._began > _SILENT):
            self._line()

    def advance(self, steps: int = 1, note: str | None = None) -> None:
        """Count steps as done; `note` stands behind the count until the next one."""
        self.done += steps
        self.note = self.note if note is None else note
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=self.done, note=self.note)
            return
        now = time.monotonic()
        # The end is said once, on leaving.
        if self.done < self.total and now - self._began > _SILENT and now - self._said > _EVERY:
            self._said = now
            self._line()

    def reach(self, done: int, total: int) -> None:
        """Say where the work stands, where its length is known only once it has begun."""
        if total != self.total:
            self.total = total
            if self._bar is not None and self._task is not None:
                self._bar.update(self._task, total=total)
        self.advance(done - self.done)

    def _line(self) -> None:
        spent = time.monotonic() - self._began
        left = spent / max(self.done, 1) * (self.total - self.done)
        share = self.done / max(self.total, 1)
        when = f"ETA {clock(left)}" if self.done < self.total else f"took {clock(spent)}"
        if share < _EARLY:
            when = "ETA unknown yet"
        text = f"{self.title}: {self.done}/{self.total} ({share:.0%}), {when}"
        print(f"{text}, {self.note}" if self.note else text, file=self._stream, flush=True)
