"""A table that fits its terminal: columns that find no room become lines below it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

__all__ = ["BESIDE", "fitted"]

#: Columns that may go, the first one first, and what their line says.
BESIDE: Mapping[str, str] = {
    "inv %": "answers that cannot be used, counted as wrong, in %",
    "numbers": "gain from the printed numbers alone",
}


def fitted(rows: Sequence[Mapping[str, str]], width: int) -> tuple[list[dict[str, str]], list[str]]:
    """Take columns out of a table until it fits, for headings and words that are cut say nothing.

    Parameters
    ----------
    rows : sequence of mapping
        Cells by heading, the same headings in each; the first column names the row.
    width : int
        Characters of a line; columns are set apart by one.

    Returns
    -------
    list of dict, list of str
        What is left, and a line for each column that was taken out.
    """
    left, lines = [dict(row) for row in rows], []
    for heading, title in BESIDE.items():
        wide = sum(max(len(name), *(len(row[name]) for row in left)) + 1 for name in left[0]) - 1
        if wide > width and heading in left[0]:
            first = next(iter(left[0]))
            lines.append(f"{title}: {', '.join(f'{row[first]} {row.pop(heading)}' for row in left)}")
    return left, lines
