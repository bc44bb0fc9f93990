"""The flags of a page's look, shared by every command that draws: each choice is one of `renderers.options`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from einthoven.errors import EinthovenError
from einthoven.renderers.options import CHOICES, HEADER_FIELDS, Options

__all__ = ["options_of", "page_options"]

Command = TypeVar("Command", bound=Callable[..., Any])

#: Flag -> (field of `Options`, its line in ``--help``).
_FLAGS = {
    "layout": ("layout", "Rows by columns of leads."),
    "columns": ("columns", "Follow each other in time, or all show the same seconds."),
    "speed": ("mm_per_second", "Paper speed, mm/s."),
    "gain": ("mm_per_mv", "mm/mV."),
    "grid": ("grid", "Colour of the paper's lines."),
    "ink": ("ink", "Colour of the traces."),
    "font": ("font", "Letters."),
    "crop": ("crop", "Cut the margins off."),
    "scale": ("scale", "Where the footer says speed and gain."),
}


def page_options(command: Command) -> Command:
    """Add the flags to a command; it is given them by the names that `options_of` takes."""
    for flag, (name, line) in reversed(_FLAGS.items()):
        values = CHOICES[name]
        choice = click.Choice([str(value) for value in values])
        command = click.option(f"--{flag}", type=choice, default=str(values[0]), show_default=True, help=line)(
            command
        )
    for add in (
        click.option("--header", multiple=True, type=click.Choice(HEADER_FIELDS), help="Print it; repeat for more."),
        click.option("--separators/--no-separators", default=True, help="Ticks where the lead changes."),
        click.option("--cabrera", is_flag=True, help="Limb leads in the order aVL I -aVR II aVF III."),
        click.option(
            "--strip",
            "strips",
            multiple=True,
            metavar="LEAD",
            help="Rhythm strip below, at most three; none for no strip. [default: II under 3x4]",
        ),
    ):
        command = add(command)
    return command


def options_of(
    strips: tuple[str, ...], cabrera: bool, separators: bool, header: tuple[str, ...], **flags: str
) -> Options:
    """Make `Options` of the flags.

    Raises
    ------
    EinthovenError
        Unknown leads, too many strips, or ``none`` beside others.
    """
    if "none" in strips and len(strips) > 1:
        raise EinthovenError("--strip none was given beside other strips", "leave one of them out")
    chosen: dict[str, Any] = {}
    for flag, (name, _) in _FLAGS.items():
        chosen[name] = next(value for value in CHOICES[name] if str(value) == flags[flag])
    return Options(
        strips=None if not strips else () if strips == ("none",) else strips,
        cabrera=cabrera,
        separators=separators,
        header=header,
        **chosen,
    )
