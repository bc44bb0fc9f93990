"""What reading a folder's recordings found, kept on disk: a second look costs a `stat`, not a read.

A kept row holds as long as the header and the signal files have the same path, size and modification time, and the
code that reads them is the same. The cache is a convenience: whatever is wrong with it, recordings are read again.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from einthoven.bench.sources.source import Entry
from einthoven.ecg.measurements import Measurements

__all__ = ["FileBacked", "Look", "LookCache", "cache_folder"]

#: The modules whose text decides what a reading finds: with other text, everything is read again.
_READERS = (
    *("bench/sources/header.py", "bench/sources/ludb.py", "bench/sources/signals.py", "ecg/recording.py"),
    *("bench/sources/images.py", "bench/sources/page_check.py", "renderers/picture.py"),
)


@dataclass(frozen=True, slots=True)
class Look:
    """What one reading of a recording found: a digest and a sampling rate, or a fault.

    Attributes
    ----------
    digest : str
        SHA-256 of the float32 signal bytes and the sampling rate, hexadecimal; empty for a fault.
    sampling_rate : float
        Hz; 0 for a fault or a page image.
    reason, detail : str
        The fault, as in `einthoven.errors.Fault`; empty where there is none.
    measured : bool
        Whether it was measured too.
    measurements : Measurements or None
        What was measured; `None` for a page image.
    """

    digest: str = ""
    sampling_rate: float = 0.0
    reason: str = ""
    detail: str = ""
    measured: bool = False
    measurements: Measurements | None = None


@runtime_checkable
class FileBacked(Protocol):
    """A source whose recordings are files below one folder; only such a source is cached."""

    name: str
    root: Path

    def files(self, entry: Entry) -> Sequence[Path]:
        """Return the files that a recording is read from, whether they are there or not."""
        ...


def cache_folder() -> Path:
    """Return ``$EINTHOVEN_CACHE``, or ``einthoven`` in ``$XDG_CACHE_HOME`` or ``~/.cache``.

    Raises
    ------
    RuntimeError
        There is no home folder.
    """
    if named := os.environ.get("EINTHOVEN_CACHE"):
        return Path(named).expanduser()
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base).expanduser() if base else Path.home() / ".cache") / "einthoven"


class LookCache:
    """The kept rows of one source.

    Attributes
    ----------
    warnings : list of str
        One line for each thing that kept the cache from being used.
    """

    def __init__(self, source: FileBacked) -> None:
        self.warnings: list[str] = []
        self._prefix = str(source.root) + os.sep
        self._path: Path | None = None
        self._rows: dict[str, Any] = {}
        self._new: dict[str, Any] = {}
        try:
            self._reader = _reader()
            name = hashlib.sha256(f"{source.name}\n{source.root}".encode()).hexdigest()[:32]
            self._path = cache_folder() / "signals" / f"{name}.json"
            self._rows = self._stored()
        except (ValueError, TypeError, KeyError, RecursionError):
            self.warnings.append(f"the cache {self._path} is damaged and is written anew")
        except (OSError, RuntimeError) as error:
            self.warnings.append(f"the cache is not used: {_line(error)}")
            self._path = None

    def _stored(self) -> dict[str, Any]:
        """Return the rows on disk; none where there is no file, or other code read them."""
        if self._path is None or not self._path.exists():
            return {}
        document = json.loads(self._path.read_bytes())
        return dict(document["rows"]) if document["reader"] == self._reader else {}

    def get(self, entry: Entry) -> Look | None:
        """Return what was found of a recording, or nothing where it was not read or its files have changed."""
        row = self._rows.get(self._name(str(entry.locator)))
        if row is None:
            return None
        try:
            digest, rate, reason, detail, measured, numbers, files = row
            measurements = None if numbers is None else Measurements(*numbers)
            look = Look(digest, rate, reason, detail, measured, measurements)
            if any(_stamp(self._file(name)) != (size, time) for name, size, time in files):
                return None
            sound = all(isinstance(text, str) for text in (look.digest, look.reason, look.detail))
            return look if files and sound and bool(look.digest) != bool(look.reason) else None
        except (ValueError, TypeError):
            return None

    def stamps(self, files: Sequence[Path]) -> list[list[Any]]:
        """Return name, size and time of a recording's files, to be taken before they are read."""
        return [[self._name(path), *_stamp(path)] for path in map(str, files)]

    def put(self, entry: Entry, look: Look, stamps: list[list[Any]]) -> None:
        """Keep what a reading found; `stamps` were taken before it."""
        numbers = None if look.measurements is None else list(astuple(look.measurements))
        row = [look.digest, look.sampling_rate, look.reason, look.detail, look.measured, numbers, stamps]
        self._new[self._name(str(entry.locator))] = row

    def save(self) -> None:
        """Write the cache in one step; a folder that cannot be written is a line in `warnings`, never an error."""
        if not self._new or self._path is None:
            return
        with suppress(OSError, ValueError, TypeError, KeyError, RecursionError):
            self._rows = self._stored()  # another process may have written since
        self._rows |= self._new
        text = json.dumps({"reader": self._reader, "rows": self._rows}, separators=(",", ":"))
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(
                "w", dir=self._path.parent, suffix=".tmp", delete=False, encoding="utf-8"
            ) as file:
                try:
                    file.write(text)
                    file.close()
                    Path(file.name).replace(self._path)
                except BaseException:
                    Path(file.name).unlink(missing_ok=True)
                    raise
            self._new = {}
        except OSError as error:
            self.warnings.append(f"the cache is not written: {_line(error)}")

    def _name(self, path: str) -> str:
        """Return a path below the folder without the folder, any other as it is."""
        return path.removeprefix(self._prefix)

    def _file(self, name: str) -> str:
        return name if name.startswith(os.sep) else self._prefix + name


def _stamp(path: str) -> tuple[int, int]:
    """Return size and modification time in ns; -1 twice for a file that is not there."""
    try:
        status = os.stat(path)  # noqa: PTH116  half the time of Path.stat, twice for each of 88,000 recordings
    except (OSError, ValueError):  # ValueError: a name that no file can have
        return (-1, -1)
    return (status.st_size, status.st_mtime_ns)


def _reader() -> str:
    package = Path(__file__).parents[2]
    digest = hashlib.sha256()
    measurer = sorted((package / "ecg" / "measure").glob("*.py"))
    for path in [*(package / name for name in _READERS), *measurer]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _line(error: Exception) -> str:
    return " ".join(str(error).split())
