"""``einthoven compare``: two models on the same ECGs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:  # imported when the command runs: --help stays fast
    from einthoven.bench.compare import AxisComparison

__all__ = ["compare"]

_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command()
@click.argument("first", type=_FOLDER)
@click.argument("second", type=_FOLDER)
@click.option("--arm", default="image", show_default=True, help="Whose answers are compared.")
@click.option("--second-arm", default="", help="Whose answers of SECOND, where it is another arm. [default: --arm]")
@click.option("--across-views", is_flag=True, help="Let the views differ: what one adds is part of the gain then.")
@click.option("--records", type=click.IntRange(min=0), default=0, help="Name so many records of each disagreement.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON, all records among it.")
def compare(
    first: Path, second: Path, arm: str, second_arm: str, across_views: bool, records: int, as_json: bool
) -> None:
    """Compare two runs, FIRST and SECOND, on the same ECGs.

    By axis: informedness of both, the gain of the first with its 95 % interval (patients resampled), the two-sided
    permutation p (patients swapped) after Holm over the axes, and on how many ECGs exactly one of the two is right.
    Runs of different data, task, view or version are refused. Two arms of one run: give its folder twice.
    Two views: --across-views; a model of samples sees none, and may be held against any.
    """
    from einthoven.bench.bundle import read_bundle
    from einthoven.bench.compare import compare as compare_bundles

    bundles = read_bundle(first), read_bundle(second)
    names = [bundle.run["model"]["name"] for bundle in bundles]
    found = compare_bundles(*bundles, arm, second_arm=second_arm, across_views=across_views)
    views = [bundle.run["identity"]["view"]["name"] for bundle in bundles]
    apart = {"views": views} if views[0] != views[1] else {}
    other = {"second_arm": second_arm} if second_arm and second_arm != arm else {}
    if as_json:
        axes = {axis: one.to_json() for axis, one in found.items()}
        click.echo(
            json.dumps({"first": names[0], "second": names[1], "arm": arm, **other, **apart, "axes": axes}, indent=1)
        )
        return
    shown = f"{arm} against {second_arm}" if other else arm
    if apart:
        names = [f"{name}, view {view}" for name, view in zip(names, views, strict=True)]
    _print(names, shown, found, records, simulated=bundles[0].run["data"]["simulated"])


def _two(value: float) -> str:
    return f"{round(value, 2) + 0.0:+.2f}"  # + 0.0 turns -0.00 into +0.00


def _print(names: list[str], arm: str, found: dict[str, AxisComparison], records: int, *, simulated: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    console.print(f"first:  {names[0]}\nsecond: {names[1]}\narm {arm}{', SIMULATED ECGs' if simulated else ''}")
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("axis", no_wrap=True)
    for heading in ("n", "first", "second", "gain [95 % CI]", "p Holm", "only 1", "only 2"):
        table.add_column(heading, justify="right", no_wrap=True)
    for axis, one in found.items():
        ends = one.gain.interval
        table.add_row(
            axis,
            str(one.n),
            *("-" if value is None else f"{round(value, 2) + 0.0:.2f}" for value in (one.first, one.second)),
            "-"
            if ends is None or one.gain.value is None
            else f"{_two(one.gain.value)} [{','.join(map(_two, ends))}]",
            "-" if one.p_holm is None else "< 0.001" if one.p_holm < 0.001 else f"{one.p_holm:.3f}",
            str(len(one.first_only)),
            str(len(one.second_only)),
        )
    console.print(table)
    for axis, one in found.items():
        for who, ids in (("first", one.first_only), ("second", one.second_only)):
            if records and ids:
                more = f" and {len(ids) - records} more" if len(ids) > records else ""
                console.print(f"{axis}, only the {who} is right: {', '.join(ids[:records])}{more}", soft_wrap=True)
