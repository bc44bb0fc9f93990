"""``einthoven render --digitise``: pages of paper ECGs in, the signals on them out."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from einthoven.errors import EinthovenError, Exit

if TYPE_CHECKING:  # imported when the command runs: --help stays fast
    from einthoven.bench.export.digitising import Row

__all__ = ["digitise_pages"]

#: The flags of ``render`` that mean something here.
_FLAGS = frozenset({"sources", "digitise", "together", "overlay", "out", "jobs", "fresh", "as_json"})


def digitise_pages(
    pages: Sequence[str],
    out: Path | None,
    *,
    together: bool,
    overlay: bool,
    jobs: int | None,
    fresh: bool,
    as_json: bool,
) -> None:
    """Digitise pages into a folder and print what became of each.

    Parameters
    ----------
    pages : sequence of str
        Image files and folders.
    out : Path or None
        The folder.
    together, overlay, jobs, fresh, as_json
        The flags.

    Raises
    ------
    EinthovenError
        Nothing was named, a flag does not belong here, or a page gave no signal (`Exit.GATE_FAILED`).
    """
    context = click.get_current_context()
    for parameter in context.command.params:
        given = context.get_parameter_source(parameter.name or "") is ParameterSource.COMMANDLINE
        if given and parameter.name not in _FLAGS:
            raise EinthovenError(f"{parameter.opts[0]} does not go with --digitise", "leave one of them out")
    if not pages:
        raise EinthovenError("there is nothing to digitise", "name images, or folders of images")
    if out is None:
        raise EinthovenError("--digitise writes several files a page", "say where to: -o DIR")
    if out.exists() and not out.is_dir():
        raise EinthovenError(f"{out} is a file, and --digitise writes several a page", "give a folder: -o DIR")
    from einthoven.bench.export.digitising import digitise_sheets
    from einthoven.bench.export.page_images import sheets

    found = sheets([Path(page).expanduser() for page in pages], together=together)
    rows = digitise_sheets(found, out, jobs=jobs, fresh=fresh, with_overlay=overlay)
    if as_json:
        click.echo(json.dumps([{**row.document, "kept": row.kept} for row in rows], indent=1))
    else:
        _print_table(rows)
        kept = sum(row.kept for row in rows)
        said = f"; {kept:,} stood there already" if kept else ""
        click.echo(f"{out}: {sum(map(_digitised, rows)):,} of {len(rows):,} digitised{said}")
    failed = [row for row in rows if not _digitised(row)]
    if failed:
        pages_said = "1 page" if len(rows) == 1 else f"{len(failed)} of {len(rows)} pages"
        why = f": {failed[0].document['reason']}" if len(failed) == 1 else ""
        raise EinthovenError(
            f"{pages_said} could not be digitised{why}",
            "give an upright, evenly lit picture of the whole sheet with its grid"
            if len(failed) == 1
            else "the reasons stand in the table and in each page's .json",
            Exit.GATE_FAILED,
        )


def _digitised(row: Row) -> bool:
    return bool(row.document["outcome"] == "digitised")


def _print_table(rows: Sequence[Row]) -> None:
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=box.SIMPLE)
    table.add_column("page", overflow="fold")
    table.add_column("layout", no_wrap=True)
    for name in ("rate", "axis", "quality"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("outcome")
    for row in rows:
        table.add_row(*(escape(cell) for cell in _cells(row)))
    # Without a terminal rich assumes 80 columns, which cuts the last ones.
    Console(highlight=False, width=None if sys.stdout.isatty() else 160).print(table)


def _cells(row: Row) -> tuple[str, ...]:
    document = row.document
    if not _digitised(row):
        why = "; ".join([str(document["reason"]), *document["warnings"]])
        return str(document["record"]), "", "", "", "", f"not digitised: {why}"
    numbers: Mapping[str, Any] = document["measurements"]
    rate, axis = (_number(numbers[name]) for name in ("heart_rate", "qrs_axis"))
    outcome = "; ".join(["stood there" if row.kept else "digitised", *document["warnings"]])
    quality = min(document["confidence"], numbers["quality"])  # what was traced, and what was measured on it
    return str(document["record"]), str(document["layout"]), rate, axis, f"{quality:.2f}", outcome


def _number(value: float | None) -> str:
    return "–" if value is None else str(round(value))
