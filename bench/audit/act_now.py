"""The act-now table: what cannot wait, how often it is missed, and how often it is called in vain.

Which conditions, and on which axes, stands in ``act_now.toml``. Beside them the two errors that the published measure
calls critical are told apart: an infarction called normal, and a normal ECG called an infarction.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from einthoven.bench.audit.labelled import Labelled
from einthoven.bench.scoring.axis_score import Estimate
from einthoven.bench.scoring.clustered_share import clustered_share
from einthoven.bench.scoring.danger_matrix import CLASSES, NORMAL
from einthoven.ecg.reading import AxisTruth, Reading, Truth
from einthoven.tasks.taxonomy import axis_value

__all__ = ["FEW", "Condition", "Part", "act_now", "conditions", "is_there", "raised"]

#: With fewer cases, or fewer records of a group, a figure is marked: it says little.
FEW = 30

_MI = CLASSES.index("MI")

_Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Part:
    """What a condition is on one axis; see ``act_now.toml``."""

    axis: str
    values: frozenset[str]
    unclear: frozenset[str]
    alarm: frozenset[str]
    unclear_codes: frozenset[str]
    sure_codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of the act-now table: it is there when all of its parts are."""

    name: str
    title: str
    why: str
    parts: tuple[Part, ...]


@cache
def conditions() -> tuple[Condition, ...]:
    """Return the conditions in the order of the table."""
    text = files("einthoven.bench.audit").joinpath("act_now.toml").read_text(encoding="utf-8")
    return tuple(
        Condition(
            name,
            row["title"],
            row["why"],
            tuple(
                Part(
                    part["axis"],
                    frozenset(part["values"]),
                    frozenset(part.get("unclear", ())),
                    frozenset(part.get("alarm", part["values"])),
                    frozenset(part.get("unclear_codes", ())),
                    frozenset(part.get("sure_codes", ())),
                )
                for part in row["parts"]
            ),
        )
        for name, row in tomllib.loads(text).items()
    )


def is_there(condition: Condition, truth: Truth, codes: Collection[str] = ()) -> bool | None:
    """Tell whether a condition is there; `None` where the source does not say.

    Parameters
    ----------
    condition : Condition
        What is looked for.
    truth : Truth
        Of a record.
    codes : collection of str
        The source's own codes of the record.
    """
    parts = [_part_is_there(part, truth[part.axis], codes) for part in condition.parts]
    if False in parts:
        return False
    return None if None in parts else True


def _part_is_there(part: Part, truth: AxisTruth, codes: Collection[str]) -> bool | None:
    if truth.masked:
        return None
    if isinstance(truth.value, str):
        if truth.accepted <= part.values:
            return True
        return None if truth.accepted & (part.values | part.unclear) else False
    assert truth.value is not None
    if truth.value & part.values:
        return None if part.unclear_codes & set(codes) and not part.sure_codes & set(codes) else True
    return None if truth.open & part.values or truth.value & part.unclear else False


def raised(condition: Condition, reading: Reading, *, by_name: bool = False) -> bool:
    """Tell whether an answer raises a condition; an axis that it leaves out raises nothing.

    Parameters
    ----------
    condition : Condition
        Which.
    reading : Reading
        The answer.
    by_name : bool
        Whether it has to name the condition itself. Another alarm, such as third-degree block for Mobitz II, finds a
        case, but where there is none it is a false alarm of its own row, or a right one, and not of this row.
    """
    for part in condition.parts:
        value = axis_value(reading, part.axis)
        said = frozenset({value}) if isinstance(value, str) else value or frozenset()
        if not said & (part.values if by_name else part.alarm):
            return False
    return True


def act_now(found: Labelled, patients: NDArray[np.integer], per_day: float) -> list[dict[str, Any]]:
    """Count misses and false alarms.

    An answer that cannot be used raises no alarm: on a case it is a miss, on another record it is only unread.

    Parameters
    ----------
    found : Labelled
        The records and the answers.
    patients : ndarray of int, shape (records,)
        Whose each record is.
    per_day : float
        How many ECGs are read a day.

    Returns
    -------
    list of dict
        One row a condition whose axes the task asks for, then ``mi_called_normal`` and ``normal_called_mi``.
    """
    usable = np.array([reading is not None for reading in found.readings])
    rows = []
    for condition in conditions():
        if not all(part.axis in found.task.asked for part in condition.parts):
            continue
        there = [
            is_there(condition, truth, row.get("statements", {}))
            for truth, row in zip(found.truths, found.records, strict=True)
        ]
        alarm, named = (
            np.array([one is not None and raised(condition, one, by_name=by_name) for one in found.readings])
            for by_name in (False, True)
        )
        known = np.array([one is not None for one in there])
        case = np.array([one is True for one in there])
        rows.append(
            {"name": condition.name, "title": condition.title, "why": condition.why}
            | _counted(known, case, case & ~alarm, named, usable, patients, per_day)
        )
    return rows + _infarction(found, usable, patients, per_day)


def _counted(
    known: _Flags,
    case: _Flags,
    missed: _Flags,
    named: _Flags,
    usable: _Flags,
    patients: NDArray[np.integer],
    per_day: float,
) -> dict[str, Any]:
    false = known & ~case & named
    of_all = clustered_share(missed, known, patients) if case.any() else Estimate()  # without cases nobody can tell
    in_vain = clustered_share(false, known, patients)
    return {
        "n": int(known.sum()),
        "cases": int(case.sum()),
        "case_patients": len(np.unique(patients[case])),
        "few": bool(case.sum() < FEW),
        "missed": int(missed.sum()),
        "missed_invalid": int((case & ~usable).sum()),
        "false_alarms": int(false.sum()),
        "missed_share": _row(clustered_share(missed, case, patients), 1.0),
        "missed_per_1000": _row(of_all, 1000.0),
        "false_per_1000": _row(in_vain, 1000.0),
        "missed_per_day": _row(of_all, per_day),
        "false_per_day": _row(in_vain, per_day),
    }


def _infarction(
    found: Labelled, usable: _Flags, patients: NDArray[np.integer], per_day: float
) -> list[dict[str, Any]]:
    """Tell an infarction called normal from a normal ECG called an infarction."""
    only_normal = frozenset({NORMAL})
    mi = np.array([one is not None and _MI in one.present for one in found.labels])
    known = np.array([one is not None and _MI not in one.unknown for one in found.labels])
    normal = np.array([one is not None and one.present == only_normal and not one.unknown for one in found.labels])
    called_normal = np.array([said is not None and said <= only_normal for said in found.answers])
    called_mi = np.array([said is not None and _MI in said for said in found.answers])
    rows = []
    for name, title, case, wrong in (
        ("mi_called_normal", "infarction of any age called normal", mi, called_normal),
        ("normal_called_mi", "normal ECG called infarction", normal, called_mi),
    ):
        hits = case & wrong
        share = clustered_share(hits, known, patients) if case.any() else Estimate()
        rows.append(
            {
                "name": name,
                "title": title,
                "n": int(known.sum()),
                "cases": int(case.sum()),
                "case_patients": len(np.unique(patients[case])),
                "few": bool(case.sum() < FEW),
                "errors": int(hits.sum()),
                "invalid": int((case & ~usable).sum()),
                "share": _row(clustered_share(hits, case, patients), 1.0),
                "per_1000": _row(share, 1000.0),
                "per_day": _row(share, per_day),
            }
        )
    return rows


def _row(one: Estimate, times: float) -> dict[str, float | list[float] | None]:
    ends = one.interval
    return {
        "value": None if one.value is None else one.value * times,
        "ci": None if ends is None else [end * times for end in ends],
    }
