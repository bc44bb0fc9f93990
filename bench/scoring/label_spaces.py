"""Secondary label spaces: the same answers looked at more coarsely, scored by the same machinery."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from einthoven.bench.scoring.encode import AxisData, Prediction
from einthoven.ecg.reading import AxisTruth
from einthoven.tasks.groups import grouped_truth, touched

__all__ = ["grouped", "most_severe"]


def grouped(data: AxisData, name: str, groups: Mapping[str, frozenset[str]]) -> AxisData:
    """Look at a set axis through groups of its labels (statements by superclass).

    A group is present where one of its labels is, and open where none is but one of them is open.

    Parameters
    ----------
    data : AxisData
        Of a set axis.
    name : str
        Of the secondary label space.
    groups : mapping of str to frozenset of str
        The labels of each group; labels in no group are left out.
    """
    return AxisData(
        name,
        "set",
        tuple(groups),
        [grouped_truth(truth, groups) for truth in data.truths],
        {
            arm: [None if answer is None else touched(_labels(answer), groups) for answer in answers]
            for arm, answers in data.predictions.items()
        },
        secondary=True,
    )


def most_severe(data: AxisData, name: str, severity: Sequence[str], none: str = "none") -> AxisData:
    """Look at a set axis as its most severe label alone, one class a record (primary conduction).

    Where a label more severe than all that are present is open, it is accepted too: the record then counts in
    accuracy only.

    Parameters
    ----------
    data : AxisData
        Of a set axis.
    name : str
        Of the secondary label space.
    severity : sequence of str
        Labels, most severe first; others are left out.
    none : str
        The class of a record without any of them.
    """
    order = (*severity, none)

    def first(labels: frozenset[str]) -> str:
        return next((label for label in severity if label in labels), none)

    def truth_of(truth: AxisTruth) -> AxisTruth:
        if truth.value is None:
            return truth
        known = first(_labels(truth.value))
        worse = truth.open & set(order[: order.index(known)])
        return AxisTruth(known, accepted=worse | {known}, implied=truth.implied, reason=truth.reason)

    return AxisData(
        name,
        "categorical",
        order,
        [truth_of(truth) for truth in data.truths],
        {
            arm: [None if answer is None else first(_labels(answer)) for answer in answers]
            for arm, answers in data.predictions.items()
        },
        secondary=True,
    )


def _labels(value: Prediction) -> frozenset[str]:
    if not isinstance(value, frozenset):
        raise ValueError(f"{value!r} is no set of labels: only set axes are looked at more coarsely")
    return value
