"""The journal of a run: every answer is appended and flushed as it arrives, and nothing that stands there is lost.

One JSON object a line. A line is one ``write`` to a file opened for appending, so that a process killed at any moment
leaves at most one torn last line, which is cut off when the journal is opened again.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson
from filelock import FileLock, Timeout

from einthoven.errors import EinthovenError, Exit

__all__ = ["Journal", "append_whole"]


def append_whole(file: int, path: Path, block: bytes, kept: str) -> None:
    """Append a block in one write, or nothing of it.

    Parameters
    ----------
    file : int
        A descriptor opened for appending.
    path : Path
        The file's, for the message.
    block : bytes
        Whole lines.
    kept : str
        What a person need not fear for.

    Raises
    ------
    EinthovenError
        The disk is full or fails (`Exit.INCOMPLETE`); the file is as it was.
    """
    before = os.fstat(file).st_size
    try:
        written = os.write(file, block)
        if written < len(block):  # the disk filled up in the middle
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    except OSError as error:
        with suppress(OSError):
            os.ftruncate(file, before)
        raise EinthovenError(
            f"cannot write to {path}: {error.strerror}",
            f"make room and run the same command again: {kept}",
            Exit.INCOMPLETE,
        ) from None


class Journal:
    """An append-only file of answers, held by one process at a time.

    Parameters
    ----------
    folder : Path
        The run's folder; it is made where it is missing. The journal is ``journal.jsonl`` in it.

    Attributes
    ----------
    torn : int
        Bytes of a torn last line that were cut off on opening; 0 where there was none.

    Raises
    ------
    EinthovenError
        Another process holds the folder, the folder cannot be written, a line in the middle is damaged, or (on
        appending) the disk is full.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "journal.jsonl"
        self.torn = 0
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(folder / ".lock")
            self._lock.acquire(timeout=0)
        except Timeout:
            raise EinthovenError(
                f"another process is running in {folder}",
                "wait for it to end, or give another --out",
                Exit.INCOMPLETE,
            ) from None
        except OSError as error:
            raise EinthovenError(f"cannot write to {folder}: {error.strerror}", "give another --out") from None
        try:
            self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        except OSError as error:
            self._lock.release()
            raise EinthovenError(f"cannot write to {self.path}: {error.strerror}", "give another --out") from None
        self._cut_torn_line()

    def _cut_torn_line(self) -> None:
        content = self.path.read_bytes()
        whole = content.rfind(b"\n") + 1
        self.torn = len(content) - whole
        if self.torn:
            os.ftruncate(self._file, whole)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Give the rows in the order in which they were written."""
        for number, line in enumerate(self.path.read_bytes().splitlines(), start=1):
            try:
                row = orjson.loads(line)
                if not isinstance(row, dict):
                    raise ValueError("not an object")
            except ValueError:
                raise EinthovenError(
                    f"line {number} of {self.path} is damaged",
                    f"delete line {number} to ask that one again, or start over with --fresh",
                    Exit.INCOMPLETE,
                ) from None
            yield row

    def append(self, row: Mapping[str, Any]) -> None:
        """Write one row; when this returns the operating system has it, and a killed process loses nothing."""
        line = orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
        append_whole(self._file, self.path, line, "what was answered is kept")

    def sync(self) -> None:
        """Have the disk itself hold what was appended; worth its time once in a while, not for each row."""
        os.fsync(self._file)

    def close(self) -> None:
        """Let go of file and folder; a journal without a row, and the lock's file, are not left behind."""
        empty = os.fstat(self._file).st_size == 0
        os.close(self._file)
        if empty:
            self.path.unlink(missing_ok=True)
        Path(self._lock.lock_file).unlink(missing_ok=True)  # while it is held: who comes now makes a new one
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
