"""``einthoven train card``: the verdicts of runs in the model card of what was trained."""

from __future__ import annotations

import json
from pathlib import Path

import click

__all__ = ["card"]


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("bundles", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print the verdicts as JSON.")
def card(folder: Path, bundles: tuple[Path, ...], as_json: bool) -> None:
    """Write what runs (BUNDLES) said of the model in FOLDER into its README.md.

    FOLDER is what "einthoven train lora" wrote; a bundle of other weights is refused.
    """
    from einthoven.bench.trained_card import add_verdicts

    rows = add_verdicts(folder, bundles)
    if as_json:
        click.echo(json.dumps(rows, indent=1, ensure_ascii=False))
        return
    for row in rows:
        words = ", ".join(f"{axis} {one['word']}" for axis, one in row["axes"].items() if one["word"])
        click.echo(f"{row['data']}, {row['records']} records, task {row['task']}: {words or 'no words'}")
    click.echo(f"card: {folder / 'README.md'}")
