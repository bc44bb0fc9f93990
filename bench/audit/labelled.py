"""A bundle looked at by superclasses: what is there on each record, and what was said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from einthoven.bench.bundle import Bundle
from einthoven.bench.pairs import ARM as PAIRS
from einthoven.bench.readings import readings_of
from einthoven.bench.scoring.danger_matrix import CLASSES
from einthoven.bench.versions import same_version
from einthoven.ecg.reading import Reading, Truth
from einthoven.errors import EinthovenError, Exit
from einthoven.tasks import taxonomy
from einthoven.tasks.groups import grouped_truth, touched
from einthoven.tasks.registry import task
from einthoven.tasks.statements.table import codes, superclasses_of
from einthoven.tasks.task import Task

__all__ = ["Labelled", "Labels", "labelled"]

#: The source whose own codes say all there is to say of the superclasses (Wagner 2020, Scientific Data 7:154).
_CODED = "ptbxl"


@dataclass(frozen=True, slots=True)
class Labels:
    """What is there on one record, in places of `CLASSES`.

    Attributes
    ----------
    present, unknown : frozenset of int
        Classes that are there; of which nobody knows.
    single : int or None
        The class with the largest summed likelihood, of equals the earlier one; `None` where no class is there.
    likelihood : mapping of int to float
        By class that is there: 0 to 1, the largest of its statements; an ungraded one is certain.
    """

    present: frozenset[int]
    unknown: frozenset[int] = frozenset()
    single: int | None = None
    likelihood: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Labelled:
    """The records of a bundle and the answers of one arm; all sequences are in the order of the records' ids.

    Attributes
    ----------
    task : Task
        What was asked.
    records : sequence of mapping
        Rows of ``records.jsonl.gz``; the sides of simulator pairs are not among them.
    truths : sequence of Truth
        By record.
    labels : sequence of Labels or None
        By record; `None` where the diagnosis is masked.
    readings : sequence of Reading or None
        By record; `None` where the answer cannot be used.
    answers : sequence of frozenset of int or None
        The classes that were named; `None` where the answer cannot be used, or the model calls the diagnosis not
        assessable.
    said : sequence of int or None
        One class of each answer: the one with most of the named statements, of equals the earlier one; normal where
        none was named.
    """

    task: Task
    records: Sequence[Mapping[str, Any]]
    truths: Sequence[Truth]
    labels: Sequence[Labels | None]
    readings: Sequence[Reading | None]
    answers: Sequence[frozenset[int] | None]
    said: Sequence[int | None]


def labelled(bundle: Bundle, arm: str = "image") -> Labelled:
    """Look at a bundle by superclasses.

    Parameters
    ----------
    bundle : Bundle
        A finished run.
    arm : str
        Whose answers.

    Raises
    ------
    EinthovenError
        There is nothing to audit: no records, no answers of the arm, a task that asks for no diagnosis, a label that
        is none, or versions of the taxonomy or the task that are not these.
    """
    run, identity = bundle.run, bundle.run["identity"]
    chosen = task(identity["task"]["name"])
    same_version(identity["taxonomy"], taxonomy.version(), "taxonomy")
    same_version(identity["task"]["version"], chosen.version, f"task {chosen.name}")
    if "diagnosis" not in chosen.asked and (chosen.space is None or not _labels_of(chosen.space.values)):
        raise EinthovenError(
            f"the task {chosen.name} asks for no diagnosis: its answers cannot be weighed",
            "audit a run of the task dense, sparse, flat or superclass",
        )
    apart = {row["record"] for row in bundle.answers if row["arm"] == PAIRS}
    records = sorted((row for row in bundle.records if row["id"] not in apart), key=lambda row: row["id"])
    if not records:
        raise EinthovenError("there is no record in this bundle: nothing to audit", "run with a larger --limit")
    of_arm = [row for row in bundle.answers if row["arm"] == arm]
    for what, ids in (("is there", (row["id"] for row in records)), ("is answered", (r["record"] for r in of_arm))):
        twice = next((one for one, count in Counter(ids).items() if count > 1), None)
        if twice is not None:
            raise EinthovenError(
                f"record {twice} {what} more than once in this bundle", "copy the bundle again", Exit.MISSING
            )
    rows = {row["record"]: row for row in of_arm}
    missing = [row["id"] for row in records if row["id"] not in rows]
    if missing:
        arms = sorted({row["arm"] for row in bundle.answers if row["arm"] != PAIRS})
        raise EinthovenError(
            f"{len(missing)} of {len(records)} records have no answer in the arm {arm}, such as {missing[0]}",
            f"there are the arms {', '.join(arms) or 'none'}; copy the bundle again if it should have them all",
            Exit.MISSING,
        )
    readings = readings_of([rows[row["id"]] for row in records], chosen)
    truths = [Truth.from_json(row["truth"]) for row in records]
    coded = run["data"]["name"] == _CODED
    found = [_coded(row) if coded else _stated(row, truth) for row, truth in zip(records, truths, strict=True)]
    named = [_named(reading) for reading in readings]
    return Labelled(
        chosen,
        records,
        truths,
        found,
        readings,
        [None if one is None else frozenset(one) for one in named],
        [None if one is None else _first(one, 0) for one in named],
    )


def _labels_of(values: Collection[str]) -> bool:
    """Tell whether the values of a task's own label space are superclasses or statements."""
    return set(values) == set(CLASSES) or set(values) <= set(taxonomy.axes()["diagnosis"].values)


