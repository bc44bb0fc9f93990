"""From a source to labelled signals for a network: read or simulated once, resampled, kept as int16 on disk."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from einthoven.adapters.signal.outputs import SUPERCLASS, Outputs
from einthoven.adapters.signal.samples import at_rate, stored
from einthoven.adapters.signal.signal_set import SignalSet
from einthoven.bench.progress import Meter
from einthoven.bench.sources.cache import FileBacked, cache_folder
from einthoven.bench.sources.folds import patient_folds
from einthoven.bench.sources.source import Entry, Source, Split
from einthoven.bench.workers import cores, mapped
from einthoven.ecg.measurements import Measurements
from einthoven.ecg.reading import AxisTruth
from einthoven.ecg.recording import PAGE_SECONDS, Recording
from einthoven.errors import EinthovenError, Exit, RecordingFault
from einthoven.tasks import taxonomy
from einthoven.tasks.groups import grouped_truth
from einthoven.tasks.statements.table import codes, superclasses_of

__all__ = ["Prepared", "data_key", "labelled", "prepared", "truths"]

#: Part of the name of a kept file: raised whenever the same recordings would be kept differently.
_VERSION = 1

#: Fewer recordings than this are read in this process.
_WORTH_WORKERS = 400

_KILLED = ("a process that read recordings was killed (out of memory?)", "run again with --jobs 1")

#: What is kept of the measurements: rate and axis make truth where statements give none.
_MEASURED = ("heart_rate", "qrs_axis", "measurer")


#: What the five patient folds of a source without official ones are for; the others train.
_SPLIT_OF: Mapping[int, Split] = {0: "test", 1: "validation"}

Numbers = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Prepared:
    """Recordings of one split, ready for a network.

    Attributes
    ----------
    entries : tuple of Entry
        The usable ones; rate and axis have a measured truth where the source gives none.
    signals : ndarray of int16, shape (records, 12, samples)
        A memory map.
    """

    entries: tuple[Entry, ...]
    signals: NDArray[np.int16]

    def to_set(self, of: Outputs) -> SignalSet:
        """Give signals and targets."""
        return SignalSet(self.signals, labelled(self.entries, of))


def truths(entry: Entry) -> dict[str, AxisTruth]:
    """Return what a record says on every group of outputs.

    A record with SCP codes (PTB-XL) has the superclasses that the field gives it: those of all its statements,
    whatever their likelihood, and no others. Elsewhere they follow from the truth, with what it leaves open.
    """
    found = {axis: entry.truth[axis] for axis in taxonomy.axes()}
    scp = codes("scp")
    if entry.statements and all(code in scp for code in entry.statements):
        found["scp"] = AxisTruth(frozenset(entry.statements))
        ids = (name for code in entry.statements for option in scp[code].groups for name in option)
        found[SUPERCLASS] = AxisTruth(superclasses_of(ids))
    else:
        found[SUPERCLASS] = grouped_truth(entry.truth["diagnosis"], taxonomy.superclasses())
    return found


def labelled(entries: Sequence[Entry], of: Outputs) -> NDArray[np.int8]:
    """Return the targets of records, shape (records, columns)."""
    rows = [of.targets(truths(entry)) for entry in entries]
    return np.stack(rows) if rows else np.zeros((0, of.columns), np.int8)


def prepared(
    source: Source,
    split: Split,
    rate: int,
    *,
    limit: int | None = None,
    jobs: int | None = None,
    measure: bool = True,
) -> Prepared:
    """Read the recordings of a split, or take them from disk where they were read before.

    Parameters
    ----------
    source : Source
        Any with signals.
    split : {"train", "validation", "test"}
        Which; a source without folds is split by patient: three fifths train, one validates, one tests.
    rate : int
        Hz.
    limit : int, optional
        The first so many records only.
    jobs : int, optional
        Worker processes.
    measure : bool
        Measure rate and axis where no statement gives them.

    Raises
    ------
    EinthovenError
        There is no such record, or none can be read (`Exit.MISSING`).
    """
    entries = [entry for entry in source.entries if entry.split == split][:limit]
    if not source.has_folds:
        fold_of = patient_folds(source.entries)
        entries = [entry for entry in source.entries if _SPLIT_OF.get(fold_of[entry.id], "train") == split][:limit]
    if not entries:
        raise EinthovenError(
            f"{source.name} has no {split} records to train with", "choose a source with folds", Exit.MISSING
        )
    folder = cache_folder() / "samples"
    folder.mkdir(parents=True, exist_ok=True)
    measured = measure and any(e.truth["rate"].masked or e.truth["axis"].masked for e in entries[:2000])
    measured = measured and not source.simulated
    key = data_key(source, entries, rate, measured)
    path, index = folder / f"{key}.npy", folder / f"{key}.json"
    with FileLock(folder / f"{key}.lock"):  # of several devices one reads, and the others wait for it
        if not (path.is_file() and index.is_file()):
            _read(source, entries, rate, measured, path, index, jobs, f"reading {source.name}, {split}")
    kept = json.loads(index.read_text(encoding="utf-8"))
    by_id = {entry.id: entry for entry in entries}
    usable = tuple(_with_numbers(by_id[name], kept["numbers"].get(name)) for name in kept["ids"])
    return Prepared(usable, np.load(path, mmap_mode="r"))


def data_key(source: Source, entries: Sequence[Entry], rate: int, measured: bool) -> str:
    """Name the kept file: another source, other or changed records, another simulator or rate make another file."""
    from einthoven.ecg.simulator import VERSION

    found = hashlib.sha256(f"{_VERSION} {source.name} {rate} {measured}".encode())
    if source.simulated:
        found.update(VERSION.encode())
        # the text of the simulator decides what it draws, also between two of its versions
        modules = [each for each in files("einthoven.ecg.simulator").iterdir() if each.is_file()]
        modules += [files("einthoven.bench.sources").joinpath("sim.py")]
        for module in sorted(modules, key=lambda each: each.name):
            found.update(module.read_bytes())
    for entry in entries:
        found.update(f"{entry.id}\n".encode())
        if isinstance(source, FileBacked):
            for path in source.files(entry):
                stamp = path.stat() if path.is_file() else None
                found.update(f"{path} {stamp and (stamp.st_size, stamp.st_mtime_ns)}\n".encode())
    return found.hexdigest()[:24]


def _read(
    source: Source,
    entries: Sequence[Entry],
    rate: int,
    measured: bool,
    path: Path,
    index: Path,
    jobs: int | None,
    title: str,
) -> None:
    load: Callable[[Entry], Recording] = getattr(source, "reader", source.load)
    workers = min(jobs or cores(), len(entries) // (_WORTH_WORKERS // 2))
    part = path.with_name(f"{path.name}.part")
    shape = (len(entries), 12, round(PAGE_SECONDS * rate))
    rows = np.lib.format.open_memmap(part, mode="w+", dtype=np.int16, shape=shape)
    ids: list[str] = []
    numbers: dict[str, Numbers] = {}
    why = ""
    with Meter(title, len(entries)) as meter:
        for entry, found in zip(
            entries, mapped(_work, entries, workers, _start, (load, rate, measured), _KILLED), strict=True
        ):
            meter.advance()
            samples, said, fault = found
            if samples is None:
                why = fault
                continue
            rows[len(ids)] = samples
            if said:
                numbers[entry.id] = said
            ids.append(entry.id)
    rows.flush()
    if not ids:
        part.unlink()
        raise EinthovenError(
            f"none of {len(entries)} records of {source.name} can be read: {why}",
            "look at einthoven data check",
            Exit.MISSING,
        )
    if len(ids) < len(entries):
        np.save(path, rows[: len(ids)])
        part.unlink()
    else:
        part.replace(path)
    index.write_text(json.dumps({"ids": ids, "numbers": numbers}), encoding="utf-8")


_load_in_worker: Callable[[Entry], Recording]
_rate_in_worker: int
_measure_in_worker: bool


def _start(load: Callable[[Entry], Recording], rate: int, measured: bool) -> None:
    global _load_in_worker, _rate_in_worker, _measure_in_worker
    _load_in_worker, _rate_in_worker, _measure_in_worker = load, rate, measured


def _work(entry: Entry) -> tuple[NDArray[np.int16] | None, Numbers, str]:
    try:
        recording = _load_in_worker(entry)
        samples = stored(at_rate(recording, _rate_in_worker))
    except RecordingFault as error:
        return None, {}, error.fault.detail
    except EinthovenError as error:
        return None, {}, error.problem
    if not _measure_in_worker:
        return samples, {}, ""
    from einthoven.ecg.measure import measure

    found = measure(recording).measurements
    return samples, {name: getattr(found, name) for name in _MEASURED}, ""


def _with_numbers(entry: Entry, numbers: Numbers | None) -> Entry:
    if numbers is None:
        return entry
    from einthoven.tasks.measured import with_measured

    return replace(entry, truth=with_measured(entry.truth, entry.measurements or Measurements(**numbers)))
