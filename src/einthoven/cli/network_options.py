"""The options that training a network of signals and one of pictures have in common, and what is printed of both."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from einthoven.errors import EinthovenError

__all__ = ["TUNING_RATE", "network_options", "option", "print_training", "train_network"]

#: What a stage that begins with weights begins with: lower than from scratch, or what was learnt is lost.
TUNING_RATE = 1e-3

_OPTIONS = (
    click.option("--data", default="sim", show_default=True, help="Data source: sim, ptbxl:DIR, challenge:DIR, …"),
    click.option(
        "--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder of the weights."
    ),
    click.option(
        "--option", "options", multiple=True, help="An option of the network, NAME=JSON; repeat for several."
    ),
    click.option("--epochs", type=int, default=20, show_default=True),
    click.option("--batch", type=int, default=64, show_default=True, help="Records in a batch, on each device."),
    click.option(
        "--learning-rate",
        type=click.FloatRange(min=0, min_open=True),
        help=f"Of the one-cycle schedule. [default: 0.005; {TUNING_RATE:g} after --pretrain or --init]",
    ),
    click.option("--weight-decay", type=click.FloatRange(min=0), default=0.01, show_default=True),
    click.option(
        "--augment", type=click.FloatRange(min=0), default=1.0, show_default=True, help="Strength; 0 for none."
    ),
    click.option("--smoothing", type=click.FloatRange(0, 0.5), default=0.0, show_default=True, help="Of the labels."),
    click.option("--balance", is_flag=True, help="Weight rare labels more."),
    click.option(
        "--patience", type=click.IntRange(min=0), default=0, show_default=True, help="Epochs; 0 for no end."
    ),
    click.option("--precision", default="no", show_default=True, help="Mixed precision: no, bf16 or fp16."),
    click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True),
    click.option("--records", type=click.IntRange(min=1), help="Training records; of sim as many as you like."),
    click.option("--pretrain", default="", help="Data to train on first, such as sim."),
    click.option("--pretrain-records", type=click.IntRange(min=1), help="As --records."),
    click.option("--pretrain-epochs", type=int, default=20, show_default=True),
    click.option(
        "--init",
        type=click.Path(path_type=Path),
        help="A folder of weights to begin with; its network is taken over.",
    ),
    click.option("--fresh", is_flag=True, help="Start over: forget what stands in the folder."),
    click.option("--jobs", type=click.IntRange(min=1), help="Worker processes that read. [default: cores]"),
    click.option("--json", "as_json", is_flag=True, help="Print the result as JSON."),
)


def network_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command all of these options."""
    for each in reversed(_OPTIONS):
        command = each(command)
    return command


def option(text: str) -> tuple[str, Any]:
    """Read NAME=JSON."""
    name, _, value = text.partition("=")
    try:
        return name, json.loads(value)
    except ValueError:
        raise EinthovenError(
            f"--option {text} is not understood", "write NAME=VALUE, such as mixstyle=false"
        ) from None


def train_network(
    *,
    data: str,
    out: Path,
    learning_rate: float | None,
    records: int | None,
    pretrain: str,
    pretrain_records: int | None,
    pretrain_epochs: int,
    init: Path | None,
    fresh: bool,
    jobs: int | None,
    pretrain_batch: int | None = None,
    test: str = "",
    **recipe: Any,
) -> Mapping[str, Any]:
    """Train by what these options say; the rest are fields of `Recipe`. Return what `print_training` prints.

    A first stage is trained as the second is, from scratch: for epochs, batches and at a rate of its own.
    """
    from einthoven.adapters.signal.recipe import Recipe
    from einthoven.bench.train_signal import SignalTraining, train_signal

    scratch = Recipe().learning_rate
    begun = bool(pretrain) or init is not None
    second = Recipe(learning_rate=learning_rate or (TUNING_RATE if begun else scratch), **recipe)
    first = replace(
        second,
        epochs=pretrain_epochs,
        batch=second.batch if pretrain_batch is None else pretrain_batch,
        learning_rate=scratch,
    )
    return train_signal(
        SignalTraining(data, out, second, records, pretrain, first, pretrain_records, init, test, fresh, jobs)
    )


def print_training(found: Mapping[str, Any], as_json: bool) -> None:
    """Print what a training left; nothing on the second device and the others."""
    if "onnx_bytes" not in found:
        return
    if as_json:
        click.echo(json.dumps(found, indent=1))
        return
    click.echo(f"weights        {found['folder']}")
    best = "" if found["best_epoch"] is None else f"best epoch     {found['best_epoch']}, "
    click.echo(f"{best or 'ensemble       '}validation macro AUROC {found['validation_auroc']:.3f}")
    click.echo(f"ONNX           {found['onnx_bytes'] / 1e6:.2f} MB, logits within {found['onnx_error']:.2g}")
    if "test" in found:
        from einthoven.bench.label_lines import print_rows

        print_rows(found["test"])
