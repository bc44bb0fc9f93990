"""``einthoven render --profile``: what is left of each view after a model's own resize."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from einthoven.bench.export.drawing import Drawing

__all__ = ["print_profile"]


def print_profile(model: str, drawing: Drawing, as_json: bool) -> None:
    """Print the effective resolution of a drawing's views for one model.

    Parameters
    ----------
    model : str
        A model's name, or that of a profile.
    drawing : Drawing
        Of which views and options count.
    as_json : bool
        Print JSON in place of the table.
    """
    from einthoven.renderers.resolution import COLUMNS, resolutions

    rows = resolutions(model, drawing.views, drawing.options)
    if as_json:
        click.echo(json.dumps([row.to_json() for row in rows], indent=1))
        return
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=box.SIMPLE)
    for column in COLUMNS:
        table.add_column(escape(str(column)))
    for row in rows:
        table.add_row(*(escape(str(cell)) for cell in row.cells()))
    # Without a terminal rich assumes 80 columns, which cuts the last ones.
    Console(highlight=False, width=None if sys.stdout.isatty() else 160).print(table)
