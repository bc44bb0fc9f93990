"""``einthoven experiment run``: experiments carried out, resumed, and their tables."""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from einthoven.cli.experiment_options import shared, wish_of
from einthoven.errors import EinthovenError, Exit

if TYPE_CHECKING:  # imported when the command runs: --help stays fast
    from einthoven.bench.experiments.preset import Preset
    from einthoven.bench.experiments.wish import Wish

__all__ = ["run"]

_ALL = "all"


@click.command()
@click.argument("which", nargs=-1, required=True)
@click.option("--model", "models", multiple=True, required=True, help="Whom; repeat for several.")
@shared
@click.option(
    "--dry-run", is_flag=True, help="Say what is to be done, what it costs and how long it takes; do nothing."
)
def run(which: tuple[str, ...], models: tuple[str, ...], as_json: bool, dry_run: bool, **given: Any) -> None:
    """Carry out experiments WHICH (numbers or names, or "all") and print their tables.

    Each command that has finished is skipped when the same line is given again, and one that was interrupted goes on.
    "all" also makes a page of all of them, site/study.html under --out.
    """
    from einthoven.bench.experiments.forecast import forecast, forecast_lines
    from einthoven.bench.experiments.perform import perform
    from einthoven.bench.experiments.table import print_outcome, print_study
    from einthoven.bench.progress import announce

    plan = _plan(which, [wish_of(model, **given) for model in models])
    _check(plan, dry=dry_run)
    known: dict[Hashable, Mapping[str, Any]] = {}
    found = [forecast(one, wish, _estimate, known) for one, wish in plan]
    if dry_run:
        click.echo(json.dumps(found, indent=1) if as_json else "\n".join(forecast_lines(found)))
        return
    announce(forecast_lines(found))
    documents = [perform(one, wish, _do) for one, wish in plan]
    page = _page([wish for _, wish in plan]) if _ALL in which else None
    if as_json:
        click.echo(json.dumps(documents, indent=1, ensure_ascii=False))
        return
    for document in documents:
        print_outcome(document)
    if len(documents) > 1:
        print_study(documents)
    if page is not None:
        click.echo(f"the page: {page}")


def _page(wishes: Sequence[Wish]) -> Path:
    """Build one page of all that the models have done in these folders, the site of their bundles around it."""
    from einthoven.leaderboard.build import build

    return build([wish.folder for wish in dict.fromkeys(wishes)], wishes[0].out / "site").with_name("study.html")


def _plan(which: Sequence[str], wishes: Sequence[Wish]) -> list[tuple[Preset, Wish]]:
    """Return who does what; of "all" a model that cannot be trained does what trains nobody."""
    from einthoven.bench.experiments.preset import preset, presets
    from einthoven.bench.progress import announce

    # Beside "all" too, so that a bad word is refused.
    chosen = list({one.number: one for one in map(preset, (word for word in which if word != _ALL))}.values())
    plan = []
    for wish in wishes:
        if _ALL not in which:
            plan += [(one, wish) for one in chosen]
            continue
        able = [one for one in presets().values() if not one.trains or wish.model.startswith("hf/")]
        plan += [(one, wish) for one in able]
        if len(able) < len(presets()):
            numbers = " and ".join(str(one.number) for one in able)
            announce([f"{wish.model} cannot be trained here: of the seven experiments it does {numbers}"])
    return plan


def _check(plan: Sequence[tuple[Preset, Wish]], *, dry: bool) -> None:
    """Find before anything is done what would end an experiment in its middle.

    Raises
    ------
    EinthovenError
        A model that is not there or cannot be trained; a recipe that its training would not take; data that are not
        there, or have no training records.
    """
    from einthoven.adapters.provider import Line
    from einthoven.adapters.registry import create
    from einthoven.bench.experiments.commands import steps_of
    from einthoven.bench.sources.registry import open_source
    from einthoven.cli.train_lora import lora

    for one, wish in plan:
        for step in steps_of(one, wish):
            if step.kind == "train":  # read as if it had been typed, the recipe with it
                lora.make_context("train lora", list(step.arguments[2:]))
    for wish in dict.fromkeys(wish for _, wish in plan):
        create(wish.model, Line(wish.base_url, dry=dry))
    trains = next((one for one, _ in plan if one.trains), None)
    data = plan[0][1].data
    if not any(entry.split == "train" for entry in open_source(data).entries) and trains is not None:
        raise EinthovenError(
            f"{data} has no training records, and experiment {trains.number} ({trains.name}) trains",
            "give data with official folds, such as ptbxl:DIR, or sim; experiment 1 alone trains nobody",
            Exit.MISSING,
        )


def _invoke(arguments: Sequence[str]) -> None:
    """Carry out one command as if it had been typed, defaults of the environment and of einthoven.toml included."""
    from einthoven.cli.main import cli, defaults

    cli.main(
        list(arguments),
        prog_name="einthoven",
        standalone_mode=False,
        auto_envvar_prefix="EINTHOVEN",
        default_map=defaults(),
    )


def _do(arguments: Sequence[str]) -> None:
    """Carry out one command; its own table goes where the progress goes."""
    import sys
    from contextlib import redirect_stdout

    with redirect_stdout(sys.stderr):
        _invoke(arguments)


def _estimate(arguments: Sequence[str]) -> Mapping[str, Any]:
    """Return what a run's command says with ``--dry-run --json``."""
    import io
    from contextlib import redirect_stdout

    said = io.StringIO()
    with redirect_stdout(said):
        _invoke([*arguments, "--dry-run", "--json"])
    document: Mapping[str, Any] = json.loads(said.getvalue())
    return document
