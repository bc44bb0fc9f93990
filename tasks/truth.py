"""From what a source says to what counts as right: codes -> `Truth`, and exact readings -> `Truth`.

What a code means stands in ``statements/``; here the codes of one record are put together. ``docs/statements.md``
gives the decisions with their reasons.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import combinations
from types import MappingProxyType

from einthoven.ecg.reading import AXES, AxisTruth, Reading, Truth
from einthoven.tasks.statements import ischemia
from einthoven.tasks.statements.contradiction import contradicted, contradicted_by_ischemia
from einthoven.tasks.statements.dialect import dialect as dialect_named
from einthoven.tasks.statements.dialect import kind
from einthoven.tasks.statements.effect import Effect, UnknownCode, effect
from einthoven.tasks.statements.said import Said, said
from einthoven.tasks.statements.table import statements
from einthoven.tasks.taxonomy import axes, axis_value

__all__ = ["UnknownCode", "from_reading", "truth"]

#: Which of several accepted classes is the value, first to last: the least normal one. All of them are right.
_VALUE_ORDER: Mapping[str, tuple[str, ...]] = {
    "rate": ("tachycardia", "bradycardia", "normal"),
    "rhythm": (
        "paced",
        "ventricular_fibrillation",
        "ventricular_tachycardia",
        "ventricular_escape",
        "junctional",
        "supraventricular_tachycardia",
        "atrial_fibrillation",
        "atrial_flutter",
        "ectopic_atrial",
        "other",
        "sinus_arrhythmia",
        "sinus",
    ),
    "axis": ("extreme", "right", "left", "indeterminate", "normal"),
}

#: A pacemaker drives the ventricles whatever the atria do: beside pacing other rhythms name the atria.
_DOMINANT = ("paced",)

_NORMAL = "normal_ecg"
_ISCHEMIC = frozenset(("ischemia_stage", "ischemia_territory"))

#: The axes that a statement's absence can be read off; diagnosis restates them.
_RESTATED = ("rate", "rhythm", "axis", "conduction", "other_findings")


def truth(dialect: str, codes: Mapping[str, float], *, validated: bool = True, stadiums: Sequence[str] = ()) -> Truth:
    """Say what the codes of one record make true.

    Parameters
    ----------
    dialect : str
        The data set, one of `einthoven.tasks.statements.dialect.dialects`.
    codes : mapping of str to float
        The source's codes with their likelihood in percent. A code that is there counts whatever its likelihood, 0
        meaning "not graded"; so does PTB-XL's own benchmark. The order of the codes does not matter.
    validated : bool
        Whether a human validated the record. Where not, what is stated counts and silence says nothing.
    stadiums : sequence of str
        The ages of the first and second infarct in the source's words (PTB-XL: ``infarction_stadium1`` and ``2``).

    Returns
    -------
    Truth
        One `AxisTruth` an axis, with masks, accepted classes and open labels.

    Raises
    ------
    EinthovenError
        For an unknown dialect.
    UnknownCode
        For a code or an age that the dialect does not know.
    """
    spoken = dialect_named(dialect)
    once = {one.code: one for one in (effect(dialect, code) for code in codes)}
    record = said(spoken, sorted(once.values(), key=_position), validated=validated)
    processes = ischemia.processes(record, spoken, codes, stadiums)
    if not processes and any(age.strip() for age in stadiums):
        record = replace(record, silent=record.silent - _ISCHEMIC, unsaid="an infarct is dated but not coded")
    if not processes:
        record = _doubted(record)
    found = {
        "rate": _class(record, "rate"),
        "rhythm": _class(record, "rhythm"),
        "axis": _class(record, "axis"),
        "conduction": _labels(record, "conduction"),
        "ischemia_stage": ischemia.stage(record, processes),
        "ischemia_territory": ischemia.territory(record, processes),
        "other_findings": _labels(record, "other_findings"),
    }
    # A masked rate or axis still tells what cannot be: a record coded STACH is no sinus bradycardia.
    told = found | {axis: _class(record, axis, masked=False) for axis in ("rate", "axis")}
    out = _ruled_out(told)
    if record.closed("ischemia_stage") and not found["ischemia_stage"].masked:
        walls = frozenset((kind(stage), one.possible) for one in processes for stage in one.stages)
        out |= contradicted_by_ischemia(walls, anywhere=not record.closed("ischemia_territory"))
    found["diagnosis"] = _diagnosis(record, out)
    shown = not all(found[axis].masked for axis in _ISCHEMIC)
    return Truth(found, ischemia.entries(processes) if shown else frozenset())


def from_reading(reading: Reading, masks: Mapping[str, str] = MappingProxyType({})) -> Truth:
    """Make the truth of a reading that is known exactly, as a simulator's is.

    Parameters
    ----------
    reading : Reading
        What is there. An axis it does not answer is masked.
    masks : mapping of str to str
        Axis -> why it is hidden all the same.

    Returns
    -------
    Truth
        Nothing is implied, and nothing is open but diagnoses that only restate what is there.

    Raises
    ------
    ValueError
        For an axis, a class or a label that the taxonomy does not have.
    """
    if unknown := set(masks) - set(AXES):
        raise ValueError(f"no axis {', '.join(sorted(unknown))}; there are {', '.join(AXES)}")
    found = {}
    for name, axis in axes().items():
        value = axis_value(reading, name)
        given = {value} if isinstance(value, str) else value or frozenset()
        if foreign := set(given) - set(axis.values):
            raise ValueError(f"{name}: the taxonomy has no {', '.join(sorted(foreign))}")
        if name in masks:
            found[name] = AxisTruth(reason=masks[name])
        else:
            found[name] = AxisTruth(value, reason="" if value is not None else "not asked for")
    entries = reading.ischemia or frozenset()
    if isinstance(made := found["diagnosis"].value, frozenset):
        out = _ruled_out(found) | {_NORMAL}
        if not found["ischemia_stage"].masked:
            walls = frozenset((kind(one.stage), one.walls or _every("ischemia_territory")) for one in entries)
            out |= contradicted_by_ischemia(walls, anywhere=found["ischemia_territory"].masked)
        found["diagnosis"] = AxisTruth(made, open=_every("diagnosis") - made - out)
    shown = not all(found[axis].masked for axis in _ISCHEMIC)
    return Truth(found, entries if shown else frozenset())


def _position(one: Effect) -> int:
    return one.position


def _claims(record: Said, axis: str) -> list[tuple[str, ...]]:
    claims = [claim for one in record.effects for claim in one.classes.get(axis, ())]
    return [_DOMINANT] if axis == "rhythm" and _DOMINANT in claims else claims


def _class(record: Said, axis: str, *, masked: bool = True) -> AxisTruth:
    """Give rate, rhythm or axis: only what is stated; where several classes are, each is right.

    With `masked` false the data set's mask is lifted, a code's own is not.
    """
    if axis in record.masks and (masked or any(axis in one.masks for one in record.effects)):
        return AxisTruth(reason=record.masks[axis])
    claims = _claims(record, axis)
    if not claims:
        return AxisTruth(reason="nothing stated, and this axis is never implied")
    accepted = frozenset(value for claim in claims for value in claim)
    value = min((claim[0] for claim in claims), key=_VALUE_ORDER[axis].index)
    return AxisTruth(value, accepted, reason="which of them is not stated" if len(accepted) > 1 else "")


def _labels(record: Said, axis: str) -> AxisTruth:
    """Give conduction or other findings: the labels present, those left open, and by that those absent."""
    if axis in record.masks:
        return AxisTruth(reason=record.masks[axis])
    every = _every(axis)
    present = frozenset(label for one in record.effects for label in one.labels.get(axis, ()))
    if not record.closed(axis):
        return AxisTruth(present, open=every - present) if present else record.nothing(axis)
    left = record.opens.get(axis, frozenset())
    if axis not in record.denied:
        left |= every - record.covered[axis]
    if not present and left >= every:
        return AxisTruth(reason="nothing stated, and every label is open")
    implied = not present and axis not in record.denied
    reason = f"nothing stated: {record.because}" if implied else ""
    return AxisTruth(present, open=left - present, implied=implied, reason=reason)


def _ruled_out(found: Mapping[str, AxisTruth]) -> frozenset[str]:
    """Return the statements that the other axes, but for ischaemia, decide against."""
    out: frozenset[str] = frozenset()
    for axis in _RESTATED:
        one = found[axis]
        if not one.masked:
            out |= contradicted(axis, one.value | one.open if isinstance(one.value, frozenset) else one.accepted)
    return out


def _diagnosis(record: Said, out: frozenset[str]) -> AxisTruth:
    """Give the statements made; one that was not made is absent where an axis decides against it, else open."""
    made = record.stated - _disputed(record)
    if _NORMAL in record.covered["diagnosis"] and record.silent:
        out |= {_NORMAL}
    if any(statements()[name].superclass not in ("", "NORM") for name in made):
        out |= {_NORMAL}
    if not made and not record.silent:
        return AxisTruth(reason=f"nothing stated: {record.unsaid}")
    if not made and not out:
        return AxisTruth(reason="nothing stated, and every statement is open")
    implied = not record.stated
    reason = f"nothing stated: {record.because}" if implied else "" if made else "which of them is true is not stated"
    return AxisTruth(made, open=_every("diagnosis") - made - out, implied=implied, reason=reason)


def _doubted(record: Said) -> Said:
    """Let silence say nothing where a statement casts doubt: "nonspecific ST depression" is no "no ischaemia"."""
    doubts = {name: statements()[name].doubts for name in sorted(record.stated) if statements()[name].doubts}
    if not doubts:
        return record
    titles = ", ".join(statements()[name].title for name in doubts)
    axes_in_doubt = frozenset(axis for axes_of_one in doubts.values() for axis in axes_of_one)
    return replace(record, silent=record.silent - axes_in_doubt, unsaid=f"{titles} leaves it undecided")


def _disputed(record: Said) -> frozenset[str]:
    """Return the rhythm statements that cannot be true together; which one is, the source does not say."""
    claims = [(one.stated, frozenset(claim)) for one in record.effects for claim in one.classes.get("rhythm", ())]
    if len(claims) < 2 or _claims(record, "rhythm") == [_DOMINANT]:
        return frozenset()
    apart = frozenset(name for a, b in combinations(claims, 2) if not a[1] & b[1] for name in a[0] | b[0])
    return frozenset(name for name in apart if "rhythm" in statements()[name].classes)


@cache
def _every(axis: str) -> frozenset[str]:
    return frozenset(axes()[axis].values)
