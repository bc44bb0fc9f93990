"""``einthoven ls``: what there is."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import click

__all__ = ["ls"]


def _tasks() -> list[dict[str, str]]:
    from einthoven.tasks.registry import TASKS

    return [{"task": name, "asks for": line} for name, (_, line) in TASKS.items()]


def _axes() -> list[dict[str, str]]:
    from einthoven.tasks.taxonomy import axes

    return [
        {
            "axis": name,
            "kind": axis.kind,
            "normal": axis.normal or "(none)",
            "leakable by": ", ".join(axis.leakable_by) or "-",
            "values": ", ".join(axis.values),
        }
        for name, axis in axes().items()
    ]


def _views() -> list[dict[str, str]]:
    from einthoven.renderers.registry import VIEWS, description

    return [{"view": name, "shows": description(name)} for name in VIEWS]


def _models() -> list[dict[str, str]]:
    from einthoven.adapters.provider import providers
    from einthoven.adapters.registry import LOCAL, MODELS

    rows = [{"model": name, "is": line} for name, (_, line) in MODELS.items()]
    rows += [{"model": f"{kind}/REPO-OR-PATH", "is": line} for kind, (_, line) in LOCAL.items()]
    return rows + [
        {"model": f"{provider.name}/MODEL", "is": f"{provider.title} ({' or '.join(provider.keys)})"}
        for provider in providers().values()
    ]


def _data() -> list[dict[str, str]]:
    from einthoven.bench.sources.registry import SOURCES

    return [{"data": name, "is": line} for name, _, line in SOURCES.values()]


_LISTS: Mapping[str, Callable[[], list[dict[str, str]]]] = {
    "tasks": _tasks,
    "axes": _axes,
    "views": _views,
    "models": _models,
    "data": _data,
}


@click.command()
@click.argument("what", type=click.Choice(list(_LISTS)))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def ls(what: str, as_json: bool) -> None:
    """List the tasks, axes, views, models or data sources."""
    rows = _LISTS[what]()
    if as_json:
        click.echo(json.dumps(rows, indent=1))
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    headings = list(rows[0])
    for heading in headings:
        wide = 30 if heading == headings[-1] else None  # the column that holds the sentence, or the words
        table.add_column(heading, overflow="fold", min_width=wide, no_wrap=heading == headings[0])
    for row in rows:
        table.add_row(*map(escape, row.values()))
    Console().print(table)
