"""Accuracy, balanced accuracy, informedness, macro F1 and Matthews correlation, all from counts.

One function serves the point estimate and the bootstrap: the last dimension of the counts is 1 or the resamples.

Over the eligible classes or labels (`counts.eligible`):

* categorical: balanced accuracy is the mean recall; informedness is balanced accuracy rescaled so that one constant
  answer is 0 and perfection 1 (scikit-learn's ``balanced_accuracy_score(adjusted=True)`` on the records whose truth
  is an eligible class); macro F1 is ``f1_score(labels=eligible, average="macro", zero_division=0)`` and MCC
  ``matthews_corrcoef`` on the same records. An answer outside the eligible classes is wrong and nothing more, so a
  constant one there, or no usable answer at all, scores -1 / (K - 1), by the same formula: below a constant answer
  that is a class of the test.
* set: each is computed label by label over the records where the label is known, and averaged; informedness is
  sensitivity + specificity - 1, balanced accuracy half of sensitivity + specificity. Every constant answer is 0, no
  usable answer is -1: a label is a question of two classes, and -1 / (K - 1) is -1 there.

In a resample that leaves out all cases of a class (or of a label, or all its non-cases), the class keeps there the
value it has in the whole sample. Leaving it out of the mean instead would measure another thing in that resample,
and a constant answer of just that class would no longer be 0. It takes a class that lives in very few patients: with
20 independent cases it is expected once in half a billion resamples.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from einthoven.bench.scoring.counts import Counts

__all__ = ["METRICS", "informedness", "informedness_weights", "metrics"]

#: In the order of every table.
METRICS = ("accuracy", "balanced_accuracy", "informedness", "macro_f1", "mcc")

_Array = NDArray[np.float64]


def metrics(counts: Counts, whole: Counts | None = None) -> dict[str, _Array]:
    """Compute every metric that the counts allow.

    Parameters
    ----------
    counts : Counts
        Last dimension 1 or resamples.
    whole : Counts, optional
        The counts of the whole sample, last dimension 1: needed for resamples, where a class may be left out.

    Returns
    -------
    dict of str to ndarray of float64
        Shape of the last dimension. Accuracy is missing where no record counts, the others where the axis is not
        scorable.
    """
    if whole is None:
        whole = counts
    if not whole.records.sum():
        return {}
    found = {"accuracy": _ratio(counts.right, counts.records, whole.right, whole.records)}
    if counts.scorable:
        found |= _over_classes(counts, whole) if counts.kind == "categorical" else _over_labels(counts, whole)
    return found


def informedness(counts: Counts, whole: Counts | None = None) -> dict[str, _Array]:
    """Compute informedness alone: what `metrics` gives under that name; nothing where the axis is not scorable."""
    whole = counts if whole is None else whole
    if not counts.scorable:
        return {}
    if counts.kind == "categorical":
        return {"informedness": (_recall(counts, whole) - 1) / (counts.size - 1)}
    return {"informedness": _gaps(counts, whole).sum(axis=0) / counts.size}


def informedness_weights(whole: Counts) -> tuple[_Array, _Array]:
    """Return what one hit and one false alarm are worth in informedness, each of shape (K,).

    The class counts are fixed by the truth, so informedness is linear in the answers: up to a constant it is
    ``hit_worth @ hits - false_worth @ false``. On categorical axes a false alarm costs nothing beyond the hit that
    it is not.
    """
    cases = whole.cases[:, 0]
    if whole.kind == "categorical":
        return 1 / ((whole.size - 1) * cases), np.zeros(whole.size)
    return 1 / (whole.size * cases), 1 / (whole.size * whole.others[:, 0])


def _ratio(part: _Array, of: _Array, whole_part: _Array, whole_of: _Array) -> _Array:
    """Divide; where there is nothing to divide by, take the ratio in the whole sample."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio: _Array = np.divide(part, of, dtype=np.float64)
        empty = of == 0
        return np.where(empty, whole_part / whole_of, ratio) if empty.any() else ratio


def _recall(counts: Counts, whole: Counts) -> _Array:
    recall: _Array = _ratio(counts.hits, counts.cases, whole.hits, whole.cases).sum(axis=0)
    return recall


def _gaps(counts: Counts, whole: Counts) -> _Array:
    """Return sensitivity minus the rate of false alarms, label by label."""
    sensitivity = _ratio(counts.hits, counts.cases, whole.hits, whole.cases)
    gaps = sensitivity - _ratio(counts.false, counts.others, whole.false, whole.others)
    absent = (counts.cases == 0) | (counts.others == 0)
    return np.where(absent, whole.hits / whole.cases - whole.false / whole.others, gaps) if absent.any() else gaps


def _f1(counts: Counts, whole: Counts, absent: NDArray[np.bool_] | None) -> _Array:
    # cases > 0 wherever the value is used, so the denominator never vanishes.
    with np.errstate(divide="ignore", invalid="ignore"):
        f1: _Array = 2 * counts.hits / (counts.cases + counts.hits + counts.false)
    if absent is not None:
        f1 = np.where(absent, 2 * whole.hits / (whole.cases + whole.hits + whole.false), f1)
    return f1


def _over_classes(counts: Counts, whole: Counts) -> dict[str, _Array]:
    size = counts.size
    recall = _recall(counts, whole)
    absent = counts.cases == 0
    f1 = _f1(counts, whole, absent if absent.any() else None)
    # Gorodkin's K-class correlation, from the margins: no confusion matrix is needed.
    answered = counts.hits + counts.false
    n = counts.cases.sum(axis=0)
    joint = counts.hits.sum(axis=0) * n - (counts.cases * answered).sum(axis=0)
    spread_truth = n * n - (counts.cases**2).sum(axis=0)
    spread_answers = n * n - (answered**2).sum(axis=0) - (counts.elsewhere**2).sum(axis=0)
    return {
        "balanced_accuracy": recall / size,
        # Not (balanced - 1/K) / (1 - 1/K): this form is exactly 0 for a constant answer and exactly 1 for perfection.
        "informedness": (recall - 1) / (size - 1),
        "macro_f1": f1.sum(axis=0) / size,
        "mcc": _correlation(joint, spread_truth * spread_answers),
    }


def _over_labels(counts: Counts, whole: Counts) -> dict[str, _Array]:
    size = counts.size
    absent = (counts.cases == 0) | (counts.others == 0)
    vanished = absent if absent.any() else None
    gap = _gaps(counts, whole)
    f1 = _f1(counts, whole, vanished)
    correlation = _label_correlation(counts)
    if vanished is not None:
        correlation = np.where(vanished, _label_correlation(whole), correlation)
    informed = gap.sum(axis=0) / size
    return {
        "balanced_accuracy": (1 + informed) / 2,
        "informedness": informed,
        "macro_f1": f1.sum(axis=0) / size,
        "mcc": correlation.sum(axis=0) / size,
    }


def _label_correlation(counts: Counts) -> _Array:
    answered = counts.hits + counts.false
    silent = counts.cases + counts.others - answered
    # tp * tn - fp * fn, written with the margins
    joint = counts.hits * counts.others - counts.false * counts.cases
    return _correlation(joint, (counts.cases * counts.others) * (answered * silent))


def _correlation(joint: _Array, spread: _Array) -> _Array:
    """``joint / sqrt(spread)``, 0 where one side is constant, as scikit-learn has it."""
    flat = spread == 0
    return np.where(flat, 0.0, joint / np.sqrt(np.where(flat, 1, spread)))