def _first(weights: Mapping[int, float], otherwise: int | None) -> int | None:
    return max(weights, key=lambda one: (weights[one], -one), default=otherwise)


@cache
def _of_codes() -> Mapping[str, frozenset[int]]:
    return {
        name: frozenset(
            CLASSES.index(one) for one in superclasses_of(name for group in code.groups for name in group)
        )
        for name, code in codes("scp").items()
    }


def _coded(row: Mapping[str, Any]) -> Labels:
    """Read the source's own codes: they say all of the superclasses, so none is open."""
    sums: dict[int, float] = {}
    likelihood: dict[int, float] = {}
    for code, value in row.get("statements", {}).items():
        if code not in _of_codes():
            raise _unknown(row["id"], code)
        if not 0 <= float(value) <= 100:
            raise EinthovenError(
                f"record {row['id']} has the likelihood {value} of {code}: likelihoods lie between 0 and 100",
                "copy the bundle again",
                Exit.MISSING,
            )
        for one in _of_codes()[code]:
            sums[one] = sums.get(one, 0.0) + float(value)
            # 0 stands for "not graded"
            likelihood[one] = max(likelihood.get(one, 0.0), float(value) / 100 if value else 1.0)
    return Labels(frozenset(sums), frozenset(), _first(sums, None), likelihood)


def _stated(row: Mapping[str, Any], truth: Truth) -> Labels | None:
    """Read the statements of any other source; likelihoods are not given, so each counts alike."""
    stated = truth["diagnosis"]
    if not isinstance(stated.value, frozenset):
        return None
    strange = (stated.value | stated.open) - set(taxonomy.axes()["diagnosis"].values)
    if strange:
        raise _unknown(row["id"], min(strange))
    grouped = grouped_truth(stated, taxonomy.superclasses())
    return Labels(
        frozenset(_counted(stated.value)),
        frozenset(map(CLASSES.index, grouped.open)),
        _first(_counted(stated.value), None),
    )


def _unknown(record: str, label: str) -> EinthovenError:
    return EinthovenError(
        f"record {record} has the label {label!r}, which belongs to no statement",
        "score it with the version of einthoven that made it, or copy the bundle again",
        Exit.MISSING,
    )


def _counted(statements: Collection[str]) -> dict[int, float]:
    """Count statements by superclass."""
    counts = Counter(one for name in statements for one in superclasses_of([name]))
    return {CLASSES.index(one): float(count) for one, count in counts.items()}


def _named(reading: Reading | None) -> dict[int, float] | None:
    """Return how often an answer names each class; nothing for an answer that says nothing on it."""
    if reading is None:
        return None
    if reading.diagnosis is not None:
        return _counted(reading.diagnosis)
    if reading.label is None:
        return None
    label = frozenset({reading.label}) if isinstance(reading.label, str) else reading.label
    if label <= set(CLASSES):
        return {CLASSES.index(one): 1.0 for one in label}
    return {CLASSES.index(one): 1.0 for one in touched(label, taxonomy.superclasses())}
