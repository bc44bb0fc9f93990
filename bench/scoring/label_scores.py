"""Scores of labels from their probabilities, as signal models are compared by: with intervals over patients."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from einthoven.bench.scoring.axis_score import Estimate
from einthoven.bench.scoring.bootstrap import interval, turned_interval
from einthoven.bench.scoring.calibration import Reliability, calibration_error, reliability
from einthoven.bench.scoring.counts import patient_index
from einthoven.bench.scoring.ranking import areas, precisions, ranked

__all__ = ["LabelScore", "LabelScores", "auroc_difference", "best_f1_threshold", "label_scores"]

#: Resamples of the intervals, and how many at a time.
RESAMPLES, _CHUNK = 2_000, 100

_Array = NDArray[np.float64]
_Flags = NDArray[np.bool_]


#: An estimate and its resamples -> its interval.
_Ends = Callable[[float, _Array], tuple[float, float]]


def _percentiles(_: float, draws: _Array) -> tuple[float, float]:
    """Return the interval of an estimate that is as large in the resamples as in the sample, in the mean."""
    return interval(draws)


#: The intervals of AUROC, average precision, F1 and calibration error: noise makes the second and the last larger.
_ENDS: tuple[_Ends, ...] = (_percentiles, turned_interval, _percentiles, turned_interval)


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
        intervals are percentiles; of average precision and calibration error they are turned round
        (`bootstrap.turned_interval`).
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
    whose = patient_index(patients)
    once = np.ones((1, len(labels)))
    point = np.array([[float(function(once)[0]) for function in each] for each in functions])
    draws = np.empty((count, 4, resamples))
    for part, weights in _patient_weights(patients, resamples, seed):
        for k, each in enumerate(functions):
            for m, function in enumerate(each):
                found = function(weights)
                draws[k, m, part] = np.where(np.isnan(found), point[k, m], found)

    def row(k: int) -> LabelScore:
        there = counted[:, k]
        auroc, auprc, f1, ece = (_estimate(point[k, m], draws[k, m], ends) for m, ends in enumerate(_ENDS))
        return LabelScore(
            cases=int(truth[:, k].sum()),
            others=int((there & ~labels[:, k]).sum()),
            auroc=auroc,
            auprc=auprc,
            f1=f1,
            ece=ece,
            threshold=float(thresholds[k]),
            plot=reliability(truth[there, k], scores[there, k], patients=whose[there]),
        )

    means = []
    for m, ends in enumerate(_ENDS):
        there = ~np.isnan(point[:, m])
        mean = _estimate(point[there, m].mean(), draws[there, m].mean(axis=0), ends) if there.any() else Estimate()
        means.append(mean)
    return LabelScores(tuple(map(row, range(count))), *means)


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


def _estimate(value: float, draws: _Array, ends: _Ends = _percentiles) -> Estimate:
    return Estimate() if np.isnan(value) else Estimate(float(value), *ends(float(value), draws))


def _patient_weights(patients: Sequence[str], resamples: int, seed: int) -> Iterator[tuple[slice, _Array]]:
    """Yield how often each record counts in resamples of patients, a chunk at a time."""
    place = patient_index(patients)
    count = int(place.max()) + 1
    random = np.random.RandomState([seed, 3])
    for start in range(0, resamples, _CHUNK):
        size = min(_CHUNK, resamples - start)
        drawn = random.randint(0, count, (size, count)) + np.arange(0, size * count, count)[:, None]
        times = np.bincount(drawn.ravel(), minlength=size * count).reshape(size, count)
        yield slice(start, start + size), times[:, place].astype(np.float64)
