"""``einthoven experiment``: the published study's seven experiments, on any model and any data."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from einthoven.cli.experiment_options import shared, wish_of
from einthoven.cli.experiment_run import run

if TYPE_CHECKING:  # imported when the command runs: --help stays fast
    from einthoven.bench.experiments.preset import Preset

__all__ = ["experiment"]


@click.group()
def experiment() -> None:
    """Repeat the published study: seven experiments, each made of ordinary commands.

    "experiment show 5" says what experiment 5 tests and which commands it is, "experiment run 5" carries them out.
    """


@experiment.command(name="ls")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def ls_(as_json: bool) -> None:
    """List the experiments."""
    from einthoven.bench.experiments.preset import presets

    if as_json:
        click.echo(json.dumps([_facts(one) for one in presets().values()], indent=1))
        return
    for one in presets().values():
        click.echo(f"{one.number}  {one.name:18} {one.title}{'' if one.trains else ' (trains nobody: any model)'}")


def _facts(one: Preset) -> dict[str, Any]:
    keys = ("number", "name", "title", "tests", "differs", "trains", "given")
    return {key: getattr(one, key) for key in keys} | {"views": [part.view for part in one.parts]}


@experiment.command()
@click.argument("which")
@click.option("--model", default="", help="hf/REPO-OR-PATH, or any model for experiment 1.")
@shared
def show(which: str, model: str, as_json: bool, **given: Any) -> None:
    """Say what experiment WHICH tests, what is published of it, and which commands it is."""
    import shlex
    import textwrap

    from einthoven.bench.experiments.commands import shown, steps_of
    from einthoven.bench.experiments.preset import preset
    from einthoven.bench.experiments.table import seen_lines
    from einthoven.bench.experiments.wish import MODEL
    from einthoven.bench.published import published

    one = preset(which)
    steps = steps_of(one, wish_of(model or MODEL, **given))
    study = published()
    if as_json:
        columns = [
            {"part": column.part, "model": column.model, "metric": column.metric}
            | {"figures": {name: figure.text for name, figure in column.figures.items()}}
            for column in study.of(one.name)
        ]
        commands = [shlex.join(["einthoven", *step.arguments]) for step in steps]
        click.echo(json.dumps(_facts(one) | {"commands": commands, "published": columns}, indent=1))
        return
    click.echo(f"{one.number}  {one.title}\n")
    for text in (one.tests, one.differs):
        click.echo(textwrap.fill(text, 100))
    click.echo()
    for step in steps:
        click.echo(shown(step.arguments))
    click.echo(f"\n{study.lane}: {study.publisher}, {study.address}")
    for column in study.of(one.name):
        figures = ", ".join(f"{name} {figure.text}" for name, figure in column.figures.items())
        who = " ".join(filter(None, (column.part, column.model)))
        click.echo(
            textwrap.fill(f"{who}: {figures}" if who else figures, 100, initial_indent="  ", subsequent_indent="    ")
        )
    if not study.of(one.name):
        click.echo("  no figure that we hold")
    click.echo()
    for line in seen_lines():
        click.echo(line)


experiment.add_command(run)
