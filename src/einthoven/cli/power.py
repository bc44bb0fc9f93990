"""``einthoven power``: what a run could see, before it is paid for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from einthoven.errors import EinthovenError

if TYPE_CHECKING:  # imported when the command runs: --help stays fast
    from einthoven.bench.power_plan import Detectable

__all__ = ["power", "print_table"]

#: Records that --cases may speak of: more than any ECG archive holds, and few enough to be laid out in memory.
_MOST = 1_000_000


@click.command()
@click.option("--data", default="sim", show_default=True, help="Data source: sim, ptbxl:DIR, challenge:DIR, …")
@click.option("--split", type=click.Choice(["test", "validation", "train"]), default="test", show_default=True)
@click.option("--limit", type=click.IntRange(min=1), help="At most so many records.")
@click.option("--pairs", type=click.IntRange(min=0), default=20, show_default=True, help="Pairs a contrast.")
@click.option("--cases", help="In place of data: cases of each class or label, such as 194,63,20.")
@click.option("--labels", type=click.IntRange(min=1), help="With --cases: these are labels, on so many records.")
@click.option("--plot", type=click.Path(path_type=Path, dir_okay=False), help="Draw gain against records (png, svg).")
@click.option("--jobs", type=click.IntRange(min=1), help="Worker processes. [default: cores]")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def power(
    data: str,
    split: str,
    limit: int | None,
    pairs: int,
    cases: str | None,
    labels: int | None,
    plot: Path | None,
    jobs: int | None,
    as_json: bool,
) -> None:
    """Say which gains a run would find, axis by axis, with 80 % power.

    MDE is the gain in informedness over the best constant answer that a planned reader needs to pass test 1 at
    one-sided 0.05/8; delta is the smallest gain that matters. Where the MDE is above delta, a model that reads well
    enough to matter may be called underpowered.
    """
    import os

    from einthoven.bench.power_plan import of_cases, plan_lines

    if cases is not None:
        try:
            counts = [int(each) for each in cases.split(",")]
        except ValueError:
            raise EinthovenError(
                f"--cases {cases} is no list of numbers", "write them with commas: --cases 194,63,20"
            ) from None
        most = min(labels or _MOST, _MOST)
        if min(counts) < 0 or sum(counts) > most:
            raise EinthovenError(
                f"--cases {cases}: these are not numbers of records, together at most {most:,}",
                "give other --cases" if labels is None else "give other --cases, or more records by --labels",
            )
        planned = of_cases("categorical" if labels is None else "set", counts, labels)
        print_table({"planned": planned}, as_json, "")
        return
    from einthoven.bench.power_data import grown, power_of

    if plot is not None:
        from einthoven.bench.power_plot import check_plot

        check_plot(plot)
    known = power_of(data, split, limit, pairs, jobs or os.cpu_count() or 1)
    found = known.axes
    title = f"{known.records:,} records of {known.patients:,} patients ({data}, {split})"
    print_table(found, as_json, title)
    if not as_json:
        for line in plan_lines(found, pairs or None):
            click.echo(line)
    if plot is not None:
        from einthoven.bench.power_plot import power_plot

        power_plot(grown(known), known.records, plot)
        click.echo(f"plot: {plot}", err=True)


def print_table(found: Mapping[str, Detectable], as_json: bool, title: str) -> None:
    """Print what can be told, an axis a line."""
    if as_json:
        click.echo(json.dumps({axis: one.to_json() for axis, one in found.items()}, indent=1))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("axis", no_wrap=True)
    for heading in ("n", "scored", "rarest", "MDE", "delta", "contrasts"):
        # where the window is narrow the name of the rarest class gives way, never a number
        table.add_column(heading, justify="right", no_wrap=heading != "rarest", overflow="fold")
    for axis, one in found.items():
        rarest = min(one.cases, key=lambda name: (one.cases[name], name), default=None)
        table.add_row(
            axis,
            str(one.n),
            str(len(one.cases)),
            "-" if rarest is None else f"{rarest} {one.cases[rarest]}",
            "-" if one.mde is None else f"{one.mde:.2f}",
            "-" if one.delta is None else f"{one.delta:.2f}",
            str(one.contrasts),
        )
    console = Console(highlight=False)
    if title:
        console.print(title)
    console.print(table)
