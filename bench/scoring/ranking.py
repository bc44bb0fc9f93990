"""AUROC and average precision, label by label, with weights: one function serves the estimate and its resamples."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["areas", "auroc", "average_precision", "macro_auroc", "precisions", "ranked"]

_Array = NDArray[np.float64]


def macro_auroc(labels: ArrayLike, scores: ArrayLike, known: ArrayLike | None = None) -> float:
    """Return the mean area under the ROC curve over the labels that have records with and without them.

    scikit-learn's ``roc_auc_score(labels, scores, average="macro")``, to 1e-9, where every label has both; labels
    that are constant have no AUROC and are left out of the mean.

    Parameters
    ----------
    labels : array of 0 and 1 or bool, shape (records, labels) or (records,)
        What is there.
    scores : array of float, the same shape
        Higher where the label is thought more likely; any scale.
    known : array of bool, the same shape, optional
        Where the labels can be told; everywhere by default.

    Returns
    -------
    float
        NaN where every label is constant.

    Raises
    ------
    ValueError
        Shapes that differ, labels that are neither 0 nor 1, scores that are no numbers.

    Examples
    --------
    >>> macro_auroc([[0, 1], [0, 0], [1, 1], [1, 0]], [[0.1, 0.9], [0.4, 0.2], [0.35, 0.8], [0.8, 0.2]])
    0.875
    """
    truth, given, counted = _checked(labels, scores, known)
    found = [auroc(truth[:, k], given[:, k], counted[:, k]) for k in range(truth.shape[1])]
    defined = [float(area) for area in found if not np.isnan(area)]
    return sum(defined) / len(defined) if defined else float("nan")


def auroc(labels: NDArray[np.bool_], scores: _Array, known: NDArray[np.bool_] | None = None) -> float:
    """Return the area under the ROC curve of one label, shape (records,); NaN where it is constant."""
    return float(areas(*ranked(labels, scores, known))[0])


def average_precision(labels: NDArray[np.bool_], scores: _Array, known: NDArray[np.bool_] | None = None) -> float:
    """Return the average precision of one label, scikit-learn's; NaN where no record has it."""
    return float(precisions(*ranked(labels, scores, known))[0])


def ranked(
    labels: NDArray[np.bool_],
    scores: _Array,
    known: NDArray[np.bool_] | None = None,
    weights: _Array | None = None,
) -> tuple[_Array, _Array]:
    """Sum cases and others at each distinct score, from the lowest to the highest.

    Parameters
    ----------
    labels, known : ndarray of bool, shape (records,)
        What is there; where it can be told.
    scores : ndarray, shape (records,)
        What was answered.
    weights : ndarray, shape (resamples, records), optional
        How often each record counts; once by default.

    Returns
    -------
    cases, others : ndarray, shape (resamples, distinct scores)
    """
    rows = np.flatnonzero(np.ones(len(labels), bool) if known is None else known)
    rows = rows[np.argsort(scores[rows], kind="stable")]
    given, truth = scores[rows], labels[rows]
    weight = np.ones((1, len(rows))) if weights is None else weights[:, rows]
    if not len(rows):
        return np.zeros((len(weight), 0)), np.zeros((len(weight), 0))
    starts = np.flatnonzero(np.concatenate([[True], given[1:] != given[:-1]]))
    cases: _Array = np.add.reduceat(weight * truth, starts, axis=1)
    others: _Array = np.add.reduceat(weight * ~truth, starts, axis=1)
    return cases, others


def areas(cases: _Array, others: _Array) -> _Array:
    """Areas of resamples: the share of pairs of a case and another in the right order, ties half."""
    below = np.cumsum(others, axis=1) - others
    pairs = (cases * (below + others / 2)).sum(axis=1)
    all_pairs = cases.sum(axis=1) * others.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        area: _Array = np.where(all_pairs > 0, pairs / all_pairs, np.nan)
    return area


def precisions(cases: _Array, others: _Array) -> _Array:
    """Average precisions of resamples: the precision at each distinct score, weighted by the cases found there."""
    hits = np.cumsum(cases[:, ::-1], axis=1)
    found = hits + np.cumsum(others[:, ::-1], axis=1)
    total = cases.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        precision = np.where(found > 0, hits / found, 0.0)
        average: _Array = np.where(total > 0, (cases[:, ::-1] * precision).sum(axis=1) / total, np.nan)
    return average


def _checked(
    labels: ArrayLike, scores: ArrayLike, known: ArrayLike | None
) -> tuple[NDArray[np.bool_], _Array, NDArray[np.bool_]]:
    truth, given = np.asarray(labels), np.asarray(scores, dtype=np.float64)
    if truth.shape != given.shape or truth.ndim not in (1, 2):
        raise ValueError(f"labels {truth.shape} and scores {given.shape} are not of one shape (records, labels)")
    if truth.ndim == 1:
        truth, given = truth[:, None], given[:, None]
    counted = np.ones(truth.shape, bool) if known is None else np.asarray(known, bool).reshape(truth.shape)
    if not np.isin(truth[counted], (0, 1)).all():
        raise ValueError("labels are 0 or 1")
    if not np.isfinite(given[counted]).all():
        raise ValueError("scores are finite numbers")
    return (truth == 1) & counted, given, counted
