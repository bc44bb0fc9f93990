"""Which records a run asks about, and which a fitted adapter may learn from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from einthoven.bench.progress import Meter
from einthoven.bench.settings import Settings
from einthoven.bench.sources.check import Report, check
from einthoven.bench.sources.folds import patient_folds
from einthoven.bench.sources.source import Entry, Source
from einthoven.errors import EinthovenError, Exit
from einthoven.exchange import Example

__all__ = ["CROSS_FIT", "learning_folds", "selected"]

#: Folds of cross-fitting for a source that has none of its own.
CROSS_FIT = 5


def selected(source: Source, settings: Settings) -> tuple[list[Entry], Report]:
    """Return the usable records of the split, in the source's order, and what reading them found."""
    wanted = [entry for entry in source.entries if entry.split == settings.split]
    if not wanted:
        raise EinthovenError(f"{settings.data} has no {settings.split} records", "try --split test", Exit.MISSING)
    count = len(wanted) if settings.limit is None else settings.limit
    drawn = sorted(wanted, key=lambda entry: hashlib.sha256(entry.id.encode()).digest())
    looked_at = count
    while True:
        with Meter("reading", min(looked_at, len(drawn))) as meter:
            report = check(source, entries=drawn[:looked_at], jobs=settings.jobs, progress=meter.reach)
        if len(report.entries) >= count or looked_at >= len(drawn):
            break
        looked_at += count - len(report.entries)  # replace the faulty ones
    if not report.entries:
        raise EinthovenError(
            f"none of {len(report.faults)} records of {settings.data} can be read: {report.faults[0].detail}",
            f"einthoven data check {settings.data}",
            Exit.MISSING,
        )
    usable = {entry.id: entry for entry in report.entries}  # these know which ids are one person's
    return [usable[entry.id] for entry in wanted if entry.id in usable], report


def learning_folds(source: Source, entries: Sequence[Entry]) -> tuple[dict[str, int], list[list[Example]]]:
    """Return each record's fold, and per fold the examples that a fitted adapter may learn from."""
    if source.has_folds:
        train = [entry for entry in source.entries if entry.split == "train"]
        return {entry.id: 0 for entry in entries}, [_examples(train)]
    chosen = {entry.id: entry for entry in entries}
    everything = [chosen.get(entry.id, entry) for entry in source.entries]
    fold_of = patient_folds(everything, CROSS_FIT)
    learn = [_examples(e for e in everything if fold_of[e.id] != fold) for fold in range(CROSS_FIT)]
    return {entry.id: fold_of[entry.id] for entry in entries}, learn


def _examples(entries: Iterable[Entry]) -> list[Example]:
    return [Example(entry.id, entry.patient, entry.truth) for entry in entries]
