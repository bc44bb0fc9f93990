"""Pages as PNG files: ``VIEW/ID.png``, and the rows that a manifest says of them."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from einthoven.errors import EinthovenError, Exit
from einthoven.renderers.page import Page

__all__ = ["file_name", "page_suffixes", "rows", "save", "stands", "write"]

#: File systems hold 255 bytes a name; this leaves room for a lead and an ending.
_LONGEST = 200


def file_name(record_id: str) -> str:
    """Make a file name of an id: equal only for equal ids, without a path's separators, at most 200 characters.

    Letters, digits and ``_ . - ~`` stay, all else becomes ``%XX`` as in an address: ``a/b`` is ``a%2Fb``.
    """
    name = quote(record_id, safe="")
    if name.startswith("."):  # neither hidden nor the folder above
        name = f"%2E{name[1:]}"
    if len(name) <= _LONGEST:
        return name
    return f"{name[: _LONGEST - 33]}+{hashlib.sha256(record_id.encode()).hexdigest()[:32]}"


def page_suffixes(pages: Sequence[Page]) -> list[str]:
    """Give what tells the pages of one record and view apart: nothing for one, the lead, or a number."""
    count = Counter(page.view for page in pages)
    seen: Counter[str] = Counter()
    suffixes = []
    for page in pages:
        seen[page.view] += 1
        leads = page.geometry.segments
        if count[page.view] == 1:
            suffixes.append("")
        elif len(leads) == 1:
            suffixes.append(f"-{leads[0].lead}")
        else:  # a plus sign stands in no name that `file_name` gives to another id
            suffixes.append(f"+{seen[page.view]}")
    return suffixes


def _row(record_id: str, split: str, page: Page, file: str, number: int, count: int) -> dict[str, Any]:
    """Word the row of one page, `number` of the `count` that a record has over all views."""
    return {
        "record": record_id,
        "page": number,
        "pages": count,
        "split": split,
        "view": page.view,
        "file": file,
        "pixel_id": page.pixel_id,
        "bytes": len(page.png),
        "degraded": page.degraded,
        "clipped": any(segment.clipped for segment in page.geometry.segments),
        "geometry": page.geometry.to_json(),
    }


def rows(record_id: str, split: str, pages: Sequence[Page]) -> list[dict[str, Any]]:
    """Word the rows of a record's pages."""
    name = file_name(record_id)
    files = [f"{page.view}/{name}{suffix}.png" for page, suffix in zip(pages, page_suffixes(pages), strict=True)]
    return [
        _row(record_id, split, page, file, number, len(pages))
        for number, (page, file) in enumerate(zip(pages, files, strict=True), start=1)
    ]


def write(folder: Path, record_id: str, split: str, pages: Sequence[Page]) -> list[dict[str, Any]]:
    """Write a record's pages, and word their rows.

    Raises
    ------
    EinthovenError
        The disk is full, or the folder cannot be written.
    """
    worded = rows(record_id, split, pages)
    for row, page in zip(worded, pages, strict=True):
        save(folder / row["file"], page.png)
    return worded


def save(path: Path, content: bytes) -> None:
    """Write beside, then rename: a killed process leaves no half picture under its name.

    Raises
    ------
    EinthovenError
        As `write`.
    """
    beside = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise EinthovenError(
            f"cannot write {path}: {error.strerror}",
            "make room or give another -o, and run the same command again: what is drawn is kept",
            Exit.INCOMPLETE,
        ) from None


def stands(folder: Path, row: Mapping[str, Any]) -> bool:
    """Whether the file of a row is there, of the size that was written."""
    try:
        return (folder / str(row["file"])).stat().st_size == int(row["bytes"])
    except OSError:
        return False
