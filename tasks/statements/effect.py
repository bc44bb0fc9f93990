"""What one code of one data set says on every axis: its statements' claims, put together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from einthoven.tasks.statements.dialect import Dialect, dialect
from einthoven.tasks.statements.table import EVERYTHING, Code, Statement, statements
from einthoven.tasks.taxonomy import axes

__all__ = ["AGE_UNKNOWN", "Effect", "Process", "UnknownCode", "effect"]

#: The stage of an infarct whose age nobody gave; the data set's own field for the age refines it.
AGE_UNKNOWN = ("infarct_age_undetermined",)


class UnknownCode(ValueError):
    """A code that the vocabulary does not list: a fault to report, never to skip.

    Attributes
    ----------
    code : str
        The code.
    """

    def __init__(self, code: str) -> None:
        super().__init__(f"{code!r} stands in no table")
        self.code = code


@dataclass(frozen=True, slots=True)
class Process:
    """One ischaemic process as a code gives it.

    Attributes
    ----------
    stages : tuple of str
        The stages that are right; the first is the value.
    walls : frozenset of str
        The walls it involves; empty where no wall is named.
    unsure : frozenset of str
        Walls that it may involve.
    """

    stages: tuple[str, ...]
    walls: frozenset[str]
    unsure: frozenset[str] = frozenset()

    @property
    def possible(self) -> frozenset[str]:
        """The walls it may involve; all of them where none is named."""
        return self.walls | self.unsure or frozenset(axes()["ischemia_territory"].values)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a code says.

    Attributes
    ----------
    code : str
        The code, as the table writes it.
    position : int
        Its row in the table, for orders that must not depend on the source's.
    stated : frozenset of str
        The statements it makes.
    classes : mapping of str to tuple of tuple of str
        Rate, rhythm, axis -> claims; of each the first class is the value, the others are right as well.
    labels : mapping of str to frozenset of str
        Conduction, other_findings -> labels present.
    processes : tuple of Process
        Ischaemic processes.
    denies, opens, masks
        As of `Statement`.
    """

    code: str
    position: int
    stated: frozenset[str]
    classes: Mapping[str, tuple[tuple[str, ...], ...]]
    labels: Mapping[str, frozenset[str]]
    processes: tuple[Process, ...]
    denies: frozenset[str]
    opens: Mapping[str, frozenset[str]]
    masks: frozenset[str]


@cache
def _folded(name: str) -> Mapping[str, str]:
    return {_fold(code): code for code in dialect(name).codes}


def _fold(code: str) -> str:
    return " ".join(code.split()).casefold()


@cache
def effect(name: str, code: str) -> Effect:
    """Return what a code says in a dialect. Letter case and spacing of the code do not matter.

    Raises
    ------
    UnknownCode
        For a code that the dialect's vocabulary does not list.
    EinthovenError
        For an unknown dialect.
    """
    spoken = dialect(name)
    if code not in spoken.codes:
        known = _folded(name).get(_fold(code))
        if known is None:
            raise UnknownCode(code)
        return effect(name, known)
    return _compile(spoken, spoken.codes[code])


def _compile(spoken: Dialect, code: Code) -> Effect:
    groups = [[statements()[name] for name in group] for group in code.groups]
    opens = _merged([code.opens, *(row.opens for group in groups for row in group)])
    classes: dict[str, list[tuple[str, ...]]] = {}
    labels: dict[str, frozenset[str]] = {}
    processes = []
    for group in groups:
        for axis in ("rate", "rhythm", "axis"):
            if all(axis in row.classes for row in group):
                classes.setdefault(axis, []).append(_union(row.classes[axis] for row in group))
        for axis in ("conduction", "other_findings"):
            both, some = _shared(axis, group)
            labels[axis] = labels.get(axis, frozenset()) | both
            opens[axis] = opens.get(axis, frozenset()) | some
        ischemic = ["ischemia_stage" in row.classes for row in group]
        if all(ischemic):
            stages = code.values.get("ischemia_stage") or _union(row.classes["ischemia_stage"] for row in group)
            processes.append(Process(stages, *_shared("ischemia_territory", group)))
        elif any(ischemic):
            everything = frozenset((EVERYTHING,))
            opens |= {"ischemia_stage": everything, "ischemia_territory": everything}
    for axis, values in code.values.items():
        if axis != "ischemia_stage":
            classes[axis] = [values]
    return Effect(
        code=code.code,
        position=list(spoken.codes).index(code.code),
        stated=frozenset(group[0].id for group in groups if len(group) == 1),
        classes={axis: tuple(claims) for axis, claims in classes.items()},
        labels={axis: found for axis, found in labels.items() if found},
        processes=tuple(processes),
        denies=frozenset(axis for group in groups for axis in frozenset.intersection(*(row.denies for row in group))),
        opens={axis: found for axis, found in opens.items() if found},
        masks=code.masks.union(*(row.masks for group in groups for row in group)),
    )


def _merged(parts: Iterable[Mapping[str, frozenset[str]]]) -> dict[str, frozenset[str]]:
    merged: dict[str, frozenset[str]] = {}
    for part in parts:
        for axis, labels in part.items():
            merged[axis] = merged.get(axis, frozenset()) | labels
    return merged


def _union(parts: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for part in parts for value in part))


def _shared(axis: str, group: Sequence[Statement]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the labels that all alternatives have, and those that only some have."""
    each = [row.labels.get(axis, frozenset()) for row in group]
    return frozenset.intersection(*each), frozenset.union(*each) - frozenset.intersection(*each)
