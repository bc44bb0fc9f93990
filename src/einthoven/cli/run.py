"""``einthoven run``: one model, one data source, one bundle."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from einthoven.errors import EinthovenError

__all__ = ["run"]


@click.command()
@click.argument("model")
@click.option("--data", default="sim", show_default=True, help="Data source: sim, ptbxl:DIR, challenge:DIR, …")
@click.option("--task", default="dense", show_default=True, help="What is asked.")
@click.option("--view", default="", help="How the ECG is shown. [default: grid; page for images:DIR]")
@click.option("--degrade", type=click.Choice(["scan", "photo", "fax"]), help="Show worn pages; needs --severity.")
@click.option("--severity", type=click.IntRange(1, 5), help="How badly --degrade wears them.")
@click.option(
    "--controls",
    type=click.Choice(["none", "core", "full"]),
    help="The arms beside the picture: none; those that a verdict needs, with 20 pairs a contrast; all, with 100. "
    "(twin comes with --twin alone.) [default: core, or none where --arm is given]",
)
@click.option("--arm", "arms", multiple=True, help="One more arm, such as blank; repeat for several.")
@click.option(
    "--pairs",
    type=click.IntRange(min=1),
    help="Simulator pairs a contrast. [default: 20, or 100 with --controls full]",
)
@click.option(
    "--split", type=click.Choice(["test", "validation", "train"]), default="test", show_default=True, help="Records."
)
@click.option("--limit", type=click.IntRange(min=1), help="At most so many records; the bundle is marked a preview.")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="The bundle's folder. [default: runs/…]"
)
@click.option("--fresh", is_flag=True, help="Start over: forget the answers in the folder.")
@click.option("--jobs", type=click.IntRange(min=1), help="Worker processes. [default: cores]")
@click.option("--base-url", help="Address of the server, for compatible/MODEL or in place of a provider's own.")
@click.option(
    "--constrain/--no-constrain",
    default=None,
    help="hf/…: hold answers to the task's JSON Schema as they are written, or do not. [default: hold]",
)
@click.option("--twin", default="", metavar="MODEL", help="The model's blind twin, asked in an arm twin beside it.")
@click.option("--concurrency", type=click.IntRange(min=1), help="Requests in flight. [default: the model's own]")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=300.0,
    show_default=True,
    help="Seconds without a byte after which an attempt is given up.",
)
@click.option(
    "--max-cost",
    type=click.FloatRange(min=0, min_open=True),
    help="US dollars: stop before the run can cost more (exit 5); the same command with a higher cap goes on.",
)
@click.option(
    "--dry-run", is_flag=True, help="Say what would be asked and what it may cost; ask nobody, write nothing."
)
@click.option(
    "--media",
    is_flag=True,
    help="Put pictures and traces of up to 100 ECGs into the bundle, for the leaderboard's pages.",
)
@click.option("--report", is_flag=True, help="Write the run's own pages into the bundle's folder report/.")
@click.option("--json", "as_json", is_flag=True, help="Print result.json (or the estimate) instead of the table.")
def run(
    model: str,
    data: str,
    task: str,
    view: str,
    degrade: str | None,
    severity: int | None,
    controls: str | None,
    arms: tuple[str, ...],
    pairs: int | None,
    split: str,
    limit: int | None,
    out: Path | None,
    fresh: bool,
    jobs: int | None,
    base_url: str | None,
    constrain: bool | None,
    twin: str,
    concurrency: int | None,
    timeout: float,
    max_cost: float | None,
    dry_run: bool,
    media: bool,
    report: bool,
    as_json: bool,
) -> None:
    """Run the benchmark on MODEL (see "einthoven ls models") and write a bundle.

    The same command run again goes on where it stopped; answers are never asked for twice. A provider's key is read
    from the environment (OPENAI_API_KEY, …) and written nowhere.
    """
    import os

    from einthoven.adapters.local.twin import TWINS, twin_arm
    from einthoven.adapters.provider import Line
    from einthoven.adapters.registry import with_parameter
    from einthoven.bench.arms import ARMS, CONTROLS, arm
    from einthoven.bench.settings import Settings

    if constrain is not None:
        model = with_parameter(model, "constrain", "yes" if constrain else "no")
    own = [twin_arm(twin)] if twin and not {*TWINS} & {*arms} else []
    wanted, usual = CONTROLS[controls or ("none" if arms else "core")]
    if controls is None and data.partition(":")[0] == "sim-pairs":
        wanted = tuple(name for name in wanted if name != "pairs")  # they are what is asked about
    chosen = {*wanted, *(arm(name).name for name in arms), *own}
    if pairs is not None and "pairs" not in chosen:
        raise EinthovenError(
            f"--pairs {pairs}, and the arm pairs is not asked", "leave --pairs out, or add --arm pairs"
        )
    settings = Settings(
        model,
        data,
        task,
        view,
        tuple(name for name in ARMS if name in chosen),
        split,
        limit,
        out,
        fresh,
        jobs or os.cpu_count() or 1,
        Line(base_url, timeout, concurrency, dry=dry_run),
        max_cost,
        degrade or "",
        severity or 0,
        pairs or usual,
        twin,
    )
    if dry_run:
        from einthoven.bench.dry_run import dry_run as estimate

        _print_estimate(estimate(settings), max_cost, as_json)
        return
    from einthoven.bench.run import run as run_benchmark
    from einthoven.bench.table import print_result

    folder, result = run_benchmark(settings)
    if media:
        from einthoven.bench.media import write_media

        write_media(folder, data)
    print_result(result, folder, as_json=as_json)
    if report:
        from einthoven.leaderboard.build import build

        click.echo(f"report: {build([folder], folder / 'report')}", err=as_json)


def _span(ends: list[float | None], form: str = "{:,.0f}") -> str:
    low, high = ends
    return f"{form.format(low)} or more" if high is None else f"{form.format(low)} to {form.format(high)}"


def _print_estimate(found: Mapping[str, Any], max_cost: float | None, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(found, indent=1))
        return
    click.echo(f"{found['model']}: nothing was asked and nothing written")
    answered = f", {found['answered']:,} answers stand in the folder already" if found["answered"] else ""
    arms = ", ".join(found["arms"])
    click.echo(f"calls          {found['calls']:,} for {found['records']:,} records in {arms}{answered}")
    if not found["asks_network"]:
        click.echo("price          nobody on the network is asked")
        return
    for name, sizes in found["images"].items():
        pictures = f"{len(sizes)} of {sizes[0][0]}x{sizes[0][1]} px" if sizes else "none"
        click.echo(f"pictures       {pictures} a call in {name}")
    click.echo(f"input tokens   {_span(found['input_tokens'])}")
    click.echo(f"output tokens  {_span(found['output_tokens'])}, reasoning among them")
    price = found["price"]
    if price is None:
        click.echo("price          unknown: give it in a file that EINTHOVEN_PRICES names (docs/api.md)")
        return
    click.echo(f"price          ${_span(found['cost_usd'], '{:,.2f}')}")
    click.echo(f"               at ${price['input']:g} in and ${price['output']:g} out a million tokens")
    click.echo(f"               ({price['read']}, {price['source']})")
    if max_cost is not None and found["cost_usd"][1] is not None and found["cost_usd"][1] > max_cost:
        click.echo(f"               the cap of ${max_cost:,.2f} may stop the run; a higher one goes on from there")
