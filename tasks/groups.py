"""Labels looked at by groups: what a truth over labels says of groups of them."""

from __future__ import annotations

from collections.abc import Mapping

from einthoven.ecg.reading import AxisTruth

__all__ = ["grouped_truth", "touched"]


def touched(labels: frozenset[str], groups: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Return the groups that one of the labels belongs to."""
    return frozenset(group for group, members in groups.items() if members & labels)


def grouped_truth(truth: AxisTruth, groups: Mapping[str, frozenset[str]]) -> AxisTruth:
    """Look at the truth of a set axis through groups of its labels.

    A group is present where one of its labels is, and open where none is but one of them is open.

    Parameters
    ----------
    truth : AxisTruth
        Of a set axis.
    groups : mapping of str to frozenset of str
        The labels of each group; labels in no group are left out.

    Raises
    ------
    ValueError
        The truth is of a categorical axis.
    """
    if truth.value is None:
        return truth
    if isinstance(truth.value, str):
        raise ValueError(f"{truth.value!r} is no set of labels: only set axes are looked at by groups")
    present = touched(truth.value, groups)
    return AxisTruth(present, open=touched(truth.open, groups) - present, implied=truth.implied, reason=truth.reason)
