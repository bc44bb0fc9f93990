"""``einthoven train signal``: a signal model of one's own, from any source with labels."""

from __future__ import annotations

from typing import Any

import click

from einthoven.cli.network_options import network_options, option, print_training, train_network

__all__ = ["signal"]


@click.command()
@network_options
@click.option("--network", default="xresnet1d-small", show_default=True, help="The network; see docs/references.md.")
@click.option("--outputs", default="axes", show_default=True, help="What it answers: axes, superclass or scp.")
@click.option("--rate", type=int, default=100, show_default=True, help="Hz: 100, 250 or 500.")
@click.option("--crop", type=float, default=10.0, show_default=True, help="Seconds of a training sample.")
@click.option("--pretrain-batch", type=int, help="As --batch, of the first stage. [default: the same]")
@click.option("--test", default="", help="Data whose test records are scored in the end.")
def signal(options: tuple[str, ...], as_json: bool, **given: Any) -> None:
    """Train a signal model: weights, configuration, log, plot and ONNX go into --out.

    The same command run again goes on where it stopped. On several devices: accelerate launch -m einthoven train
    signal …
    """
    found = train_network(options=dict(map(option, options)), **given)
    print_training(found, as_json)
