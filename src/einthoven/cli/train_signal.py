"""``einthoven train signal``: a signal model of one's own, from any source with labels."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from einthoven.errors import EinthovenError

__all__ = ["signal"]

#: What the second stage of --pretrain begins with: lower than from scratch, or what was learnt is lost.
_TUNING_RATE = 1e-3


@click.command()
@click.option("--data", default="sim", show_default=True, help="Data source: sim, ptbxl:DIR, challenge:DIR, …")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder of the weights.")
@click.option("--network", default="xresnet1d-small", show_default=True, help="The network; see docs/references.md.")
@click.option("--option", "options", multiple=True, help="An option of the network, NAME=JSON; repeat for several.")
@click.option("--outputs", default="axes", show_default=True, help="What it answers: axes, superclass or scp.")
@click.option("--rate", type=int, default=100, show_default=True, help="Hz: 100, 250 or 500.")
@click.option("--crop", type=float, default=10.0, show_default=True, help="Seconds of a training sample.")
@click.option("--epochs", type=int, default=20, show_default=True)
@click.option("--batch", type=int, default=64, show_default=True, help="Records in a batch, on each device.")
@click.option(
    "--learning-rate",
    type=click.FloatRange(min=0, min_open=True),
    help=f"Of the one-cycle schedule. [default: 0.005; {_TUNING_RATE:g} after --pretrain or --init]",
)
@click.option("--weight-decay", type=click.FloatRange(min=0), default=0.01, show_default=True)
@click.option("--augment", type=click.FloatRange(min=0), default=1.0, show_default=True, help="Strength; 0 for none.")
@click.option("--smoothing", type=click.FloatRange(0, 0.5), default=0.0, show_default=True, help="Of the labels.")
@click.option("--balance", is_flag=True, help="Weight rare labels more.")
@click.option("--patience", type=click.IntRange(min=0), default=0, show_default=True, help="Epochs; 0 for no end.")
@click.option("--precision", default="no", show_default=True, help="Mixed precision: no, bf16 or fp16.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@click.option("--records", type=click.IntRange(min=1), help="Training records; of sim as many as you like.")
@click.option("--pretrain", default="", help="Data to train on first, such as sim.")
@click.option("--pretrain-records", type=click.IntRange(min=1), help="As --records.")
@click.option("--pretrain-epochs", type=int, default=20, show_default=True)
@click.option("--pretrain-batch", type=int, help="As --batch, of the first stage. [default: the same]")
@click.option(
    "--init", type=click.Path(path_type=Path), help="A folder of weights to begin with; its network is taken over."
)
@click.option("--test", default="", help="Data whose test records are scored in the end.")
@click.option("--fresh", is_flag=True, help="Start over: forget what stands in the folder.")
@click.option("--jobs", type=click.IntRange(min=1), help="Worker processes that read. [default: cores]")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
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
    from einthoven.bench.label_lines import print_rows
    from einthoven.bench.train_signal import SignalTraining, train_signal

    begun = bool(pretrain) or init is not None
    recipe = Recipe(
        options=dict(map(_option, options)),
        learning_rate=learning_rate or (_TUNING_RATE if begun else Recipe().learning_rate),
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
    if "onnx_bytes" not in found:
        return  # of several devices the first one speaks
    if as_json:
        click.echo(json.dumps(found, indent=1))
        return
    click.echo(f"weights        {found['folder']}")
    click.echo(f"best epoch     {found['best_epoch']}, validation macro AUROC {found['validation_auroc']:.3f}")
    click.echo(f"ONNX           {found['onnx_bytes'] / 1e6:.2f} MB, logits within {found['onnx_error']:.2g}")
    if "test" in found:
        print_rows(found["test"])


def _option(text: str) -> tuple[str, Any]:
    name, _, value = text.partition("=")
    try:
        return name, json.loads(value)
    except ValueError:
        raise EinthovenError(
            f"--option {text} is not understood", "write NAME=VALUE, such as mixstyle=false"
        ) from None
