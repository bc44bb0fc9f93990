"""Measurements as a table states them: what a cart printed, typed in or exported."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

from einthoven.bench.sources.table import read_table
from einthoven.ecg.measurements import Measurements

__all__ = ["COLUMNS", "MEASURER", "parse_measurements", "read_measurements"]

#: Column -> field of `Measurements`; two names are taken for the corrected QT.
_FIELDS: Mapping[str, str] = {
    **{name: name for name in ("heart_rate", "pr", "qrs", "qt", "p_axis", "qrs_axis", "t_axis")},
    **dict.fromkeys(("qtcf", "qtc_fridericia"), "qtc_fridericia"),
    **dict.fromkeys(("qtcb", "qtc_bazett"), "qtc_bazett"),
}

#: The columns that are read, of a label table or of a table of measurements.
COLUMNS = (*_FIELDS, "measurer")

#: Who measured, where the table does not say.
MEASURER = "print-out"

#: How people and programs write that a number is not known.
_UNKNOWN = frozenset({"", "-", "--", "---", "–", "—", "*", "?", "nan", "na", "n/a", "none", "null", "unknown"})

#: What no table means: the bounds are far outside of any heart, so that they catch seconds written for milliseconds,
#: RR intervals written for rates, and the large numbers that programs write for "unknown". Bpm and ms; these are no
#: clinical limits.
_BOUNDS: Mapping[str, tuple[float, float]] = {
    "heart_rate": (10, 400),
    "pr": (40, 1000),
    "qrs": (20, 500),
    "qt": (100, 1500),
    "qtc_fridericia": (100, 1500),
    "qtc_bazett": (100, 1500),
}


def parse_measurements(row: Mapping[str, str]) -> Measurements | None:
    """Return what a row of a table states; `None` where it states no number.

    Empty cells, dashes and their like are unknown, and so is 0 for a rate or an interval. Axes from 181 to 360
    degrees are brought to -179 to 0.

    Raises
    ------
    ValueError
        A cell that is no number, or one that cannot be meant, by column and value.
    """
    found: dict[str, float] = {}
    for column, field in _FIELDS.items():
        text = row.get(column, "").strip()
        if text.lower() in _UNKNOWN:
            continue
        try:
            value = float(text)
        except ValueError:
            raise ValueError(f"{column} is {text!r}, not a number") from None
        bounds = _BOUNDS.get(field)
        if bounds is None:
            if not (math.isfinite(value) and -180 <= value <= 360):
                raise ValueError(f"{column} is {text}, not an axis in degrees; leave it empty where it is unknown")
            value -= 360 if value > 180 else 0
        elif value == 0:
            continue
        elif not bounds[0] <= value <= bounds[1]:
            unit = "beats a minute" if field == "heart_rate" else "milliseconds"
            raise ValueError(f"{column} is {text}, which cannot be {unit}; leave it empty where it is unknown")
        if found.setdefault(field, value) != value:
            raise ValueError(f"{column} is {text}, and another column says {found[field]:g}")
    return Measurements(**found, measurer=row.get("measurer", "").strip() or MEASURER) if found else None


def read_measurements(path: Path) -> dict[str, list[Mapping[str, str]]]:
    """Return the rows of a table of measurements by record; nothing where there is no such file.

    Raises
    ------
    EinthovenError
        The file cannot be read, or has no column ``record``.
    """
    rows: dict[str, list[Mapping[str, str]]] = {}
    if path.is_file():
        for row in read_table(path, ("record",), COLUMNS):
            rows.setdefault(row["record"].strip(), []).append(row)
    return rows
