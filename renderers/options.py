"""What a page may look like: the choices a user has, checked once, the same for every view."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any

from einthoven.errors import EinthovenError, unknown_name

__all__ = ["CHOICES", "HEADER_FIELDS", "MOST_STRIPS", "STANDARD", "Options"]

#: What a header may say. All of it comes from the recording's id, its patient or its length in samples: none of these
#: holds a measurement, so no header can print one. Off unless asked for: age and sex are text a model may lean on.
HEADER_FIELDS = ("id", "age", "sex", "duration")

#: Rhythm strips below the rows: more do not fit a sheet.
MOST_STRIPS = 3

#: The values each choice may take; the first is the standard.
CHOICES: Mapping[str, tuple[Any, ...]] = MappingProxyType(
    {
        "layout": ("3x4", "6x2", "12x1"),
        "columns": ("sequential", "simultaneous"),
        "mm_per_second": (25, 50),
        "mm_per_mv": (10, 5, 20),
        "grid": ("red", "orange", "green", "blue", "grey", "black", "none"),
        "ink": ("black", "blue", "grey"),
        "font": ("sans", "serif", "mono"),
        "crop": ("none", "tight"),
        "scale": ("left", "center", "right"),
    }
)


@dataclass(frozen=True, slots=True)
class Options:
    """How to draw a page. Hashable: templates are cached by it.

    Attributes
    ----------
    layout : {"3x4", "6x2", "12x1"}
        Rows by columns of leads.
    strips : tuple of str, optional
        Up to three leads, drawn once more below over the full width; unless given lead II under 3x4 and nothing under
        the others. With `cabrera` a strip of aVR stands upside down as its column does.
    columns : {"sequential", "simultaneous"}
        Columns follow each other in time, or all show the same seconds.
    cabrera : bool
        aVL I -aVR II aVF III in place of I II III aVR aVL aVF (AHA/ACC/HRS 2007, part I).
    mm_per_second, mm_per_mv : int
        Paper speed and gain. A page has 250 mm of trace: at 50 mm/s it shows five seconds.
    separators : bool
        Ticks where the lead changes.
    grid, ink, font : str
        Names of colours and letters, of `CHOICES`.
    header : tuple of str
        Of `HEADER_FIELDS`, printed above the traces in this order.
    crop : {"none", "tight"}
        Whether the margins around all that is printed and the leads' own space are cut off, by whole millimetres. A
        wave of more than 25 mm may be cut with them, and is flagged.
    scale : {"left", "center", "right"}
        Where in the footer speed and gain are said.

    Raises
    ------
    EinthovenError
        A value is none of its choices, a strip or a field of the header stands twice, or there are more than three
        strips.
    """

    layout: str = "3x4"
    strips: tuple[str, ...] | None = None
    columns: str = "sequential"
    cabrera: bool = False
    mm_per_second: int = 25
    mm_per_mv: int = 10
    separators: bool = True
    grid: str = "red"
    ink: str = "black"
    font: str = "sans"
    header: tuple[str, ...] = ()
    crop: str = "none"
    scale: str = "left"

    def __post_init__(self) -> None:
        for name, values in CHOICES.items():
            if (value := getattr(self, name)) not in values:
                known = ", ".join(map(str, values))
                raise EinthovenError(f"{name} cannot be {value!r}", f"choose one of: {known}")
        if self.strips:
            from einthoven.ecg.recording import LEADS  # numpy: not for the standard page of --help

            for lead in self.strips:
                if lead not in LEADS:
                    raise unknown_name("lead", lead, LEADS)
            if len(self.strips) > MOST_STRIPS:
                raise EinthovenError(
                    f"{len(self.strips)} rhythm strips do not fit a page", f"give at most {MOST_STRIPS}"
                )
        for name in self.header:
            if name not in HEADER_FIELDS:
                raise unknown_name("header field", name, HEADER_FIELDS)
        for what, names in (("strip", self.strips or ()), ("header field", self.header)):
            twice = next((name for name in names if names.count(name) > 1), None)
            if twice is not None:
                raise EinthovenError(f"the {what} {twice} is given twice", "give it once")

    @property
    def rhythm(self) -> tuple[str, ...]:
        """The leads of the strips, with what stands where none were given."""
        if self.strips is not None:
            return self.strips
        return ("II",) if self.layout == "3x4" else ()

    def only(self, view: str, names: Collection[str]) -> None:
        """Refuse what a view does not know instead of ignoring it.

        Parameters
        ----------
        view : str
            The view's name, for the message.
        names : collection of str
            The options that it honours.

        Raises
        ------
        EinthovenError
            Another option differs from the standard.
        """
        for one in fields(self):
            if one.name not in names and getattr(self, one.name) != one.default:
                known = ", ".join(sorted(names)) or "none"
                raise EinthovenError(
                    f"the view {view} has no option {one.name}", f"leave it out; {view} knows: {known}"
                )

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form: every option by its name."""
        return {one.name: getattr(self, one.name) for one in fields(self)}


#: What a cart prints.
STANDARD = Options()
