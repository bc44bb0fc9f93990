"""Which ECGs of a run carry pictures: a stated rule, so that nobody can pick the flattering ones."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from einthoven.ecg.reading import AXES

__all__ = ["GALLERY", "RULE", "gallery"]

#: ECGs with pictures, at most.
GALLERY = 100

#: The rule in words, for bundles and pages.
RULE = (
    "by the SHA-256 of their ids: axis by axis and class by class the first ECG that shows it, where no chosen one "
    "does yet; then the next ones, until there are {most}"
)


def _shown(row: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Return the classes and labels that are true of a record; an empty set of labels counts as one."""
    found = set()
    for axis in AXES:
        truth = row["truth"]["axes"][axis]
        value = truth["value"]
        if isinstance(value, list):
            found |= {(axis, label) for label in value} or {(axis, "")}
        elif value is not None and len(truth.get("accepted", ())) <= 1:
            found.add((axis, value))
    return found


def gallery(records: Sequence[Mapping[str, Any]], most: int = GALLERY) -> list[str]:
    """Choose the ECGs that carry pictures.

    Parameters
    ----------
    records : sequence of mapping
        Rows of ``records.jsonl.gz``; their order does not matter.
    most : int
        How many at most.

    Returns
    -------
    list of str
        Ids, sorted.
    """
    order = sorted(records, key=lambda row: hashlib.sha256(str(row["id"]).encode()).digest())
    shown = [(str(row["id"]), _shown(row)) for row in order]
    wanted = sorted(set().union(*(classes for _, classes in shown)), key=lambda one: (AXES.index(one[0]), one[1]))
    chosen: list[str] = []
    seen: set[tuple[str, str]] = set()
    for one in wanted:
        if one not in seen and len(chosen) < most:
            record, classes = next(each for each in shown if one in each[1])
            chosen.append(record)
            seen |= classes
    further = (record for record, _ in shown if record not in set(chosen))
    for record in further:
        if len(chosen) >= most:
            break
        chosen.append(record)
    return sorted(chosen)
