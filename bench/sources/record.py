"""A single WFDB record as a source of one, beside the sources by name: what a command line's SOURCE|RECORD means."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast

from einthoven.errors import EinthovenError, Exit

if TYPE_CHECKING:  # numpy comes with these
    from einthoven.bench.sources.source import Entry, Source
    from einthoven.ecg.recording import Recording

__all__ = ["is_record", "loader", "open_source_or_record"]


def open_source_or_record(name: str) -> Source:
    """Open a source by its data name, or a single record by its path.

    Parameters
    ----------
    name : str
        ``source[:path]``, or the path of a WFDB record, with or without ``.hea``.

    Returns
    -------
    Source
        Of a record: a source of one entry with no truth, whose root is the record's folder.

    Raises
    ------
    EinthovenError
        There is no such file or source.
    """
    if is_record(name):
        return _record(_header(name))
    if name.endswith(".hea"):
        raise EinthovenError(f"there is no file {name}", "give the path of a WFDB record, or a source", Exit.MISSING)
    from einthoven.bench.sources.registry import open_source

    return open_source(name)


def is_record(name: str) -> bool:
    """Tell whether a name is the path of a WFDB record that is there."""
    return _header(name).is_file()


def loader(source: Source) -> Callable[[Entry], Recording]:
    """Give the function that reads a source's recordings, in the form that is cheapest to hand to other processes."""
    load: Callable[[Entry], Recording] = getattr(source, "reader", source.load)
    return load


def _header(name: str) -> Path:
    path = Path(name).expanduser()
    return path if path.suffix == ".hea" or not path.name else path.with_name(f"{path.name}.hea")


def _record(header: Path) -> Source:
    from einthoven.bench.sources.index import FolderSource
    from einthoven.bench.sources.source import Entry
    from einthoven.ecg.patient import Patient
    from einthoven.ecg.reading import AXES, AxisTruth, Truth

    name = header.stem
    nothing = Truth({axis: AxisTruth(reason="a single record has no labels") for axis in AXES})
    entry = Entry(name, Patient(name), nothing, "test", locator=header)
    found = FolderSource("record", header.parent, has_folds=False, entries=[entry], faults=[])
    return cast("Source", found)
