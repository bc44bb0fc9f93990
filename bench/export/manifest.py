"""The manifest of a folder of pages: appended and flushed record by record, so that a killed export goes on.

``manifest.jsonl`` holds one JSON object a line: a header, then the rows of each finished record, in the source's
order. The rows of a record are one ``write`` to a file opened for appending; each says how many there are, so that
what a killed process left torn is cut off when the manifest is opened again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson
from filelock import FileLock, Timeout

from einthoven.bench.export.header import refuse_another
from einthoven.bench.journal import append_whole
from einthoven.errors import EinthovenError, Exit, Fault

__all__ = ["NAME", "Manifest"]

NAME = "manifest.jsonl"


class Manifest:
    """An append-only file of finished records, held by one process at a time.

    Parameters
    ----------
    folder : Path
        The pages' folder; it is made where it is missing.
    header : mapping
        See `einthoven.bench.export.header`.
    fresh : bool
        Start over: the files that the old manifest names are deleted.
    stands : callable
        Whether a row's file is still there; a record of which one is gone is not finished.

    Attributes
    ----------
    finished : set of str
        Keys (a row's ``record``, or its ``shard``) whose rows and files are all there. A fault is never finished: it
        is looked at again.
    faults : list of Fault
        What finished shards left out.

    Raises
    ------
    EinthovenError
        Another process holds the folder, it cannot be written, holds other pages, a line is damaged, or (on
        appending) the disk is full.
    """

    def __init__(
        self, folder: Path, header: Mapping[str, Any], *, fresh: bool, stands: Callable[[Mapping[str, Any]], bool]
    ) -> None:
        self.path = folder / NAME
        self.finished: set[str] = set()
        self.faults: list[Fault] = []
        self._written: dict[str, bytes] = {}  # a digest of each record's rows: 20,000 of them are 2 MB
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(folder / ".lock")
            self._lock.acquire(timeout=0)
        except Timeout:
            raise EinthovenError(
                f"another process is drawing into {folder}", "wait for it to end, or give another -o", Exit.INCOMPLETE
            ) from None
        except OSError as error:
            raise EinthovenError(f"cannot write to {folder}: {error.strerror}", "give another -o") from None
        try:
            if fresh:
                self._forget(folder)
            self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        except OSError as error:
            self._release()
            raise EinthovenError(f"cannot write to {self.path}: {error.strerror}", "give another -o") from None
        try:
            self._read(folder, header, stands)
        except BaseException:
            self.close()
            raise

    def _forget(self, folder: Path) -> None:
        """Delete the files that the old manifest names, then it: pages of two kinds are never mixed."""
        if not self.path.exists():
            return
        with self.path.open("rb") as stream:
            for line in stream:
                with suppress(ValueError, KeyError, TypeError, AttributeError):
                    name = Path(orjson.loads(line)["file"])
                    if not name.is_absolute() and ".." not in name.parts:
                        (folder / name).unlink(missing_ok=True)
        self.path.unlink()

    def _read(self, folder: Path, header: Mapping[str, Any], stands: Callable[[Mapping[str, Any]], bool]) -> None:
        """Read what stands there line by line, cut off what is torn, and write the header of a new one."""
        whole = 0  # bytes up to the end of the last record that is complete
        begun: list[bytes] = []
        sound = True
        with self.path.open("rb") as stream:
            for number, line in enumerate(stream, start=1):
                if not line.endswith(b"\n"):
                    break
                row = self._row(number, line)
                if number == 1:
                    refuse_another(folder, row, orjson.loads(orjson.dumps(dict(header))))
                    whole = len(line)
                    continue
                begun.append(line)
                self.faults += [Fault(*fault) for fault in row.get("faults", ())]
                sound = sound and "fault" not in row and stands(row)
                if row["page"] == row["pages"]:
                    block = b"".join(begun)
                    whole += len(block)
                    self._written[_key(row)] = _digest(block)
                    (self.finished.add if sound else self.finished.discard)(_key(row))
                    begun, sound = [], True
        os.ftruncate(self._file, whole)
        if not whole:
            self._append(orjson.dumps(dict(header), option=orjson.OPT_APPEND_NEWLINE))

    def _row(self, number: int, line: bytes) -> dict[str, Any]:
        try:
            row = orjson.loads(line)
            if not isinstance(row, dict) or (number > 1 and not {"page", "pages"} <= row.keys()):
                raise ValueError("no row of a manifest")
            if number > 1:
                _key(row)
        except (ValueError, KeyError):
            raise EinthovenError(
                f"line {number} of {self.path} is damaged", "start over with --fresh", Exit.INCOMPLETE
            ) from None
        return row

    def append(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write the rows of one finished record; the same rows are not written twice.

        Parameters
        ----------
        rows : sequence of mapping
            All of one record or shard, counted by ``page`` from 1 to ``pages``.
        """
        block = b"".join(orjson.dumps(dict(row), option=orjson.OPT_APPEND_NEWLINE) for row in rows)
        key = _key(rows[0])
        if self._written.get(key) == _digest(block):
            return
        self._append(block)
        self._written[key] = _digest(block)

    def _append(self, block: bytes) -> None:
        append_whole(self._file, self.path, block, "what is drawn is kept")

    def close(self) -> None:
        """Let go of file and folder."""
        os.close(self._file)
        self._release()

    def _release(self) -> None:
        Path(self._lock.lock_file).unlink(missing_ok=True)  # while it is held: who comes now makes a new one
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _key(row: Mapping[str, Any]) -> str:
    """Name whose row it is: a record's, or that of a shard of many."""
    return str(row["record"] if "record" in row else row["shard"])


def _digest(block: bytes) -> bytes:
    return blake2b(block, digest_size=16).digest()
