"""What is in a source: records, patients, classes, masks, faults; the content of ``einthoven data check``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, get_args

from einthoven.bench.sources.check import Report, fingerprint
from einthoven.bench.sources.source import Entry, Source, Split
from einthoven.ecg.reading import AXES
from einthoven.errors import Fault

__all__ = ["NONE", "AxisSummary", "Contrast", "Summary", "summarize"]

#: How the empty set of a set axis is called in tables.
NONE = "(none)"


@dataclass(frozen=True, slots=True)
class AxisSummary:
    """What a source says on one axis.

    Attributes
    ----------
    classes : mapping of str to mapping of split to int
        Class or label -> records that have it, by split, the most frequent first. On set axes a record counts under
        each of its labels, and under ``(none)`` where it has none.
    stated : mapping of split to int
        Records that say something, stated or implied.
    masked : mapping of split to int
        Records that say nothing.
    reasons : mapping of str to int
        Why they are masked -> records, the most frequent first.
    implied : mapping of split to int
        Records whose normal or none value is implied by silence.
    several : int
        Records whose truth accepts more than one class (they count in accuracy only).
    open : mapping of str to int
        Label that the source cannot tell -> records.
    """

    classes: Mapping[str, Mapping[Split, int]]
    stated: Mapping[Split, int]
    masked: Mapping[Split, int]
    reasons: Mapping[str, int]
    implied: Mapping[Split, int]
    several: int
    open: Mapping[str, int]

    @property
    def masked_share(self) -> float:
        """The share of records that say nothing on this axis; 0 of no records."""
        masked, stated = sum(self.masked.values()), sum(self.stated.values())
        return masked / (masked + stated) if masked + stated else 0.0

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {
            "classes": {name: dict(counts) for name, counts in self.classes.items()},
            "stated": dict(self.stated),
            "masked": dict(self.masked),
            "masked_share": round(self.masked_share, 6),
            "masked_reasons": dict(self.reasons),
            "implied": dict(self.implied),
            "several_accepted": self.several,
            "open": dict(self.open),
        }


@dataclass(frozen=True, slots=True)
class Contrast:
    """What so many minimal pairs differ in, as `einthoven.bench.sources.source.Side` names it.

    Attributes
    ----------
    contrast, axis, a, b : str
        Name; axis, and class or label that is right on either side: empty where there is none.
    pairs : int
        Those of which both sides are usable.
    """

    contrast: str
    axis: str
    a: str
    b: str
    pairs: int


@dataclass(frozen=True, slots=True)
class Summary:
    """What a source holds.

    Attributes
    ----------
    source : str
        The data name.
    fingerprint : str
        Of the usable records, see `einthoven.bench.sources.check.fingerprint`.
    has_folds, simulated : bool
        As `Source` has them.
    records, patients : mapping of split to int
        Usable records, and the people they are of.
    sampling_rates : mapping of str to int
        Hz -> records; none of page images.
    axes : mapping of str to AxisSummary
        All eight, in order.
    duplicates : tuple of tuple of str
        Ids of recordings with the same signal.
    faults : tuple of Fault
        Every record that cannot be used.
    contrasts : tuple of Contrast
        What the minimal pairs differ in, where records come in pairs.
    """

    source: str
    fingerprint: str
    has_folds: bool
    simulated: bool
    records: Mapping[Split, int]
    patients: Mapping[Split, int]
    sampling_rates: Mapping[str, int]
    axes: Mapping[str, AxisSummary] = field(repr=False)
    duplicates: tuple[tuple[str, ...], ...] = ()
    faults: tuple[Fault, ...] = ()
    contrasts: tuple[Contrast, ...] = ()

    @property
    def faults_by_reason(self) -> dict[str, list[Fault]]:
        """The faults by their reason, the most frequent first, in the source's order."""
        count = Counter(fault.reason for fault in self.faults)
        return {
            reason: [fault for fault in self.faults if fault.reason == reason] for reason, _ in count.most_common()
        }

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form: what ``einthoven data check --json`` prints."""
        return {
            "source": self.source,
            "fingerprint": self.fingerprint,
            "has_folds": self.has_folds,
            "simulated": self.simulated,
            "records": {"total": sum(self.records.values()), **self.records},
            "patients": {"total": sum(self.patients.values()), **self.patients},
            "sampling_rates": dict(self.sampling_rates),
            "axes": {name: axis.to_json() for name, axis in self.axes.items()},
            "duplicates": [list(group) for group in self.duplicates],
            **({"contrasts": [asdict(one) for one in self.contrasts]} if self.contrasts else {}),
            "faults": {
                reason: [{"id": fault.record_id, "detail": fault.detail} for fault in faults]
                for reason, faults in self.faults_by_reason.items()
            },
        }


def summarize(name: str, source: Source, report: Report) -> Summary:
    """Count what a report holds.

    Parameters
    ----------
    name : str
        The data name, as the user typed it.
    source : Source
        The source that was checked.
    report : Report
        What `einthoven.bench.sources.check.check` gave.
    """
    people = {split: {e.patient.id for e in report.entries if e.split == split} for split in get_args(Split)}
    rates = Counter(look.sampling_rate for look in report.looks.values() if look.sampling_rate)
    return Summary(
        source=name,
        fingerprint=fingerprint(report),
        has_folds=source.has_folds,
        simulated=source.simulated,
        records=_by_split(report.entries),
        patients={split: len(ids) for split, ids in people.items() if ids},
        sampling_rates={f"{rate:g}": rates[rate] for rate in sorted(rates)},
        axes={axis: _axis(axis, report.entries) for axis in AXES},
        duplicates=report.duplicates,
        faults=report.faults,
        contrasts=_contrasts(report.entries),
    )


def _contrasts(entries: Iterable[Entry]) -> tuple[Contrast, ...]:
    """Count the pairs of which both sides are usable."""
    sides = {(e.side.pair, e.side.side): e.side for e in entries if e.side is not None}
    whole = [side for (pair, which), side in sides.items() if which == "a" and (pair, "b") in sides]
    count = Counter((one.contrast, one.axis, " or ".join(one.right), " or ".join(one.wrong)) for one in whole)
    return tuple(Contrast(*key, pairs) for key, pairs in count.items())


def _by_split(entries: Iterable[Entry]) -> dict[Split, int]:
    count = Counter(entry.split for entry in entries)
    return {split: count[split] for split in get_args(Split) if count[split]}


def _axis(name: str, entries: Iterable[Entry]) -> AxisSummary:
    holders: dict[str, list[Entry]] = {}
    masked, stated, implied = [], [], []
    reasons: Counter[str] = Counter()
    open_labels: Counter[str] = Counter()
    several = 0
    for entry in entries:
        truth = entry.truth[name]
        open_labels.update(truth.open)
        if truth.value is None:
            masked.append(entry)
            reasons[truth.reason or "no reason given"] += 1
            continue
        stated.append(entry)
        several += len(truth.accepted) > 1
        if truth.implied:
            implied.append(entry)
        for label in (truth.value,) if isinstance(truth.value, str) else truth.value or (NONE,):
            holders.setdefault(label, []).append(entry)
    frequent = sorted(holders, key=lambda label: (-len(holders[label]), label))
    return AxisSummary(
        classes={label: _by_split(holders[label]) for label in frequent},
        stated=_by_split(stated),
        masked=_by_split(masked),
        reasons=dict(reasons.most_common()),
        implied=_by_split(implied),
        several=several,
        open=dict(open_labels.most_common()),
    )
