"""What the answers to contradicting picture and text say: which of the two a model follows, axis by axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from einthoven.bench.conflicts import says
from einthoven.bench.scoring.counts import patient_index
from einthoven.bench.scoring.encode import Prediction
from einthoven.bench.scoring.following import Following, following
from einthoven.bench.swaps import differing
from einthoven.ecg.reading import AxisTruth, Reading, Truth
from einthoven.tasks.task import Task
from einthoven.tasks.taxonomy import axis_value

__all__ = ["agrees", "conflict_scores", "swap_scores"]

#: Both answers agree or do not, and whose record it is.
_Hits = list[tuple[bool, bool, str]]


def agrees(answer: Prediction, truth: AxisTruth, against: AxisTruth) -> bool:
    """Return whether an answer is what a truth says and another, which excludes it, does not.

    Parameters
    ----------
    answer : str, frozenset of str or None
        A class, labels, or nothing usable: that agrees with nothing.
    truth, against : AxisTruth
        Of sets only the labels count in which the two differ, and all of them must be as the truth has them.
    """
    if answer is None or isinstance(answer, str):
        return answer in truth.accepted
    assert isinstance(truth.value, frozenset)
    assert isinstance(against.value, frozenset)
    apart = (truth.value ^ against.value) - truth.open - against.open
    return answer & apart == truth.value & apart


def _following(hits: _Hits) -> Following:
    one, other, patients = zip(*hits, strict=True)
    return following(np.array(one), np.array(other), patient_index(patients))


def swap_scores(
    records: Sequence[Mapping[str, Any]], readings: Mapping[str, Reading | None], chosen: Task
) -> dict[str, Any]:
    """Score the arm ``swapped``.

    Parameters
    ----------
    records : sequence of mapping
        All records of the run, the donors among them.
    readings : mapping of str to Reading or None
        Record id -> what was answered to its text and its donor's picture; `None` where the answer is not ok.
    chosen : Task
        What was asked.

    Returns
    -------
    dict
        By axis `Following.to_json`, ``donor`` against ``recipient``, over the records on which the two differ.
    """
    truths = {row["id"]: Truth.from_json(row["truth"]) for row in records}
    hits: dict[str, _Hits] = {}
    for row in records:
        if "donor" not in row:
            continue
        reading, own, donor = readings[row["id"]], truths[row["id"]], truths[row["donor"]]
        for axis in chosen.asked:
            if differing(own[axis], donor[axis]):
                answer = None if reading is None else axis_value(reading, axis)
                one, other = agrees(answer, donor[axis], own[axis]), agrees(answer, own[axis], donor[axis])
                hits.setdefault(axis, []).append((one, other, row["patient"]))
    return {axis: _following(hits[axis]).to_json("donor", "recipient") for axis in chosen.asked if axis in hits}


def conflict_scores(
    records: Sequence[Mapping[str, Any]], readings: Mapping[str, Reading | None], chosen: Task
) -> dict[str, Any]:
    """Score the arm ``conflict``: as `swap_scores`, by the axis of the moved number, ``text`` against ``picture``."""
    hits: dict[str, _Hits] = {}
    for row in records:
        if "conflict" not in row:
            continue
        conflict, reading = row["conflict"], readings[row["id"]]
        axis, labels, text = conflict["axis"], conflict["labels"], conflict["text"]
        one = other = False
        if reading is not None:
            said = says(reading, axis, labels)
            truth = Truth.from_json(row["truth"])[axis]
            one = said == text
            answer = axis_value(reading, axis)
            other = answer in truth.accepted if isinstance(answer, str) else not one
        hits.setdefault(axis, []).append((one, other, row["patient"]))
    return {axis: _following(hits[axis]).to_json("text", "picture") for axis in chosen.asked if axis in hits}
