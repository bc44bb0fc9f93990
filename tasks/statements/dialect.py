"""How a data set speaks: its vocabulary, what it covers, and what its silence means (``dialects.toml``)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any

from einthoven.errors import EinthovenError
from einthoven.tasks.statements.table import Code, Statement, coded, codes, rows, statements
from einthoven.tasks.taxonomy import axes

__all__ = ["Dialect", "dialect", "dialects", "kind"]

#: Axes on which a source's silence can say "none"; rate, rhythm and axis are stated or unknown.
_SILENT_AXES = ("conduction", "ischemia_stage", "ischemia_territory", "other_findings")

#: Axes on which a data set that never states the normal class would only tell abnormal from abnormal.
_NORMAL_NEEDED = ("rate", "axis")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one data set speaks.

    Attributes
    ----------
    name, title : str
        The word in code and the words for people.
    codes : mapping of str to Code
        Its codes, with what means something else in this data set.
    covered : mapping of str to frozenset of str
        Axis -> classes or labels that one of its codes states in at least one record; for diagnosis statements.
    silent : frozenset of str
        Axes on which its silence says "none", for a record that a human validated.
    because : str
        Why silence does or does not speak.
    masks : mapping of str to str
        Axis -> why the data set says nothing on it.
    stadiums : mapping of str to tuple of str
        Its words for an infarct's age -> the stages that are right, the first being the value.
    one_process : bool
        Entries of one stage are one process told wall by wall.
    """

    name: str
    title: str
    codes: Mapping[str, Code]
    covered: Mapping[str, frozenset[str]]
    silent: frozenset[str]
    because: str
    masks: Mapping[str, str]
    stadiums: Mapping[str, tuple[str, ...]]
    one_process: bool


def kind(stage: str) -> str:
    """Return what an ischaemia stage is a stage of: ``ischemia``, ``injury`` or ``infarct``."""
    return {"ischemia": "ischemia", "subendocardial_injury": "injury"}.get(stage, "infarct")


@cache
def _document() -> Mapping[str, Mapping[str, Any]]:
    text = files("einthoven.tasks.statements").joinpath("dialects.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def dialects() -> tuple[str, ...]:
    """Return the names of the dialects."""
    return tuple(_document())


@cache
def dialect(name: str) -> Dialect:
    """Return a dialect.

    Raises
    ------
    EinthovenError
        For an unknown name, with the nearest known one.
    """
    if name not in _document():
        near = get_close_matches(name, dialects(), n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        raise EinthovenError(f"no dialect {name!r}", f"{hint}There are {', '.join(dialects())}")
    row = _document()[name]
    vocabulary = row["vocabulary"]
    table = dict(codes(vocabulary))
    for code, changed in row.get("codes", {}).items():
        table[code] = coded({**rows(vocabulary)[code], **changed})
    column = row.get("counts")
    covered = _covered([code for code in table.values() if column is None or code.counts[column] > 0])
    masks = {**_blind(covered, row["title"]), **row.get("mask", {})}
    # "No ischaemia" needs annotators who named both infarction and ischaemia where they saw it.
    told = {kind(stage) for stage in covered["ischemia_stage"]}
    complete = {"infarct", "ischemia"} <= told
    return Dialect(
        name=name,
        title=row["title"],
        codes=table,
        covered=covered,
        silent=frozenset(
            axis
            for axis in _SILENT_AXES
            if row["silence"] and (complete if axis.startswith("ischemia") else covered[axis])
        ),
        because=row["because"],
        masks=masks,
        stadiums={word: tuple(stages.split("|")) for word, stages in row.get("stadiums", {}).items()},
        one_process=row.get("one_process", False),
    )


def _covered(used: list[Code]) -> dict[str, frozenset[str]]:
    """Collect what the codes state; a group of alternatives states none of them."""
    covered: dict[str, set[str]] = {axis: set() for axis in axes()}
    for code in used:
        for statement in _stated(code):
            covered["diagnosis"].add(statement.id)
            for axis, classes in statement.classes.items():
                covered[axis].update(code.values.get(axis, classes))
            for axis, labels in statement.labels.items():
                covered[axis].update(labels)
        for axis, classes in code.values.items():
            covered[axis].update(classes)
    return {axis: frozenset(labels) for axis, labels in covered.items()}


def _stated(code: Code) -> Iterator[Statement]:
    return (statements()[group[0]] for group in code.groups if len(group) == 1)


def _blind(covered: Mapping[str, frozenset[str]], title: str) -> dict[str, str]:
    """Return the axes on which a data set could only tell one abnormal class from another."""
    return {
        axis: f"no code of {title} states a normal one"
        for axis in _NORMAL_NEEDED
        if axes()[axis].normal not in covered[axis]
    }
