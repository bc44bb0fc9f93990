"""Reading every recording of a source once: what is usable, what is at fault, and a digest of each signal."""

from __future__ import annotations

import hashlib
import json
import pickle
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from struct import pack

from einthoven.bench.sources.cache import FileBacked, Look, LookCache
from einthoven.bench.sources.source import Entry, Source
from einthoven.bench.workers import cores, mapped
from einthoven.ecg.recording import Recording
from einthoven.errors import Fault, RecordingFault

__all__ = ["Report", "check", "digest", "fingerprint"]

#: Fewer recordings than this are read in this process: starting workers takes longer.
_WORTH_WORKERS = 400

_KILLED = (
    "a process that read recordings was killed (out of memory?)",
    "run again with --jobs 1; what was read is kept",
)


@dataclass(frozen=True, slots=True)
class Report:
    """What a source holds once every recording was read.

    Attributes
    ----------
    entries : tuple of Entry
        The usable ones, in the source's order. Recordings with the same signal count as one patient's (see `check`).
    faults : tuple of Fault
        Rows of the index that cannot be used, then recordings that cannot.
    looks : mapping of str to Look
        Record id -> digest and sampling rate of each usable recording.
    duplicates : tuple of tuple of str
        Ids of recordings with the same signal, each group in the source's order.
    warnings : tuple of str
        One line for each thing about the cache that a person may want to know.
    read : int
        How many recordings were read now; the others were known from the cache.
    """

    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...]
    looks: Mapping[str, Look] = field(repr=False)
    duplicates: tuple[tuple[str, ...], ...] = ()
    warnings: tuple[str, ...] = ()
    read: int = 0


def check(
    source: Source,
    *,
    entries: Sequence[Entry] | None = None,
    jobs: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    cached: bool = True,
    measure: bool = False,
) -> Report:
    """Read recordings, and sort them into usable ones and faults.

    Two recordings with the same signal (Q0048 of CPSC-Extra is A0101 of CPSC2018) are one person's, whatever their
    ids say: within a split they are given the first of their patients' ids, so that resampling and cross-fitting keep
    them together. No patient is moved across a split; `Report.duplicates` names all of them.

    Parameters
    ----------
    source : Source
        Any source; the findings of one whose recordings are files are kept (see `einthoven.bench.sources.cache`).
    entries : sequence of Entry, optional
        Which recordings; all of them by default. Faults of the index are always reported.
    jobs : int, optional
        Worker processes; by default as many as there are cores for this process. With few recordings none is started.
    progress : callable, optional
        Called with how many of the recordings that must be read are done, and how many there are.
    cached : bool
        Whether to use the cache.
    measure : bool
        Measure each recording too (`einthoven.ecg.measure`). The entries then carry the numbers for a prompt, and
        rate and axis have a truth where the statements give none; see `_measured`.

    Raises
    ------
    EinthovenError
        A worker process died (out of memory, killed).
    """
    wanted = tuple(source.entries if entries is None else entries)
    cache = LookCache(source) if cached and isinstance(source, FileBacked) else None
    looks: dict[str, Look] = {}
    for entry in wanted:
        known = None if cache is None else cache.get(entry)
        if known is not None and (known.measured or known.reason or not measure):
            looks[entry.id] = known
    unread = [entry for entry in wanted if entry.id not in looks]
    stamps = {}
    if cache is not None and isinstance(source, FileBacked):
        stamps = {entry.id: cache.stamps(source.files(entry)) for entry in unread}
    try:
        for done, (entry, look) in enumerate(
            zip(unread, _looks(source, unread, jobs, measure), strict=True), start=1
        ):
            looks[entry.id] = look
            if cache is not None:
                cache.put(entry, look, stamps[entry.id])
            if progress is not None:
                progress(done, len(unread))
    finally:  # an interrupted check keeps what it has read
        if cache is not None:
            cache.save()
    usable = [entry for entry in wanted if looks[entry.id].digest]
    found = (Fault(e.id, look.reason, look.detail) for e in wanted if (look := looks[e.id]).reason)
    duplicates, one_patient = _duplicates(usable, looks)
    if measure:
        one_patient = [_measured(entry, looks[entry.id], exact=source.simulated) for entry in one_patient]
    return Report(
        entries=tuple(one_patient),
        faults=(*source.faults, *found),
        looks={entry.id: looks[entry.id] for entry in usable},
        duplicates=duplicates,
        warnings=tuple(cache.warnings) if cache is not None else (),
        read=len(unread),
    )


