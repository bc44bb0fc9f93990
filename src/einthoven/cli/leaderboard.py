"""``einthoven leaderboard``: the static page of all bundles."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["leaderboard"]


@click.group()
def leaderboard() -> None:
    """Build the static page of all bundles."""


@leaderboard.command()
@click.argument("bundles", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default="site",
    show_default=True,
    help="The site's folder; made where it is missing.",
)
def build(bundles: tuple[Path, ...], out: Path) -> None:
    """Build one page of every result.json under the folders BUNDLES.

    The page needs no server and no network: open it as a file, or copy it anywhere. Equal bundles give equal bytes.
    """
    from einthoven.leaderboard.build import write_site
    from einthoven.leaderboard.runs import find_runs
    from einthoven.leaderboard.strangers import visible

    runs, unfinished = find_runs(bundles)
    path = write_site(runs, out)
    for folder in unfinished:
        click.echo(f"left out, not finished: {visible(str(folder), 300)}", err=True)
    click.echo(f"{path}: {len(runs)} {'bundle' if len(runs) == 1 else 'bundles'}")
