"""``einthoven train image``: a network that reads pages at the size which a model's own resize leaves of them."""

from __future__ import annotations

from typing import Any

import click

from einthoven.cli.network_options import network_options, option, print_training, train_network

__all__ = ["image"]


@click.command()
@network_options
@click.option(
    "--view", default="grid", show_default=True, help="How the ECG is shown: grid, clean, stacked, patches."
)
@click.option("--profile", default="gemma-4", show_default=True, help="Whose resize it sees: docs/resolution.md.")
def image(
    view: str,
    profile: str,
    options: tuple[str, ...],
    as_json: bool,
    **given: Any,
) -> None:
    """Train a ResNet on rendered pages: weights, configuration, log, plot and ONNX go into --out.

    The same command run again goes on where it stopped. Ask it with reference/image-resnet?weights=DIR.
    """
    from einthoven.bench.picture_data import page_shape

    shape = dict(zip(("pages", "rows", "columns"), page_shape(view, profile), strict=True))
    found = train_network(
        network="image-resnet",
        view=view,
        profile=profile,
        options={**shape, **dict(map(option, options))},
        **given,
    )
    print_training(found, as_json)