def digest(recording: Recording) -> str:
    """Return the SHA-256 of a recording's float32 samples and its sampling rate, or of its pages' files in order."""
    if recording.signal is None:
        files = [hashlib.sha256(page.read_bytes()).digest() for page in recording.pages]
        return hashlib.sha256(b"".join(files)).hexdigest()
    found = hashlib.sha256(recording.signal.astype("<f4", copy=False).tobytes())
    found.update(pack("<d", recording.sampling_rate))
    return found.hexdigest()


def fingerprint(report: Report) -> str:
    """Return the SHA-256 over ids, patients, splits, truths and digests of the usable records, whatever their order.

    Two runs with the same fingerprint were scored on the same signals with the same truths.
    """
    truths: dict[int, str] = {}  # records with the same codes share one truth
    total = hashlib.sha256()
    for entry in sorted(report.entries, key=lambda entry: entry.id):
        if (truth := truths.get(id(entry.truth))) is None:
            truth = truths[id(entry.truth)] = json.dumps(entry.truth.to_json(), sort_keys=True)
        row = [entry.id, entry.patient.id, entry.split, truth, report.looks[entry.id].digest]
        total.update(json.dumps(row).encode() + b"\n")
    return total.hexdigest()


def _measured(entry: Entry, look: Look, *, exact: bool) -> Entry:
    """Fill in what was measured: rate and axis where the statements give no truth, and the numbers for a prompt.

    What the source brings (12SL's features, a print-out's numbers) gives the truth, ours go into the prompt: two
    measurers where two exist. Where there is one it gives both, and the bundle says so. An exact truth stays as it
    is: what it masks (the axis of exchanged electrodes) no measurement can tell.
    """
    from einthoven.tasks.measured import with_measured

    theirs, ours = entry.measurements, look.measurements
    first, second = theirs or ours, ours or theirs
    truth = entry.truth if first is None or exact else with_measured(entry.truth, first)
    return replace(entry, truth=truth, measurements=second)


def _look(load: Callable[[Entry], Recording], entry: Entry, measure: bool) -> Look:
    try:
        recording = load(entry)
    except RecordingFault as error:
        return Look(reason=error.fault.reason, detail=error.fault.detail)
    if recording.signal is None:
        return Look(digest(recording), measured=measure)
    numbers = None
    if measure:
        from einthoven.ecg.measure import measure as measured

        numbers = measured(recording).measurements
    return Look(digest(recording), float(recording.sampling_rate), measured=measure, measurements=numbers)


def _looks(source: Source, entries: Sequence[Entry], jobs: int | None, measure: bool) -> Iterator[Look]:
    """Yield a look for each entry, in order; from worker processes where that is worth it and possible."""
    load: Callable[[Entry], Recording] = getattr(source, "reader", source.load)
    workers = min(jobs or cores(), len(entries) // (_WORTH_WORKERS // 2))
    if workers > 1 and not _travels(load, entries[0]):
        workers = 1
    yield from mapped(_work, entries, workers, _start, (load, measure), _KILLED)


def _travels(load: Callable[[Entry], Recording], entry: Entry) -> bool:
    """Whether the reader and an entry can be handed to another process."""
    try:
        pickle.dumps((load, entry))
    except (pickle.PicklingError, TypeError, AttributeError):
        return False
    return True


_load_in_worker: Callable[[Entry], Recording]
_measure_in_worker: bool


def _start(load: Callable[[Entry], Recording], measure: bool) -> None:
    global _load_in_worker, _measure_in_worker
    _load_in_worker, _measure_in_worker = load, measure


def _work(entry: Entry) -> Look:
    return _look(_load_in_worker, entry, _measure_in_worker)


def _duplicates(
    entries: Sequence[Entry], looks: Mapping[str, Look]
) -> tuple[tuple[tuple[str, ...], ...], Iterable[Entry]]:
    """Return the groups of equal signals, and the entries with one patient for each group within a split."""
    groups: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[looks[entry.id].digest].append(entry)
    same = [group for group in groups.values() if len(group) > 1]
    if not same:
        return (), entries
    parent: dict[str, str] = {}

    def head(patient: str) -> str:
        while (above := parent.get(patient, patient)) != patient:
            patient = above
        return patient

    for group in same:
        first: dict[str, str] = {}
        for entry in group:
            patient = first.setdefault(entry.split, entry.patient.id)
            low, high = sorted((head(patient), head(entry.patient.id)))
            parent[high] = low
    merged = [
        entry
        if (patient := head(entry.patient.id)) == entry.patient.id
        else replace(entry, patient=replace(entry.patient, id=patient))
        for entry in entries
    ]
    return tuple(tuple(entry.id for entry in group) for group in same), merged
