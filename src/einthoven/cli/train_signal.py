"""``einthoven train signal``: a signal model of one's own, from any source with labels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from einthoven.cli.network_options import TUNING_RATE, network_options, option, print_training

__all__ = ["signal"]


@click.command()
@network_options
@click.option("--network", default="xresnet1d-small", show_default=True, help="The network; see docs/references.md.")
@click.option("--outputs", default="axes", show_default=True, help="What it answers: axes, superclass or scp.")
@click.option("--rate", type=int, default=100, show_default=True, help="Hz: 100, 250 or 500.")
@click.option("--crop", type=float, default=10.0, show_default=True, help="Seconds of a training sample.")
@click.option("--pretrain-batch", type=int, help="As --batch, of the first stage. [default: the same]")
@click.option("--test", default="", help="Data whose test records are scored in the end.")
def signal(
    data: str,
    out: Path,
    learning_rate: float | None,
    options: tuple[str, ...],
    records: int | None,
    pretrain: str,
    pretrain_records: int | None,
    pretrain_epochs: int,
    pretrain_batch: int | None,
    init: Path | None,
    test: str,
    fresh: bool,
    jobs: int | None,
    as_json: bool,
    **settings: Any,
) -> None:
    """Train a signal model: weights, configuration, log, plot and ONNX go into --out.

    The same command run again goes on where it stopped. On several devices: accelerate launch -m einthoven train
    signal …
    """
    from dataclasses import replace

    from einthoven.adapters.signal.recipe import Recipe
    from einthoven.bench.train_signal import SignalTraining, train_signal

    begun = bool(pretrain) or init is not None
    recipe = Recipe(
        options=dict(map(option, options)),
        learning_rate=learning_rate or (TUNING_RATE if begun else Recipe().learning_rate),
        **settings,
    )
    first = replace(
        recipe,
        epochs=pretrain_epochs,
        batch=recipe.batch if pretrain_batch is None else pretrain_batch,
        learning_rate=Recipe().learning_rate,
    )
    found = train_signal(
        SignalTraining(data, out, recipe, records, pretrain, first, pretrain_records, init, test, fresh, jobs)
    )
    print_training(found, as_json)
