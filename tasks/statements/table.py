"""The tables themselves: normalised statements and, per vocabulary, the codes that stand for them.

``statements.csv`` says once what each statement means on every axis; ``scp.csv``, ``snomed.csv``, ``cpsc.csv`` and
``ludb.csv`` only translate, so SCP and SNOMED CT cannot disagree. Cells hold lists: ``|`` separates values,
``axis:value|value`` items are separated by a space. ``docs/statements.md`` gives the decisions.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

__all__ = [
    "EVERYTHING",
    "VOCABULARIES",
    "Code",
    "Statement",
    "coded",
    "codes",
    "rows",
    "statements",
    "superclasses_of",
    "table_rows",
    "unmapped",
]

#: In an `opens` entry: all labels of the axis, so that silence on it says nothing.
EVERYTHING = "*"

#: The code tables; ``statements`` is the vocabulary whose codes are the statements' own ids.
VOCABULARIES = ("scp", "snomed", "cpsc", "ludb", "statements")

#: The columns of ``statements.csv`` that hold classes, and those that hold labels, with their axes.
_CLASSES = {"rate": "rate", "rhythm": "rhythm", "axis": "axis", "stage": "ischemia_stage"}
_LABELS = {"conduction": "conduction", "walls": "ischemia_territory", "other_findings": "other_findings"}


@dataclass(frozen=True, slots=True)
class Statement:
    """One normalised statement; its id is a label of the taxonomy's diagnosis axis.

    Attributes
    ----------
    id, title : str
        The word in data and the words for people.
    superclass : str
        NORM, MI, STTC, CD or HYP where PTB-XL's ``diagnostic_class`` gives one; else empty.
    classes : mapping of str to tuple of str
        Categorical axis -> the classes that are right; the first is the value.
    labels : mapping of str to frozenset of str
        Set axis -> the labels that are present. The territory's labels are walls.
    denies : frozenset of str
        Axes that the statement says are "none".
    opens : mapping of str to frozenset of str
        Axis -> labels that the statement leaves undecided; `EVERYTHING` for all of them.
    doubts : frozenset of str
        Axes on which silence says nothing beside this statement; what is stated there stands as it is.
    masks : frozenset of str
        Axes that the statement hides, whatever else is stated.
    note : str
        Why it is so.
    """

    id: str
    title: str
    superclass: str
    classes: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, frozenset[str]]
    denies: frozenset[str]
    opens: Mapping[str, frozenset[str]]
    doubts: frozenset[str]
    masks: frozenset[str]
    note: str


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a vocabulary.

    Attributes
    ----------
    code, title : str
        As the source writes it, and in words.
    groups : tuple of tuple of str
        The statements it makes. A group with several ids says that one of them is true, not which.
    values : mapping of str to tuple of str
        Classes it gives an axis directly, in place of what its statements give there.
    opens, masks
        As of `Statement`, beside those of its statements.
    unmapped : str
        Why it stands for no statement; empty where it does.
    counts : mapping of str to int
        Records a data set, by the name of the table's column.
    note : str
        Why it is so.
    """

    code: str
    title: str
    groups: tuple[tuple[str, ...], ...] = ()
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    opens: Mapping[str, frozenset[str]] = field(default_factory=dict)
    masks: frozenset[str] = frozenset()
    unmapped: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    note: str = ""


def table_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a table in this folder, by its file name."""
    text = files("einthoven.tasks.statements").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _values(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("|")) if cell else ()


def _by_axis(cell: str) -> dict[str, tuple[str, ...]]:
    return {axis: _values(values) for axis, _, values in (item.partition(":") for item in cell.split())}


def _opens(cell: str) -> dict[str, frozenset[str]]:
    return {axis: frozenset(values) for axis, values in _by_axis(cell).items()}


@cache
def statements() -> Mapping[str, Statement]:
    """Return the statements by id, in the order of their table."""
    found = {}
    for row in table_rows("statements.csv"):
        given = {axis: _values(row[column]) for column, axis in (_CLASSES | _LABELS).items() if row[column]}
        denies = frozenset(axis for axis, values in given.items() if values == ("none",))
        found[row["id"]] = Statement(
            id=row["id"],
            title=row["title"],
            superclass=row["superclass"],
            classes={axis: given[axis] for axis in _CLASSES.values() if axis in given and axis not in denies},
            labels={
                axis: frozenset(given[axis]) for axis in _LABELS.values() if axis in given and axis not in denies
            },
            denies=denies,
            opens=_opens(row["open"]),
            doubts=frozenset(row["doubt"].split()),
            masks=frozenset(row["mask"].split()),
            note=row["note"],
        )
    return found


@cache
def codes(vocabulary: str) -> Mapping[str, Code]:
    """Return the codes of a vocabulary, in the order of its table.

    Parameters
    ----------
    vocabulary : str
        One of `VOCABULARIES`.

    Raises
    ------
    ValueError
        For another vocabulary.
    """
    if vocabulary not in VOCABULARIES:
        raise ValueError(f"a vocabulary is one of {VOCABULARIES}, not {vocabulary!r}")
    if vocabulary == "statements":
        return {name: Code(name, row.title, groups=((name,),)) for name, row in statements().items()}
    return {row["code"]: coded(row) for row in table_rows(f"{vocabulary}.csv")}


def coded(row: Mapping[str, str]) -> Code:
    """Read one row of a code table; the columns that begin with ``n_`` are counts."""
    return Code(
        code=row["code"],
        title=row["title"] or row["code"],
        groups=tuple(_values(group) for group in row["statements"].split()),
        values=_by_axis(row["values"]),
        opens=_opens(row["open"]),
        masks=frozenset(row["mask"].split()),
        unmapped=row["unmapped"],
        counts={name: int(value) for name, value in row.items() if name.startswith("n_")},
        note=row["note"],
    )


def rows(vocabulary: str) -> Mapping[str, Mapping[str, str]]:
    """Return the rows of a code table as they stand in the file, by code."""
    return {row["code"]: row for row in table_rows(f"{vocabulary}.csv")}


def unmapped(vocabulary: str) -> Mapping[str, str]:
    """Return the codes that deliberately stand for no statement, each with the reason."""
    return {name: code.unmapped for name, code in codes(vocabulary).items() if code.unmapped}


def superclasses_of(ids: Iterable[str]) -> frozenset[str]:
    """Return the diagnostic superclasses of some statements.

    For PTB-XL they are those of its ``diagnostic_class``, whatever the likelihood.

    Parameters
    ----------
    ids : iterable of str
        Statements; a label that is none raises `KeyError`.
    """
    known = statements()
    return frozenset(known[name].superclass for name in ids) - {""}
