"""A folder of page images, scans or photographs, with a label table and perhaps a table of measurements."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TypeVar

from einthoven.bench.sources.index import Index, existing_folder
from einthoven.bench.sources.labels import TABLE, read_labels
from einthoven.bench.sources.printed import COLUMNS, parse_measurements, read_measurements
from einthoven.bench.sources.source import Entry
from einthoven.ecg.measurements import Measurements
from einthoven.ecg.recording import Recording
from einthoven.errors import Fault, RecordingFault

__all__ = ["MEASUREMENTS", "MOST_IMAGES", "ImageFolder", "open_images", "page_files", "read_pages"]

_Found = TypeVar("_Found")

#: The table of measurements; its columns may stand in the label table instead.
MEASUREMENTS = "measurements.csv"

#: Images a record: the twelve leads one by one is the finest cut there is.
MOST_IMAGES = 12

#: Pixels on the shorter side: below, no pen line of a whole page survives (with ten strips each has 30 left).
_LEAST_SIDE = 300

#: The same where a record has several images: each shows a part of the page, perhaps one lead.
_LEAST_SIDE_OF_PART = 100

#: What is looked for in the folder to find images that no row names.
_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".tif", ".tiff", ".webp"})


@dataclass(frozen=True, slots=True)
class ImageFolder:
    """A source whose recordings are page images; see `einthoven.bench.sources.source.Source`.

    Attributes
    ----------
    root : Path
        The folder.
    reader : callable
        Reads and judges the pages of an entry; a function of a module, for worker processes.
    """

    name: str
    root: Path
    has_folds: bool
    entries: Sequence[Entry] = field(repr=False)
    faults: Sequence[Fault] = field(repr=False)
    simulated: bool = False
    reader: Callable[[Entry], Recording] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "reader", read_pages)

    def load(self, entry: Entry) -> Recording:
        """Return a recording that names its pages, without decoding them: `reader` has judged them before a run.

        Raises
        ------
        RecordingFault
            ``missing``, ``unreadable``, ``huge`` or ``too_small``, as far as the files' headers show it.
        """
        from einthoven.renderers.picture import picture_size

        pages = page_files(entry)
        for page in pages:
            _refuse_small(entry, page, _look(entry, page, picture_size), len(pages))
        return _recording(entry, pages)

    def files(self, entry: Entry) -> tuple[Path, ...]:
        """Return the image files of a recording in order, whether they are there or not."""
        return page_files(entry)


def open_images(path: str) -> ImageFolder:
    """Open a folder of page images with a label table; ``docs/sources.md`` describes its columns.

    Raises
    ------
    EinthovenError
        Where there is no such folder, table or column, or ``einthoven.toml`` cannot be used. A row that cannot be
        used, an image that no row names and a measurement without a record are faults.
    """
    root = existing_folder(path, "images", holds="")
    table = read_labels(root, ("images",), COLUMNS)
    measured = read_measurements(root / MEASUREMENTS)
    index = Index()
    named: set[str] = set()
    for row in table.rows:
        record_id = row["record"].strip()
        names = [PurePosixPath(name.strip()).as_posix() for name in row["images"].split(";") if name.strip()]
        named.update(names)
        try:
            if not record_id:
                raise ValueError(f"a row without a record: images {row['images']!r}")
            _refuse_names(names)
            measurements = _measurements(row, measured.pop(record_id, []))
        except ValueError as error:
            index.fault(record_id or "(no record)", str(error))
            continue
        table.add(index, record_id, row, "\n".join(str(root / name) for name in names), measurements)
    for record_id in measured:
        index.fault(record_id or "(no record)", f"a row of {MEASUREMENTS}, but none in {TABLE}")
    for name in _images(root):
        if name not in named:
            index.fault(name, f"no row in {TABLE}")
    entries, faults = index.finish()
    has_folds = any(entry.split == "train" for entry in entries)
    return ImageFolder("images", root, has_folds=has_folds, entries=entries, faults=faults)


def page_files(entry: Entry) -> tuple[Path, ...]:
    """Return the image files of an entry, in order."""
    return tuple(map(Path, str(entry.locator).split("\n")))


def read_pages(entry: Entry) -> Recording:
    """Decode the pages of an entry and look whether they show an ECG.

    A record of several images passes when more than half of them do: in twelve patches a lead or two may be flat.

    Raises
    ------
    RecordingFault
        ``missing``, ``unreadable``, ``huge``, ``too_small``, ``no_ecg``.
    """
    from einthoven.bench.sources.page_check import shows_ecg
    from einthoven.renderers.picture import picture

    pages = page_files(entry)
    without = []
    for page in pages:
        image = _look(entry, page, picture)
        _refuse_small(entry, page, image.size, len(pages))
        if not shows_ecg(image, part=len(pages) > 1):
            without.append(page.name)
    if 2 * len(without) >= len(pages):
        several = f" and {len(without) - 1} more" if len(without) > 1 else ""
        raise RecordingFault(Fault(entry.id, "no_ecg", f"{without[0]}{several}: no trace of an ECG is seen"))
    return _recording(entry, pages)


def _recording(entry: Entry, pages: tuple[Path, ...]) -> Recording:
    return Recording(entry.id, None, 0.0, entry.patient, entry.statements, pages)


def _look(entry: Entry, page: Path, look: Callable[[Path], _Found]) -> _Found:
    from einthoven.renderers.picture import PictureError

    try:
        return look(page)
    except PictureError as error:
        raise RecordingFault(Fault(entry.id, error.reason, error.detail)) from None


def _refuse_small(entry: Entry, page: Path, size: tuple[int, int], images: int) -> None:
    least = _LEAST_SIDE if images == 1 else _LEAST_SIDE_OF_PART
    if min(size) < least:
        detail = f"{page.name} has {size[0]}x{size[1]} pixels, and needs {least} on its shorter side"
        raise RecordingFault(Fault(entry.id, "too_small", detail))


def _refuse_names(names: Sequence[str]) -> None:
    """Refuse what is no list of files below the folder."""
    if not names:
        raise ValueError("no image")
    if len(names) > MOST_IMAGES:
        raise ValueError(f"{len(names)} images, of {MOST_IMAGES} at most")
    if len(set(names)) < len(names):
        raise ValueError("an image stands twice")
    for name in names:
        # Both kinds of path: a table may have been written on another system than it is read on.
        outside = PurePosixPath(name).is_absolute() or PureWindowsPath(name).anchor
        if outside or ".." in PurePosixPath(name).parts or "\\" in name or not name.isprintable():
            raise ValueError(f"images names no file in this folder: {name!r}")


def _measurements(row: Mapping[str, str], others: Sequence[Mapping[str, str]]) -> Measurements | None:
    """Return the measurements of a record from the one table that has them."""
    found = parse_measurements(row)
    if len(others) > (found is None):
        raise ValueError(f"measured twice, in {MEASUREMENTS}" + (f" and in {TABLE}" if found is not None else ""))
    return parse_measurements(others[0]) if others else found


def _images(root: Path) -> Iterator[str]:
    """Yield the images below a folder in a stable order, hidden folders left out."""
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(folder, name)
            if path.suffix.lower() in _SUFFIXES and not name.startswith("."):
                yield path.relative_to(root).as_posix()
