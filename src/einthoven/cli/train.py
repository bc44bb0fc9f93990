"""``einthoven train``: models of one's own, from any source with labels; each kind is imported when it is called."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import cast

import click

__all__ = ["KINDS", "train"]

#: Name -> (where it stands, its line in ``--help``).
KINDS: Mapping[str, tuple[str, str]] = {
    "image": ("einthoven.cli.train_image:image", "Train a network on rendered pages."),
    "ensemble": ("einthoven.cli.train_ensemble:ensemble", "Put trained signal models together to one."),
    "lora": ("einthoven.cli.train_lora:lora", "Train a LoRA adapter of a vision-language model, or its blind twin."),
    "card": ("einthoven.cli.train_card:card", "Write the verdicts of runs into the card of what was trained."),
    "signal": ("einthoven.cli.train_signal:signal", "Train a signal model on any source."),
}


class _Kinds(click.Group):
    """A group whose commands are imported when they are called, not when they are listed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(KINDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in KINDS:
            return None
        module, attribute = KINDS[cmd_name][0].split(":")
        return cast("click.Command", getattr(import_module(module), attribute))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in KINDS.items()])


@click.group(cls=_Kinds)
def train() -> None:
    """Train a model."""
