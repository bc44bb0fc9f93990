"""A label table in CSV: known columns, or two lines that say which one is missing."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from einthoven.bench.sources.header import read_text
from einthoven.errors import EinthovenError, Exit

__all__ = ["read_table"]


def read_table(path: Path, required: Sequence[str], optional: Sequence[str] = ()) -> Iterator[dict[str, str]]:
    """Yield the rows of a CSV file with the known columns only; an absent cell is the empty string.

    The standard library reads 21,799 rows in a sixth of the time that importing pandas takes. A byte order mark, CRLF
    line ends and line breaks inside quoted cells are taken as they come; names of columns are matched exactly.

    Parameters
    ----------
    path : Path
        The file.
    required, optional : sequences of str
        The columns that are read. Any other column is left out.

    Raises
    ------
    EinthovenError
        With `Exit.MISSING` where the file cannot be read or a required column is missing; it is named.
    """
    try:
        text = read_text(path)
    except OSError as error:
        raise EinthovenError(
            f"{path} cannot be read: {error.strerror or error}", "check the path and its permissions", Exit.MISSING
        ) from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = [cell.strip() for cell in _next_row(reader, path) or ()]
    missing = [name for name in required if name not in header]
    if missing:
        found = ", ".join(header[:8]) + (", …" if len(header) > 8 else "") if any(header) else "nothing"
        raise EinthovenError(
            f"{path} has no column {', '.join(missing)} (it begins with {found})",
            f"it needs a header line with the columns {', '.join(required)}, separated by commas",
            Exit.MISSING,
        )
    place = {name: header.index(name) for name in (*required, *optional) if name in header}
    absent = dict.fromkeys((*required, *optional), "")
    while (row := _next_row(reader, path)) is not None:
        if any(cell.strip() for cell in row):
            yield absent | {name: row[column] for name, column in place.items() if column < len(row)}


def _next_row(reader: Iterator[list[str]], path: Path) -> list[str] | None:
    """Return the next row or nothing at the end; a quote that never closes is an error, not a cell that eats rows."""
    try:
        return next(reader, None)
    except csv.Error as error:
        raise EinthovenError(
            f"{path} is no CSV table: {error}", "save it again as CSV, UTF-8", Exit.MISSING
        ) from None
