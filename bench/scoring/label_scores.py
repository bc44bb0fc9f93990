"""Scores of labels from their probabilities, as signal models are compared by: with intervals over patients."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from einthoven.bench.scoring.axis_score import Estimate
from einthoven.bench.scoring.bootstrap import interval, turned_interval
from einthoven.bench.scoring.calibration import Reliability, calibration_error, reliability
from einthoven.bench.scoring.ranking import areas, precisions, ranked

__all__ = ["LabelScore", "LabelScores", "auroc_difference", "best_f1_threshold", "label_scores"]

#: Resamples of the intervals, and how many at a time.
RESAMPLES, _CHUNK = 2_000, 100

_Array = NDArray[np.float64]
_Flags = NDArray[np.bool_]

#: An estimate and its resamples -> its interval.
_Ends = Callable[[float, _Array], tuple[float, float]]

#: The places of average precision and calibration error among the four scores: noise makes both larger.
_TURNED = (1, 3)


@dataclass(frozen=True, slots=True)
class LabelScore:
    """The scores of one label.

    Attributes
    ----------
    cases, others : int
        Records with it and without it.
    auroc, auprc, f1, ece : Estimate
        Area under the ROC curve, average precision, F1 at the validation records' best threshold, expected
        calibration error; each with its interval, without a value where it has none.
    threshold : float
        What F1 was computed at; NaN without validation records.
    plot : Reliability
        The data of its reliability plot.
    """

    cases: int
    others: int
    auroc: Estimate
    auprc: Estimate
    f1: Estimate
    ece: Estimate
    threshold: float
    plot: Reliability


@dataclass(frozen=True, slots=True)
class LabelScores:
    """The scores of all labels, in their order, and their means over the labels that have a value."""

    labels: tuple[LabelScore, ...]
    auroc: Estimate
    auprc: Estimate
    f1: Estimate
    ece: Estimate


def best_f1_threshold(labels: _Flags, scores: _Array, known: _Flags | None = None) -> float:
    """Return the score from which on a label is best named, by F1 on these records: the highest of equals.

    Records where the label cannot be told (``known`` is false) do not count. NaN where no record has the label.
    """
    if known is not None:
        labels, scores = labels[known], scores[known]
    if not labels.any():
        return float("nan")
    cases, others = ranked(labels, scores)
    hits = np.cumsum(cases[0, ::-1])[::-1]
    named = hits + np.cumsum(others[0, ::-1])[::-1]
    f1 = 2 * hits / (labels.sum() + named)
    best = np.flatnonzero(f1 >= f1.max() - 1e-12)
    return float(np.unique(scores)[best[-1]])


def label_scores(
    labels: _Flags,
    scores: _Array,
    patients: Sequence[str],
    *,
    known: _Flags | None = None,
    validation: tuple[_Flags, _Array, _Flags] | None = None,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> LabelScores:
    """Score the probabilities of labels.

    Parameters
    ----------
    labels : ndarray of bool, shape (records, labels)
        What is there.
    scores : ndarray, shape (records, labels)
        Probabilities.
    patients : sequence of str
        Whose each record is: the unit of resampling.
    known : ndarray of bool, shape (records, labels), optional
        Where a label can be told; everywhere by default.
    validation : tuple of ndarray, optional
        Labels and scores of other records, and where their labels can be told, to choose the thresholds of F1 on;
        without them there is no F1.
    resamples, seed : int
        Of the intervals.

    Returns
    -------
    LabelScores
        In a resample that leaves out all cases of a label (or all others) it keeps its whole-sample value. The
        intervals are _percentiles, but those of the calibration error are turned round: `calibration.error_interval`.
    """
    count = labels.shape[1]
    counted = np.ones(labels.shape, bool) if known is None else known
    truth = labels & counted
    thresholds = np.full(count, np.nan)
    if validation is not None:
        said, given, told = validation
        thresholds = np.array([best_f1_threshold(said[:, k], given[:, k], told[:, k]) for k in range(count)])

    def measures(k: int) -> tuple[Callable[[_Array], _Array], ...]:
        mine, given, there = truth[:, k], scores[:, k], counted[:, k]
        named = given >= thresholds[k]

        def f1(weights: _Array) -> _Array:
            hits = weights @ (named & mine)
            size = weights @ (named & there) + weights @ mine
            with np.errstate(divide="ignore", invalid="ignore"):
                value: _Array = np.where(size > 0, 2 * hits / size, np.nan)
            return value if not np.isnan(thresholds[k]) else np.full(len(weights), np.nan)

        return (
            lambda weights: areas(*ranked(mine, given, there, weights)),
            lambda weights: precisions(*ranked(mine, given, there, weights)),
            f1,
            lambda weights: calibration_error(mine[there], given[there], weights[:, there]),
        )

    functions = [measures(k) for k in range(count)]
    whose = np.unique(np.asarray(patients), return_inverse=True)[1]
    once = np.ones((1, len(labels)))
    point = np.array([[float(function(once)[0]) for function in each] for each in functions])
    draws = np.empty((count, 4, resamples))
    for part, weights in _patient_weights(patients, resamples, seed):
        for k, each in enumerate(functions):
            for m, function in enumerate(each):
                found = function(weights)
                draws[k, m, part] = np.where(np.isnan(found), point[k, m], found)
    rows = tuple(
        LabelScore(
            cases=int(truth[:, k].sum()),
            others=int((counted[:, k] & ~labels[:, k]).sum()),
            auroc=_estimate(point[k, 0], draws[k, 0]),
            auprc=_estimate(point[k, 1], draws[k, 1], turned_interval),
            f1=_estimate(point[k, 2], draws[k, 2]),
            ece=_estimate(point[k, 3], draws[k, 3], turned_interval),
            threshold=float(thresholds[k]),
            plot=reliability(truth[counted[:, k], k], scores[counted[:, k], k], patients=whose[counted[:, k]]),
        )
        for k in range(count)
    )
    means = []
    for m in range(4):
        there = ~np.isnan(point[:, m])
        if there.any():
            ends = turned_interval if m in _TURNED else _percentiles
            means.append(_estimate(point[there, m].mean(), draws[there, m].mean(axis=0), ends))
        else:
            means.append(Estimate())
    return LabelScores(rows, *means)


def auroc_difference(
    labels: _Flags,
    one: _Array,
    other: _Array,
    patients: Sequence[str],
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> tuple[Estimate, tuple[Estimate, ...]]:
    """Compare two models on the same records: AUROC of `one` minus that of `other`, in the same resamples.

    Parameters
    ----------
    labels : ndarray of bool, shape (records, labels)
        What is there.
    one, other : ndarray, shape (records, labels)
        Scores of the two models.
    patients : sequence of str
        Whose each record is.
    resamples, seed : int
        Of the intervals.

    Returns
    -------
    macro : Estimate
        Over the labels that have records with and without them.
    labels : tuple of Estimate
        One a label.
    """
    once = np.ones((1, len(labels)))

    def difference(weights: _Array) -> _Array:
        return np.array(
            [
                areas(*ranked(labels[:, k], one[:, k], None, weights))
                - areas(*ranked(labels[:, k], other[:, k], None, weights))
                for k in range(labels.shape[1])
            ]
        )

    point = difference(once)[:, 0]
    draws = np.empty((labels.shape[1], resamples))
    for part, weights in _patient_weights(patients, resamples, seed):
        found = difference(weights)
        draws[:, part] = np.where(np.isnan(found), point[:, None], found)
    there = ~np.isnan(point)
    macro = _estimate(point[there].mean(), draws[there].mean(axis=0)) if there.any() else Estimate()
    return macro, tuple(_estimate(value, row) for value, row in zip(point, draws, strict=True))


def _percentiles(_: float, draws: _Array) -> tuple[float, float]:
    """Return the interval of an estimate that is as large in the resamples as in the sample, in the mean."""
    return interval(draws)


def _estimate(value: float, draws: _Array, ends: _Ends = _percentiles) -> Estimate:
    return Estimate() if np.isnan(value) else Estimate(float(value), *ends(float(value), draws))


def _patient_weights(patients: Sequence[str], resamples: int, seed: int) -> Iterator[tuple[slice, _Array]]:
    """Yield how often each record counts in resamples of patients, a chunk at a time."""
    _, place = np.unique(np.asarray(patients), return_inverse=True)
    count = int(place.max()) + 1
    random = np.random.RandomState([seed, 3])
    for start in range(0, resamples, _CHUNK):
        size = min(_CHUNK, resamples - start)
        drawn = random.randint(0, count, (size, count)) + np.arange(0, size * count, count)[:, None]
        times = np.bincount(drawn.ravel(), minlength=size * count).reshape(size, count)
        yield slice(start, start + size), times[:, place].astype(np.float64)
