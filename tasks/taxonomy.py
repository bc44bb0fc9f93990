"""The eight axes: their kinds, their values, what is normal and what the printed measurements give away.

The data stand in ``taxonomy.schema.json``, a JSON Schema (draft 2020-12) of a complete answer with annotations.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal, cast

from einthoven.ecg.reading import AXES, Reading

__all__ = [
    "Axis",
    "answer_schema",
    "axes",
    "axis_value",
    "findings",
    "primary",
    "superclasses",
    "territories",
    "version",
]

Kind = Literal["categorical", "set"]


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis of the taxonomy.

    Attributes
    ----------
    name, title : str
        The word in code and the words for people.
    kind : {"categorical", "set"}
        One class a record, or any number of labels.
    values : tuple of str
        The classes (the normal one among them) or the labels (without a "none": that is the empty set).
    meanings : mapping of str to str
        What each value means, where its name does not say it.
    normal : str or None
        The normal class; `None` for set axes, where it is the empty set.
    leakable_by : tuple of str
        The fields of `Measurements` that could give the answer away.
    severity : tuple of str
        Values, most severe first, where the taxonomy orders them; else empty.
    """

    name: str
    title: str
    kind: Kind
    values: tuple[str, ...]
    meanings: Mapping[str, str]
    normal: str | None
    leakable_by: tuple[str, ...]
    severity: tuple[str, ...]


@cache
def _document() -> dict[str, Any]:
    text = files("einthoven.tasks").joinpath("taxonomy.schema.json").read_text(encoding="utf-8")
    return cast("dict[str, Any]", json.loads(text))


def version() -> str:
    """Return the taxonomy's version, part of every bundle."""
    return cast("str", _document()["x-version"])


@cache
def axes() -> Mapping[str, Axis]:
    """Return the eight axes by name, in the order of `AXES`."""
    rows = _document()["x-axes"]
    return {
        name: Axis(
            name=name,
            title=rows[name]["title"],
            kind=rows[name]["x-kind"],
            values=tuple(rows[name]["x-values"]),
            meanings=rows[name]["x-values"],
            normal=rows[name]["x-normal"],
            leakable_by=tuple(rows[name]["x-leakable-by"]),
            severity=tuple(rows[name].get("x-severity", ())),
        )
        for name in AXES
    }


@cache
def answer_schema() -> Mapping[str, Any]:
    """Return the JSON Schema of a complete answer without our annotations, as providers take it."""
    document = {key: value for key, value in _document().items() if not key.startswith("x-")}
    return {key: value for key, value in document.items() if key not in ("$id", "description")}


@cache
def territories() -> Mapping[str, frozenset[str]]:
    """Return the walls that each territory's name stands for; ``unspecified`` has none."""
    rows = _document()["x-axes"]["ischemia_territory"]["x-territories"]
    return {name: frozenset(walls) for name, walls in rows.items()}


@cache
def superclasses() -> Mapping[str, frozenset[str]]:
    """Return PTB-XL's five diagnostic superclasses, each with the statements that belong to it."""
    rows = _document()["x-axes"]["diagnosis"]["x-superclasses"]
    return {name: frozenset(statements) for name, statements in rows.items()}


def primary(axis: str, values: frozenset[str]) -> str:
    """Return the most severe of several values, by the taxonomy's order.

    Parameters
    ----------
    axis : {"conduction", "ischemia_stage"}
        An axis with an order of severity.
    values : frozenset of str
        The values present; the empty set gives ``none``.
    """
    return next((value for value in axes()[axis].severity if value in values), "none")


def axis_value(reading: Reading, axis: str) -> str | frozenset[str] | None:
    """Return a reading's value on an axis; `None` where the reading was not asked for it.

    Stage and territory are read off the ischaemia entries: the primary stage, the walls of all entries.
    """
    if axis == "ischemia_stage":
        return None if reading.stages is None else primary(axis, reading.stages)
    if axis == "ischemia_territory":
        return reading.walls
    return cast("str | frozenset[str] | None", getattr(reading, axis))


def findings(reading: Reading) -> int:
    """Count the findings of a reading.

    Its values that are not the normal or none value, over all axes but diagnosis (which restates them), each
    ischaemia entry once.
    """
    count = 0
    for name, axis in axes().items():
        if name in ("ischemia_stage", "ischemia_territory", "diagnosis"):
            continue
        value = axis_value(reading, name)
        count += len(value) if isinstance(value, frozenset) else int(value is not None and value != axis.normal)
    return count + len(reading.ischemia or ())
