"""``einthoven audit``: what a model's errors would cost, and whom."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from einthoven.errors import EinthovenError

if TYPE_CHECKING:  # imported when the command runs: --help stays fast
    from einthoven.bench.scoring.danger_matrix import Danger

__all__ = ["audit"]


@click.command()
@click.argument(
    "bundles", nargs=-1, required=True, metavar="BUNDLE...", type=click.Path(path_type=Path, file_okay=False)
)
@click.option(
    "--danger", "danger_file", type=click.Path(path_type=Path, dir_okay=False), help="Own weights: TOML or CSV."
)
@click.option("--arm", default="image", show_default=True, help="Whose answers are audited.")
@click.option(
    "--per-day",
    type=click.FloatRange(min=0, min_open=True, max=1e6),
    default=500,
    show_default=True,
    help="ECGs a day that the act-now table is scaled to.",
)
@click.option(
    "--probabilities",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Of a signal model: an npz file, kept in the bundle.",
)
@click.option("--data", default="", help="The run's data: ask its signal model for the probabilities again.")
@click.option("--weights", default="", help="With --data: the model's folder, where it has moved.")
@click.option("--figures/--no-figures", default=True, help="Draw PNG and SVG into BUNDLE/audit.  [default: draw]")
@click.option("--write/--no-write", default=True, help="Write BUNDLE/audit.json.  [default: write]")
@click.option("--json", "as_json", is_flag=True, help="Print audit.json (or the ranking) instead of the tables.")
def audit(
    bundles: tuple[Path, ...],
    danger_file: Path | None,
    arm: str,
    per_day: float,
    probabilities: Path | None,
    data: str,
    weights: str,
    figures: bool,
    write: bool,
    as_json: bool,
) -> None:
    """Say what the errors in BUNDLE would cost, and whom.

    Danger-weighted error beside that of five constant readers, under three matrices of weights; what has to be acted
    on at once; subgroups with tests. It is added to the bundle. Several bundles on the same ECGs are audited and
    ranked.
    """
    from einthoven.bench.scoring.danger_matrix import read_danger

    own = None if danger_file is None else read_danger(danger_file)
    if len(bundles) > 1 and (probabilities is not None or data):
        raise EinthovenError("probabilities are of one run", "audit it by itself, then all of them together")
    if weights and not data:
        raise EinthovenError("--weights without --data asks nobody", "add --data")
    options: dict[str, Any] = {"arm": arm, "per_day": per_day}
    found = {}
    for folder in bundles:
        if probabilities is not None or data:
            options["probabilities"] = _probabilities(folder, probabilities, data, weights, write)
        found[folder] = _audit(folder, own, options, write=write, figures=figures and write)
    if len(bundles) > 1:
        _rank(bundles, own, arm, as_json=as_json)
        return
    document = found[bundles[0]]
    if as_json:
        click.echo(json.dumps(document, indent=1, ensure_ascii=False))
        return
    from einthoven.bench.audit.table import print_audit

    print_audit(document)


def _audit(
    folder: Path, own: Danger | None, options: dict[str, Any], *, write: bool, figures: bool
) -> dict[str, Any]:
    from einthoven.bench.audit.audit import audited
    from einthoven.bench.audit.document import AUDIT
    from einthoven.bench.bundle import write_json

    document = audited(folder, own, **options)
    if write:
        write_json(folder / AUDIT, document)
        click.echo(f"audit: {folder / AUDIT}", err=True)
    if figures:
        from einthoven.bench.audit.figures import write_figures

        paths = write_figures(document, folder / "audit")
        click.echo(f"figures: {len(paths)} in {folder / 'audit'}", err=True)
    return document


def _probabilities(folder: Path, path: Path | None, data: str, weights: str, write: bool) -> Any:
    from einthoven.bench.audit.probabilities import (
        PROBABILITIES,
        asked_again,
        kept_probabilities,
        read_probabilities,
    )
    from einthoven.bench.bundle import read_bundle

    bundle = read_bundle(folder)
    if path is not None and data:
        raise EinthovenError("--probabilities and --data both say where they come from", "give one of them")
    rows = read_probabilities(path, bundle) if path is not None else asked_again(bundle, data, weights)
    return kept_probabilities(folder / PROBABILITIES, bundle, rows) if write else rows


def _rank(bundles: tuple[Path, ...], own: Danger | None, arm: str, *, as_json: bool) -> None:
    from einthoven.bench.audit.ranking import ranking
    from einthoven.bench.bundle import read_bundle

    found = ranking([read_bundle(folder) for folder in bundles], own, arm)
    if as_json:
        click.echo(json.dumps(found, indent=1, ensure_ascii=False))
        return
    from einthoven.bench.audit.table import print_ranking

    print_ranking(found)
