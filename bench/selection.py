"""Which records a run asks about, and which a fitted adapter may learn from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from einthoven.bench.progress import Meter
from einthoven.bench.settings import Settings
from einthoven.bench.sources.check import Report, check
from einthoven.bench.sources.folds import patient_folds
from einthoven.bench.sources.source import Entry, Source
from einthoven.errors import EinthovenError, Exit
from einthoven.exchange import Example

__all__ = ["CROSS_FIT", "Selection", "select"]

#: Folds of cross-fitting where the records asked about have no training records apart from them.
CROSS_FIT = 5


@dataclass(frozen=True, slots=True)
class Selection:
    """The records of a run.

    Attributes
    ----------
    entries : list of Entry
        Whom to ask about, in the source's order; their signals have been read and are usable.
    report : Report
        What the reading found; its entries are these.
    fold_of : mapping of str to int
        Record id -> which of `learn` goes with it.
    learn : list of list of Example
        What a fitted adapter may learn from: nobody stands there whom it is then asked about.
    """

    entries: list[Entry]
    report: Report
    fold_of: dict[str, int]
    learn: list[list[Example]]

    @property
    def folds(self) -> str:
        """How learning and asking are kept apart, in words."""
        return "official" if len(self.learn) == 1 else f"{CROSS_FIT} patient folds, cross-fitted"


def select(source: Source, settings: Settings, *, measure: bool = False, measure_learnt: bool = False) -> Selection:
    """Draw the records of a run and read their signals.

    A limit draws by the hash of the ids, so that the first 100 are among the first 200; faulty records are replaced.
    The test and validation splits of a source with folds learn from its training split. Elsewhere the split itself is
    cross-fitted over patients, and for that all of it is read: two ids may be one person's.

    Parameters
    ----------
    source : Source
        Where the records come from.
    settings : Settings
        Split, limit and jobs.
    measure, measure_learnt : bool
        Whether rate, intervals and axes are measured too: of the records asked about, and of a training split.

    Raises
    ------
    EinthovenError
        The split is empty, or none of its records can be read.
    """
    wanted = [entry for entry in source.entries if entry.split == settings.split]
    if not wanted:
        raise EinthovenError(f"{settings.data} has no {settings.split} records", "try --split test", Exit.MISSING)
    drawn = sorted(wanted, key=lambda entry: hashlib.sha256(entry.id.encode()).digest())
    count = len(wanted) if settings.limit is None else settings.limit
    apart = source.has_folds and settings.split != "train"
    looked_at = count if apart else len(drawn)
    while True:
        report = _read(source, drawn[:looked_at], settings, measure)
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
    taken = {entry.id for entry in [usable[e.id] for e in drawn if e.id in usable][:count]}
    entries = [usable[entry.id] for entry in wanted if entry.id in taken]
    report = replace(report, entries=tuple(entries))
    if apart:
        train = [entry for entry in source.entries if entry.split == "train"]
        learnt = _read(source, train, settings, True).entries if measure_learnt and train else train
        return Selection(entries, report, {entry.id: 0 for entry in entries}, [_examples(learnt)])
    everybody = list(usable.values())
    fold_of = patient_folds(everybody, CROSS_FIT)
    learn = [_examples(entry for entry in everybody if fold_of[entry.id] != fold) for fold in range(CROSS_FIT)]
    return Selection(entries, report, {entry.id: fold_of[entry.id] for entry in entries}, learn)


def _read(source: Source, entries: Sequence[Entry], settings: Settings, measure: bool) -> Report:
    with Meter("reading and measuring" if measure else "reading", len(entries)) as meter:
        return check(source, entries=entries, jobs=settings.jobs, progress=meter.reach, measure=measure)


def _examples(entries: Iterable[Entry]) -> list[Example]:
    return [Example(entry.id, entry.patient, entry.truth, entry.measurements) for entry in entries]
