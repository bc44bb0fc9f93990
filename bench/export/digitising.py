"""Digitise many paper ECGs into a folder: in all cores, leaving what stands there already."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from einthoven.bench.export.page_document import document_of, identity, refused, written
from einthoven.bench.export.page_images import Sheet
from einthoven.bench.export.png_files import save
from einthoven.bench.export.recovered import ENDINGS, recovered
from einthoven.bench.progress import Meter
from einthoven.bench.workers import cores, mapped
from einthoven.errors import EinthovenError, Exit

__all__ = ["Row", "digitise_sheets"]

#: What a killed worker means to a person, and what to do.
_KILLED = (
    "a process that digitised pages was killed (out of memory?)",
    "run the same command again, with --jobs 1 if it happens again: what is digitised is kept",
)

#: Fewer pages a worker than this, and starting it takes longer than it saves.
_WORTH_A_WORKER = 4


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one paper ECG.

    Attributes
    ----------
    document : mapping
        What its JSON file says.
    kept : bool
        It stood there already.
    """

    document: Mapping[str, Any]
    kept: bool = False


@dataclass(frozen=True, slots=True)
class _Done:
    """What comes back from a worker."""

    row: Row | None = None
    stop: tuple[str, str, Exit] | None = None  # errors of two lines do not survive pickling


def digitise_sheets(
    sheets: Sequence[Sheet],
    folder: Path,
    *,
    jobs: int | None = None,
    fresh: bool = False,
    with_overlay: bool = True,
) -> list[Row]:
    """Digitise paper ECGs into a folder.

    The same images digitised by the same version are kept. Other files of the same names are never replaced.

    Parameters
    ----------
    sheets : sequence of Sheet
        Which images.
    folder : Path
        Where ``STEM.hea``, ``.dat``, ``.csv``, ``.overlay.png`` and ``.json`` go.
    jobs : int, optional
        Worker processes; by default one a core.
    fresh : bool
        Replace what stands there.
    with_overlay : bool
        Draw the pictures.

    Returns
    -------
    list of Row
        In the order of the sheets.

    Raises
    ------
    EinthovenError
        The folder is in use or cannot be written, something else stands there, or a worker was killed.
    """
    workers = min(jobs or cores(), len(sheets) // _WORTH_A_WORKER)
    rows: list[Row] = []
    failed = 0
    with _held(folder), Meter("digitising", len(sheets)) as meter:
        given = (folder, fresh, with_overlay, workers > 1)
        for done in mapped(_work, sheets, workers, _start, given, _KILLED):
            if done.stop is not None:
                raise EinthovenError(*done.stop)
            assert done.row is not None
            rows.append(done.row)
            failed += done.row.document["outcome"] != "digitised"
            meter.advance(1, f"{failed} not digitised" if failed else None)
    return rows


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Hold the folder, which is made where it is missing, against a second process."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / ".lock")
        lock.acquire(timeout=0)
    except Timeout:
        raise EinthovenError(
            f"another process is working in {folder}", "wait for it to end, or give another -o", Exit.INCOMPLETE
        ) from None
    except OSError as error:
        raise EinthovenError(f"cannot write to {folder}: {error.strerror}", "give another -o") from None
    try:
        yield
    finally:
        with suppress(OSError):
            Path(lock.lock_file).unlink(missing_ok=True)  # while it is held: who comes now makes a new one
        lock.release()


_given: tuple[Path, bool, bool]


def _start(folder: Path, fresh: bool, with_overlay: bool, one_of_many: bool) -> None:
    global _given
    os.environ.setdefault("OPENCV_LOG_LEVEL", "ERROR")  # what it grumbles about damaged files is said in the table
    if one_of_many:
        from cv2 import setNumThreads

        setNumThreads(1)  # the workers fill the cores
    _given = folder, fresh, with_overlay


def _work(sheet: Sheet) -> _Done:
    """Digitise one sheet and write its files."""
    folder, fresh, with_overlay = _given
    try:
        return _Done(_digitised(sheet, folder, fresh, with_overlay))
    except EinthovenError as error:
        return _Done(stop=(error.problem, error.remedy, error.exit_code))


def _digitised(sheet: Sheet, folder: Path, fresh: bool, with_overlay: bool) -> Row:
    path = folder / f"{sheet.stem}.json"
    before = None if fresh else document_of(path)
    try:
        images = [(one.name, one.read_bytes()) for one in sheet.images]
    except OSError as error:
        nothing = identity([(one.name, None) for one in sheet.images])
        why = f"{Path(str(error.filename)).name} cannot be read: {error.strerror}"
        files = {".json": written(refused(sheet.stem, nothing, why))}
        now = nothing
    else:
        now = identity(images)
        if before is not None and _stands(before, now, path, with_overlay):
            return Row(before, kept=True)
        files = recovered(sheet.stem, images, with_overlay=with_overlay)
    if not fresh and (before is None or any(before.get(key) != value for key, value in now.items())):
        _refuse_others(folder, sheet.stem, files, before, now)
    for ending in ENDINGS:
        target = folder / f"{sheet.stem}{ending}"
        if ending in files:
            save(target, files[ending])
        elif fresh:
            target.unlink(missing_ok=True)  # of a page that gave a signal
    document = document_of(path)
    assert document is not None
    return Row(document)


def _stands(before: Mapping[str, Any], now: Mapping[str, Any], path: Path, with_overlay: bool) -> bool:
    """Whether a page was digitised already by this version, and its files are there; a failure is looked at again."""
    if any(before.get(key) != value for key, value in now.items()) or before["outcome"] != "digitised":
        return False
    names = [str(name) for name in before["files"]]
    return all(path.with_name(name).is_file() for name in names) and (
        not with_overlay or any(name.endswith(".overlay.png") for name in names)
    )


def _refuse_others(
    folder: Path, stem: str, files: Mapping[str, bytes], before: Mapping[str, Any] | None, now: Mapping[str, Any]
) -> None:
    """Refuse to overwrite what is not the same, or to let it stand beside what is said of another image."""
    if before is not None and before.get("images") == now["images"]:
        raise EinthovenError(
            f"{folder / stem}.json was made by another version of einthoven", "give another -o, or add --fresh"
        )
    for ending in ENDINGS:
        target = folder / f"{stem}{ending}"
        if target.exists() and not (ending in files and _holds(target, files[ending])):
            raise EinthovenError(
                f"{target} stands there already, and is of another page", "give another -o, or add --fresh"
            )


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.read_bytes() == content
    except OSError:
        return False
