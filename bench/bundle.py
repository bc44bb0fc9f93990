"""One finished run on disk: ``result.json``, ``run.json``, ``answers.jsonl.gz``, ``records.jsonl.gz``.

``run.json`` is what was asked of whom, ``records.jsonl.gz`` what was known of every record, ``answers.jsonl.gz`` what
came back: all that scoring needs. ``result.json`` is computed from these three and from nothing else, so that scoring
again gives the same bytes.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from einthoven.errors import EinthovenError, Exit

__all__ = ["BUNDLE_VERSION", "Bundle", "json_bytes", "read_bundle", "replace_file", "write_json", "write_rows"]


#: The version of the bundle's files; raise it when a reader of the old ones would misread the new.
BUNDLE_VERSION = "1"

#: Bytes, unpacked: far beyond any honest row (an answer is cut at 200,000 characters before it is parsed) or file.
_LONGEST_ROW, _LARGEST_FILE = 4_000_000, 500_000_000

#: Rows, far beyond any honest file: a hundred million empty ones are within the bytes and not within the memory.
_MOST_ROWS = 2_000_000

#: Bytes of ``run.json``, which holds prompts, faults and one answer a fold.
_LARGEST_RUN = 50_000_000


@dataclass(frozen=True, slots=True)
class Bundle:
    """The rows of a finished run.

    Attributes
    ----------
    run : mapping
        Identity, prompts, folds with their majority, versions, environment.
    records : sequence of mapping
        One a record: id, patient, truth with masks, fold, statements, image hashes.
    answers : sequence of mapping
        One a record and arm: text, status, usage, latency.
    """

    run: Mapping[str, Any]
    records: Sequence[Mapping[str, Any]]
    answers: Sequence[Mapping[str, Any]]


def replace_file(
    path: Path, content: bytes, remedy: str = "make room and run the same command again: nothing is asked twice"
) -> None:
    """Write beside, then rename: a reader never sees half a file, and a full disk leaves the old one.

    Raises
    ------
    EinthovenError
        It cannot be written (`Exit.INCOMPLETE`).
    """
    beside = path.with_name(path.name + ".part")
    try:
        with beside.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise EinthovenError(f"cannot write {path}: {error.strerror}", remedy, Exit.INCOMPLETE) from None


def json_bytes(document: Mapping[str, Any]) -> bytes:
    """Return a JSON document as it is written: indented, keys in their own order, one newline at the end."""
    return (json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def write_json(path: Path, document: Mapping[str, Any]) -> None:
    """Write a JSON document in the form of `json_bytes`."""
    replace_file(path, json_bytes(document))


def write_rows(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write rows as gzipped JSON lines; no time stamp and no name inside, so that equal rows are equal bytes."""
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=buffer, mtime=0) as stream:
        for row in rows:
            stream.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
    replace_file(path, buffer.getvalue())


def _rows(path: Path) -> list[dict[str, Any]]:
    """Read gzipped JSON lines, within bounds: a stranger's file may be a bomb."""
    rows: list[dict[str, Any]] = []
    size = 0
    with gzip.open(path, "rb") as stream:
        while line := stream.readline(_LONGEST_ROW + 1):
            size += len(line)
            if len(line) > _LONGEST_ROW or size > _LARGEST_FILE or len(rows) >= _MOST_ROWS:
                raise ValueError(
                    f"more than {_LONGEST_ROW:,} bytes a row, {_LARGEST_FILE:,} in all or {_MOST_ROWS:,} rows"
                )
            row = orjson.loads(line)
            if not isinstance(row, dict):
                raise ValueError("a row that is no object")
            rows.append(row)
    return rows


def read_bundle(folder: Path) -> Bundle:
    """Read a bundle.

    Raises
    ------
    EinthovenError
        The folder is no bundle, the run in it is not finished, or a file in it is damaged.
    """
    names = ("run.json", "records.jsonl.gz", "answers.jsonl.gz")
    missing = [name for name in names if not (folder / name).is_file()]
    if missing and (folder / "journal.jsonl").is_file():
        raise EinthovenError(
            f"the run in {folder} is not finished",
            "run the same command again: it goes on by itself",
            Exit.INCOMPLETE,
        )
    if missing:
        raise EinthovenError(
            f"{folder} is no bundle: no {missing[0]}", "give the --out folder of a run", Exit.MISSING
        )
    read = ""
    try:
        read = names[0]
        if (folder / read).stat().st_size > _LARGEST_RUN:
            raise ValueError(f"more than {_LARGEST_RUN:,} bytes")
        run = orjson.loads((folder / read).read_bytes())
        read = names[1]
        records = _rows(folder / read)
        read = names[2]
        answers = _rows(folder / read)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise EinthovenError(f"{folder / read} is damaged: {error}", "copy the bundle again", Exit.MISSING) from None
    found = run.get("bundle_version") if isinstance(run, dict) else None
    if found != BUNDLE_VERSION:
        raise EinthovenError(
            f"{folder} is a bundle of version {found}, this einthoven reads version {BUNDLE_VERSION}",
            "use the einthoven that stands in its run.json",
            Exit.MISSING,
        )
    return Bundle(run, records, answers)
