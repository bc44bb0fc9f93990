"""The options that all commands of ``einthoven experiment`` share, and the wish that they amount to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:  # imported when the command runs: --help stays fast
    from einthoven.bench.experiments.wish import Wish

__all__ = ["shared", "wish_of"]

_OPTIONS = (
    click.option("--data", default="sim", show_default=True, help="Data source: sim, ptbxl:DIR, challenge:DIR, …"),
    click.option("--twin", is_flag=True, help="Train the blind twin too, and give the gap to it."),
    click.option(
        "--given",
        type=click.Choice(["image", "image+measurements"]),
        help="What the model is given, in training and in the table. [default: image+measurements, as published]",
    ),
    click.option("--limit", type=click.IntRange(min=1), help="Test records at most."),
    click.option("--train-limit", type=click.IntRange(min=1), help="Training records at most, and for validation."),
    click.option(
        "--recipe",
        type=click.Path(path_type=Path, dir_okay=False, exists=True),
        help="TOML file with options of train lora: rank, epochs, batch, …",
    ),
    click.option(
        "--out",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path("experiments"),
        show_default=True,
        help="Where adapters, bundles and tables go, a folder a model.",
    ),
    click.option("--jobs", type=click.IntRange(min=1), help="Worker processes. [default: cores]"),
    click.option("--concurrency", type=click.IntRange(min=1), help="Requests in flight."),
    click.option("--base-url", help="Address of the server, for compatible/MODEL."),
    click.option(
        "--max-cost", type=click.FloatRange(min=0, min_open=True), help="US dollars that each run may cost."
    ),
    click.option("--json", "as_json", is_flag=True, help="Print it as JSON."),
)


def shared(command: Any) -> Any:
    """Put the options on a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def wish_of(model: str, **given: Any) -> Wish:
    """Return what the options ask of one model."""
    from einthoven.bench.experiments.wish import Wish

    return Wish(model, **given | {"given": given["given"] or ""})
