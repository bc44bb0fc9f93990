"""Draw many records of a source into a folder: in all cores, going on where a killed command stopped."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from einthoven.bench.export import png_files
from einthoven.bench.export.drawing import Drawing
from einthoven.bench.export.header import header, index_of
from einthoven.bench.export.manifest import Manifest
from einthoven.bench.export.shards import Shard, require_pyarrow
from einthoven.bench.progress import Meter
from einthoven.bench.sources.record import loader
from einthoven.bench.sources.source import Entry, Source
from einthoven.bench.workers import cores, mapped
from einthoven.ecg.recording import Recording
from einthoven.errors import EinthovenError, Exit, Fault, RecordingFault
from einthoven.renderers import engine

__all__ = ["SHARD_SIZE", "Summary", "export"]

#: What a killed worker means to a person, and what to do.
_KILLED = (
    "a process that drew pages was killed (out of memory?)",
    "run the same command again, with --jobs 1 if it happens again: what is drawn is kept",
)

#: Records a shard: some 150 MB of `grid`.
SHARD_SIZE = 1000

#: From so many records on, compiled kernels are worth loading before the first page asks for them.
_WORTH_KERNELS = 300

#: Fewer records a worker than this, and starting it takes longer than it saves.
_WORTH_A_WORKER = 8


@dataclass(frozen=True, slots=True)
class Summary:
    """What an export did.

    Attributes
    ----------
    folder : str
        Where everything stands.
    records, pages : int
        Drawn now.
    kept : int
        Records that stood there already.
    faults : list of Fault
        Records that cannot be drawn, and rows of the index that cannot be used.
    seconds : float
        Wall time.
    """

    folder: str
    records: int
    pages: int
    kept: int
    faults: list[Fault] = field(repr=False)
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form: what ``render --json`` prints."""
        faults = [{"id": one.record_id, "reason": one.reason, "detail": one.detail} for one in self.faults]
        rate = round(self.pages / self.seconds, 1) if self.seconds else 0.0
        return asdict(self) | {"faults": faults, "seconds": round(self.seconds, 2), "pages_per_second": rate}


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What comes back from a worker: rows of the manifest, and pictures where the parent stores them."""

    rows: list[dict[str, Any]]
    pictures: tuple[bytes, ...] = ()
    fault: Fault | None = None
    stop: tuple[str, str, Exit] | None = None  # errors of two lines do not survive pickling


def export(
    source: Source,
    entries: Sequence[Entry],
    drawing: Drawing,
    folder: Path,
    *,
    jobs: int | None = None,
    fresh: bool = False,
    shard_size: int | None = None,
) -> Summary:
    """Draw records into a folder; the same call goes on where the last one stopped.

    Parameters
    ----------
    source : Source
        Where the recordings come from.
    entries : sequence of Entry
        Which of them, in the source's order. More may be asked for later, where the pages are PNG files.
    drawing : Drawing
        How; checked already.
    folder : Path
        ``manifest.jsonl`` and ``VIEW/ID.png``, or the shards.
    jobs : int, optional
        Worker processes; by default one a core.
    fresh : bool
        Start over.
    shard_size : int, optional
        Records a Parquet shard; unless given, PNG files are written.

    Raises
    ------
    EinthovenError
        The folder holds other pages, is in use or cannot be written; the disk is full; a worker was killed.
    """
    began = time.monotonic()
    form: dict[str, Any] = {"kind": "png"}
    if shard_size is not None:
        require_pyarrow()
        form = {"kind": "parquet", "shard_size": shard_size, "records": index_of(entries)}

    def stands(row: Mapping[str, Any]) -> bool:
        return png_files.stands(folder, row)

    with Manifest(folder, header(source, drawing, form), fresh=fresh, stands=stands) as manifest:
        job = _Job(source, drawing, folder, manifest, jobs)
        if shard_size is None:
            job.files(entries)
        else:
            job.shards(entries, shard_size)
    return Summary(
        str(folder),
        job.records,
        job.pages,
        len(entries) - job.asked,
        [*source.faults, *job.faults],
        time.monotonic() - began,
    )


class _Job:
    """One export while it runs."""

    def __init__(self, source: Source, drawing: Drawing, folder: Path, manifest: Manifest, jobs: int | None) -> None:
        self.asked = self.records = self.pages = 0
        self.faults: list[Fault] = []
        self._load = loader(source)
        self._drawing = drawing
        self._folder = folder
        self._manifest = manifest
        self._jobs = jobs

    def files(self, entries: Sequence[Entry]) -> None:
        """Have the workers write a PNG file a page."""
        wanted = [entry for entry in entries if entry.id not in self._manifest.finished]
        with Meter("drawing", len(wanted)) as meter:
            for drawn in self._drawn(wanted, self._folder, meter):
                self._manifest.append(drawn.rows)

    def shards(self, entries: Sequence[Entry], size: int) -> None:
        """Gather the pages of every view into shards."""
        count = -(-len(entries) // size)
        missing = [number for number in range(count) if str(number) not in self._manifest.finished]
        slices = {number: entries[number * size : (number + 1) * size] for number in missing}
        self.faults += self._manifest.faults
        wanted = [entry for part in slices.values() for entry in part]
        with Meter("drawing", len(wanted)) as meter:
            everything = self._drawn(wanted, None, meter)
            for number, part in slices.items():
                with Shard(self._folder, self._drawing.views, number, count) as shard:
                    for drawn in islice(everything, len(part)):
                        if drawn.fault is None:
                            shard.add(drawn.rows, drawn.pictures)
                        else:
                            shard.faults.append(drawn.fault)
                    self._manifest.append(shard.finish())

    def _drawn(self, entries: Sequence[Entry], folder: Path | None, meter: Meter) -> Iterator[_Drawn]:
        """Draw entries in order, counting what comes."""
        self.asked = len(entries)
        workers = min(self._jobs or cores(), len(entries) // _WORTH_A_WORKER)
        given = (self._load, self._drawing, folder, len(entries) >= _WORTH_KERNELS)
        for drawn in mapped(_work, entries, workers, _start, given, _KILLED):
            if drawn.stop is not None:
                raise EinthovenError(*drawn.stop)
            if drawn.fault is not None:
                self.faults.append(drawn.fault)
            else:
                self.records += 1
                self.pages += len(drawn.rows)
            meter.advance(1, f"{len(self.faults)} faults" if self.faults else None)
            yield drawn


_given: tuple[Callable[[Entry], Recording], Drawing, Path | None]


def _start(load: Callable[[Entry], Recording], drawing: Drawing, folder: Path | None, many: bool) -> None:
    global _given
    if many:
        engine.start()
    _given = load, drawing, folder


def _work(entry: Entry) -> _Drawn:
    """Read and draw one record, and write its files where there is a folder for them."""
    load, drawing, folder = _given
    try:
        pages = drawing.pages(load(entry), entry.look, entry.wear)
    except RecordingFault as error:
        return _at_fault(entry, error.fault)
    except EinthovenError as error:  # too slowly sampled, no signal: the others may be drawn
        return _at_fault(entry, Fault(entry.id, "not_drawn", error.problem))
    if folder is None:
        rows = png_files.rows(entry.id, entry.split, pages)
        return _Drawn(rows, tuple(page.png for page in pages))
    try:
        return _Drawn(png_files.write(folder, entry.id, entry.split, pages))
    except EinthovenError as error:
        return _Drawn([], stop=(error.problem, error.remedy, error.exit_code))


def _at_fault(entry: Entry, fault: Fault) -> _Drawn:
    row = {"record": entry.id, "page": 1, "pages": 1, "split": entry.split}
    return _Drawn([row | {"fault": fault.reason, "detail": fault.detail}], fault=fault)
