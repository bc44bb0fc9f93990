"""Test 1 and gains with their intervals, for any number of arms at once, from counts alone.

`score` goes through here with one model's arms. The error rates of the verdicts (`einthoven.bench.error_rates`) go
through here with those of many simulated models side by side: the same code, so that what is measured is what runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from einthoven.bench.scoring.axis_score import Estimate, Gain
from einthoven.bench.scoring.bootstrap import interval, resampled
from einthoven.bench.scoring.constant import CONSTANT
from einthoven.bench.scoring.counts import Counts
from einthoven.bench.scoring.holm import holm
from einthoven.bench.scoring.metrics import metrics
from einthoven.bench.scoring.permutation import one_sided_p, patient_differences
from einthoven.bench.scoring.power import delta, minimum_detectable_gain

__all__ = ["Measure", "Sheet", "gains", "resample"]

_Array = NDArray[np.float64]

#: Metrics from counts and those of the whole sample.
Measure = Callable[[Counts, Counts], dict[str, _Array]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One axis while it is being scored.

    Attributes
    ----------
    name : str
        Of the axis.
    counts : mapping of str to Counts
        By arm, by patient; one of them is `constant.CONSTANT`.
    point : mapping of str to mapping of str to ndarray
        By arm: the metrics of the whole sample.
    secondary : bool
        Measured, never tested.
    draws : dict
        By arm: the metrics of each resample; filled by `resample`.
    """

    name: str
    counts: Mapping[str, Counts]
    point: Mapping[str, dict[str, _Array]]
    secondary: bool = False
    draws: dict[str, dict[str, _Array]] = field(default_factory=dict)


def resample(sheets: Sequence[Sheet], resamples: int, seed: int, measure: Measure = metrics) -> None:
    """Fill the draws of all axes and arms from the same resamples."""
    jobs = []
    stacked: list[_Array] = []
    place: dict[int, slice] = {}
    height = 0
    for sheet in sheets:
        for arm, counts in sheet.counts.items():
            for part in counts.parts():  # those of the truth are the same arrays in every arm
                if id(part) not in place:
                    rows = np.atleast_2d(part)
                    place[id(part)] = slice(height, height + len(rows))
                    stacked.append(rows)
                    height += len(rows)
            places = [(place[id(part)], part.ndim == 1) for part in counts.parts()]
            jobs.append((sheet, arm, counts.kind, counts.total(), places))
            sheet.draws[arm] = {metric: np.empty(resamples) for metric in sheet.point[arm]}
    if not height or not stacked[0].shape[1]:
        return
    for chunk, drawn in resampled(np.concatenate(stacked), resamples, seed):
        for sheet, arm, kind, whole, places in jobs:
            counts = Counts(kind, *(drawn[where][0] if single else drawn[where] for where, single in places))
            for metric, values in measure(counts, whole).items():
                sheet.draws[arm][metric][chunk] = values


def gains(
    sheets: Sequence[Sheet],
    compared: Mapping[str, Sequence[str]],
    seed: int,
    flips: int,
    deltas: Mapping[str, float] | None = None,
) -> dict[str, dict[str, Gain]]:
    """Hold arms against others: gain, its interval, and test 1 with Holm over the axes.

    Parameters
    ----------
    sheets : sequence of Sheet
        One an axis, with its draws.
    compared : mapping of str to sequence of str
        Arm -> what it is held against; of each such arm the tests of all axes are one family for Holm.
    seed, flips : int
        Of the permutation test.
    deltas : mapping of str to float, optional
        The gain that matters, frozen by axis; where an axis is missing, that of the modest reader.

    Returns
    -------
    dict of str to dict of str to Gain
        By axis and arm.
    """
    p_over = _test(sheets, compared, seed, flips)
    found: dict[str, dict[str, Gain]] = {sheet.name: {} for sheet in sheets}
    detectable = {sheet.name: minimum_detectable_gain(sheet.counts[CONSTANT]) for sheet in sheets}
    for arm, references in compared.items():
        p = {name: max(over.values()) for name, over in p_over[arm].items()}
        adjusted = holm(p)
        for sheet in sheets:
            found[sheet.name][arm] = replace(
                _gain(sheet, arm, references, (deltas or {}).get(sheet.name)),
                p_over=p_over[arm].get(sheet.name, {}),
                p=p.get(sheet.name),
                p_holm=adjusted.get(sheet.name),
                mde=detectable[sheet.name],
            )
    return found


def _test(
    sheets: Sequence[Sheet], compared: Mapping[str, Sequence[str]], seed: int, flips: int
) -> dict[str, dict[str, dict[str, float]]]:
    """Run test 1 on every axis that can be tested, for every arm against each of its references."""
    tested = [
        (arm, sheet.name, reference, patient_differences(sheet.counts[arm], sheet.counts[reference]))
        for arm, references in compared.items()
        for sheet in sheets
        if not sheet.secondary and sheet.counts[arm].scorable
        for reference in references
    ]
    p_over: dict[str, dict[str, dict[str, float]]] = {arm: {} for arm in compared}
    if tested:
        p_values = one_sided_p(np.stack([row[-1] for row in tested]), seed, flips)
        for (arm, name, reference, _), p in zip(tested, p_values.tolist(), strict=True):
            p_over[arm].setdefault(name, {})[reference] = p
    return p_over


def _gain(sheet: Sheet, arm: str, references: Sequence[str], frozen: float | None) -> Gain:
    if not sheet.counts[arm].scorable:
        return Gain()
    points = {name: float(sheet.point[name]["informedness"][0]) for name in (arm, *references)}
    draws = {name: sheet.draws[name]["informedness"] for name in (arm, *references)}
    best = max(references, key=lambda name: points[name])
    highest = np.max([draws[name] for name in references], axis=0)
    return Gain(
        best=Estimate(points[arm] - points[best], *interval(draws[arm] - highest)),
        best_blind=best,
        over={r: Estimate(points[arm] - points[r], *interval(draws[arm] - draws[r])) for r in references},
        delta=delta(sheet.counts[arm]) if frozen is None else frozen,
    )
