"""Scores of labels as a person reads them: a line a label, means by label space."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["print_rows"]

_SCORES = ("auroc", "auprc", "f1", "ece")


def print_rows(spaces: Mapping[str, Sequence[Mapping[str, Any]]], labels_of: str | None = None) -> None:
    """Print the mean of every label space, and the labels of one.

    Parameters
    ----------
    spaces : mapping of str to sequence of mapping
        `label_report.LabelReport.rows` by space.
    labels_of : str, optional
        The space whose labels are printed; the superclasses, or the only space there is, by default.
    """
    from rich.console import Console
    from rich.table import Table

    shown = labels_of or next((name for name in spaces if "super" in name), next(iter(spaces)))
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    for heading in ("", "cases", *(name.upper() for name in _SCORES)):
        table.add_column(heading, no_wrap=True, justify="right" if heading == "cases" else "left")
    for name, rows in spaces.items():
        mean, *labels = rows
        scored = sum(row["auroc"]["value"] is not None for row in labels)
        title = f"[bold]{name}[/] (mean of {scored}{'' if scored == len(labels) else f' of {len(labels)}'})"
        table.add_row(title, "", *(_cell(mean[key]) for key in _SCORES))
    for row in spaces[shown][1:]:
        table.add_row(f"  {row['label']}", str(row["cases"]), *(_cell(row[key]) for key in _SCORES))
    Console(highlight=False, width=130).print(table)


def _cell(found: Mapping[str, float | None]) -> str:
    if found["value"] is None:
        return "–"
    return f"{found['value']:.3f} [{found['low']:.3f}, {found['high']:.3f}]"
