"""``einthoven train image``: a network that reads pages at the size which a model's own resize leaves of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from einthoven.cli.network_options import TUNING_RATE, network_options, option, print_training

__all__ = ["image"]


@click.command()
@network_options
@click.option(
    "--view", default="grid", show_default=True, help="How the ECG is shown: grid, clean, stacked, patches."
)
@click.option("--profile", default="gemma-4", show_default=True, help="Whose resize it sees: docs/resolution.md.")
def image(
    data: str,
    out: Path,
    view: str,
    profile: str,
    learning_rate: float | None,
    options: tuple[str, ...],
    records: int | None,
    pretrain: str,
    pretrain_records: int | None,
    pretrain_epochs: int,
    init: Path | None,
    fresh: bool,
    jobs: int | None,
    as_json: bool,
    **settings: Any,
) -> None:
    """Train a ResNet on rendered pages: weights, configuration, log, plot and ONNX go into --out.

    The same command run again goes on where it stopped. Ask it with reference/image-resnet?weights=DIR.
    """
    from dataclasses import replace

    from einthoven.adapters.signal.recipe import Recipe
    from einthoven.bench.picture_data import page_shape
    from einthoven.bench.train_signal import SignalTraining, train_signal

    shape = dict(zip(("pages", "rows", "columns"), page_shape(view, profile), strict=True))
    begun = bool(pretrain) or init is not None
    recipe = Recipe(
        network="image-resnet",
        options={**shape, **dict(map(option, options))},
        view=view,
        profile=profile,
        learning_rate=learning_rate or (TUNING_RATE if begun else Recipe().learning_rate),
        **settings,
    )
    first = replace(recipe, epochs=pretrain_epochs, learning_rate=Recipe().learning_rate)
    found = train_signal(
        SignalTraining(data, out, recipe, records, pretrain, first, pretrain_records, init, "", fresh, jobs)
    )
    print_training(found, as_json)
