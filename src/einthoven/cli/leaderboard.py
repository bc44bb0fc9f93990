"""``einthoven leaderboard``: the static site of all bundles."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["leaderboard"]


@click.group()
def leaderboard() -> None:
    """Build, check and show the static site of all bundles."""


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
    """Build the site of every result.json under the folders BUNDLES.

    It needs no server and no network: open index.html as a file, or copy it anywhere. Equal bundles give equal bytes.
    """
    from einthoven.leaderboard.build import write_site
    from einthoven.leaderboard.runs import find_runs
    from einthoven.leaderboard.strangers import visible

    runs, unfinished = find_runs(bundles)
    path = write_site(runs, out)
    for folder in unfinished:
        click.echo(f"left out, not finished: {visible(str(folder), 300)}", err=True)
    click.echo(f"{path}: {len(runs)} {'bundle' if len(runs) == 1 else 'bundles'}")


#: So many faults are printed; the JSON form has all of them.
_SHOWN = 20


@leaderboard.command()
@click.argument("site", type=click.Path(path_type=Path, file_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print the whole finding as JSON.")
def check(site: Path, as_json: bool) -> None:
    """Check a built SITE: checksums, links, policy, page sizes, unique ids, and no request to anywhere.

    Exit code 1: a promise is broken.
    """
    import json
    from dataclasses import asdict

    from einthoven.errors import EinthovenError, Exit
    from einthoven.leaderboard.check import check_site
    from einthoven.leaderboard.strangers import visible

    report = check_site(site)
    if as_json:
        click.echo(json.dumps(asdict(report), indent=1))
    else:
        for fault in report.faults[:_SHOWN]:
            click.echo(f"{fault.check}: {visible(fault.path, 200)}: {visible(fault.detail, 300)}")
        if len(report.faults) > _SHOWN:
            click.echo(f"and {len(report.faults) - _SHOWN:,} more; --json lists all of them")
        sizes = ", ".join(f"{kind} {count / 1000:.1f} kB" for kind, count in sorted(report.largest.items()))
        click.echo(f"{report.files:,} files, {report.bytes / 1e6:.1f} MB; largest pages gzipped: {sizes}")
    if report.faults:
        raise EinthovenError(
            f"{len(report.faults):,} {'fault' if len(report.faults) == 1 else 'faults'} in {visible(str(site), 300)}",
            "build the site again with einthoven leaderboard build; what stays is a fault of einthoven",
            Exit.GATE_FAILED,
        )


@leaderboard.command()
@click.argument("site", type=click.Path(path_type=Path, file_okay=False), default="site")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes any free one.")
def serve(site: Path, port: int) -> None:
    """Show a built SITE to this machine's browser until Ctrl-C.

    It needs no server (open index.html); one is nearer to how it is published.
    """
    from einthoven.leaderboard.serve import server

    with server(site, port) as serving:
        click.echo(f"http://127.0.0.1:{serving.server_port}/ (Ctrl-C ends it)")
        try:
            serving.serve_forever()
        except KeyboardInterrupt:
            click.echo()
