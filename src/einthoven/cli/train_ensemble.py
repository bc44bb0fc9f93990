"""``einthoven train ensemble``: several trained signal models as one."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["ensemble"]


@click.command()
@click.argument("members", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--data", required=True, help="The data that they were trained on: sim, ptbxl:DIR, …")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder of the weights.")
@click.option("--test", default="", help="Data whose test records are scored in the end.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def ensemble(members: tuple[Path, ...], data: str, out: Path, test: str, as_json: bool) -> None:
    """Average the logits of trained signal models: MEMBERS are folders of weights.

    What stands in --out is one model like any other: einthoven run "reference/resnet1d?weights=OUT". Nothing is
    learnt but the thresholds, from the validation records of --data.
    """
    from einthoven.bench.train_ensemble import train_ensemble
    from einthoven.cli.network_options import print_training

    print_training(train_ensemble(members, data, out, test), as_json)
