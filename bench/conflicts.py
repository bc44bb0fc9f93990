"""The arm ``conflict``: the true picture beside numbers of which one is moved across a clinical threshold."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from einthoven.adapters.text_follower import LONG_PR, LONG_QTC, WIDE_QRS
from einthoven.bench.sources.source import Entry
from einthoven.ecg.measurements import Measurements
from einthoven.ecg.reading import AXES, Reading, Truth
from einthoven.tasks.measured import axis_class, rate_class
from einthoven.tasks.taxonomy import axis_value

__all__ = ["ARM", "WIDE", "Conflict", "conflicts"]

#: The arm's name.
ARM = "conflict"

#: Any of these says that the QRS is wide.
WIDE = frozenset({"lbbb", "rbbb", "ivcd", "ventricular_preexcitation"})


@dataclass(frozen=True, slots=True)
class Conflict:
    """What is printed of one record in place of what was measured.

    Attributes
    ----------
    name : str
        The kind of alteration: ``rate-fast``, ``pr-long``, …
    axis : str
        The axis that the moved number decides.
    labels : frozenset of str
        Set axes: any of these says yes; categorical axes: the one class that the number now says.
    text, picture : bool
        Whether the number, and whether the picture, says so. They never agree.
    measurements : Measurements
        With the moved number.
    """

    name: str
    axis: str
    labels: frozenset[str]
    text: bool
    picture: bool
    measurements: Measurements

    def to_json(self, own: Measurements) -> dict[str, Any]:
        """Give the JSON form: of the measurements only what was moved."""
        moved = {
            field: getattr(self.measurements, field)
            for field in Measurements.__dataclass_fields__
            if getattr(self.measurements, field) != getattr(own, field)
        }
        row = {"name": self.name, "axis": self.axis, "labels": sorted(self.labels), "text": self.text}
        return row | {"moved": moved}


def says(reading: Reading, axis: str, labels: Collection[str]) -> bool:
    """Return whether a reading names one of the labels, or the class."""
    value = axis_value(reading, axis)
    return value in labels if isinstance(value, str) else bool(value and value & frozenset(labels))


def conflicts(entries: Sequence[Entry], asked: Collection[str] = AXES) -> dict[str, Conflict]:
    """Draw one alteration a record.

    Of those that its truth and its numbers allow, a record gets the one that was given least often, records taken in
    the order of their hashed ids: balanced, and with a larger limit the earlier ones stay as they were.

    Parameters
    ----------
    entries : sequence of Entry
        The records of a run, with measurements.
    asked : collection of str
        The axes that count.

    Returns
    -------
    dict of str to Conflict
        By record id; a record without a number that could be moved is not there.
    """
    given: Counter[str] = Counter()
    found: dict[str, Conflict] = {}
    for entry in sorted(entries, key=lambda entry: hashlib.sha256(entry.id.encode()).digest()):
        if entry.measurements is None:
            continue
        possible = [each for each in _possible(entry.truth, entry.measurements) if each.axis in asked]
        if possible:
            chosen = min(possible, key=lambda each: (given[each.name], each.name))
            given[chosen.name] += 1
            found[entry.id] = chosen
    return found


def _possible(truth: Truth, own: Measurements) -> list[Conflict]:
    found = []
    for name, rate in (("rate-slow", 45.0), ("rate-normal", 75.0), ("rate-fast", 130.0)):
        if own.heart_rate is not None:
            found += _class(name, "rate", rate_class(rate), truth, replace(own, heart_rate=rate))
    for name, degrees in (("axis-left", -60.0), ("axis-normal", 30.0), ("axis-right", 120.0)):
        if own.qrs_axis is not None:
            found += _class(name, "axis", axis_class(degrees), truth, replace(own, qrs_axis=degrees))
    if own.pr is not None:
        block = frozenset({"first_degree_av_block"})
        found += _label("pr", "conduction", block, truth, own, {True: {"pr": 240.0}, False: {"pr": 160.0}}, LONG_PR)
    if own.qrs is not None:
        found += _label("qrs", "conduction", WIDE, truth, own, {True: {"qrs": 150.0}, False: {"qrs": 90.0}}, WIDE_QRS)
    if own.qtc_fridericia is not None:
        qt: dict[bool, dict[str, Any]] = {}
        for long, wanted in ((True, 520.0), (False, 410.0)):
            stretch = wanted / own.qtc_fridericia
            moved = {field: getattr(own, field) for field in ("qt", "qtc_fridericia", "qtc_bazett")}
            qt[long] = {field: round(value * stretch, 1) for field, value in moved.items() if value is not None}
        found += _label("qtc", "other_findings", frozenset({"long_qt"}), truth, own, qt, LONG_QTC)
    return found


def _class(name: str, axis: str, said: str, truth: Truth, moved: Measurements) -> list[Conflict]:
    """Move a number to another class than the true one, where there is only one true class."""
    known = truth[axis]
    if known.value is None or len(known.accepted) != 1 or said in known.accepted:
        return []
    return [Conflict(name, axis, frozenset({said}), True, False, moved)]


def _label(
    name: str,
    axis: str,
    labels: frozenset[str],
    truth: Truth,
    own: Measurements,
    moved: Mapping[bool, dict[str, Any]],
    limit: float,
) -> list[Conflict]:
    """Move a number to the other side of its limit than the picture is on, where number and picture agreed."""
    known = truth[axis]
    if not isinstance(known.value, frozenset) or (known.open & labels and not known.value & labels):
        return []
    there = bool(known.value & labels)
    number = getattr(own, "qtc_fridericia" if name == "qtc" else name)
    if (number >= limit) != there:
        return []  # the number and the truth are at odds already
    return [
        Conflict(
            f"{name}-{'normal' if there else 'long'}",
            axis,
            labels,
            not there,
            there,
            replace(own, **moved[not there]),
        )
    ]
