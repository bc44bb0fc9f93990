"""What a run can and cannot tell, before anybody is asked: from the truth of its records and the pairs alone."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtrc

from einthoven.bench.scoring.constant import CONSTANT, with_constant
from einthoven.bench.scoring.counts import MIN_CASES, count, eligible, patient_index
from einthoven.bench.scoring.deltas import Delta
from einthoven.bench.scoring.encode import AxisData, encode
from einthoven.bench.scoring.power import POWER, delta, minimum_detectable_gain
from einthoven.bench.scoring.verdict import LEVEL
from einthoven.ecg.reading import AXES, AxisTruth
from einthoven.tasks import taxonomy
from einthoven.tasks.taxonomy import Kind

__all__ = ["Detectable", "detectable", "of_cases", "pairs_told", "plan_lines"]


@dataclass(frozen=True, slots=True)
class Detectable:
    """What can be told on one axis.

    Attributes
    ----------
    n : int
        Records that count.
    cases : mapping of str to int
        By class or label that has enough of them.
    mde : float or None
        The gain that a planned reader needs to pass test 1 with 80 % power; `None` where even the perfect one is
        missed or the axis cannot be scored.
    delta : float or None
        The smallest gain that matters; `None` where the axis cannot be scored.
    contrasts : int
        Pair contrasts that ask about it: without one it is never called ``reads``.
    """

    n: int
    cases: Mapping[str, int]
    mde: float | None
    delta: float | None
    contrasts: int = 0

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return {
            "n": self.n,
            "cases": dict(self.cases),
            "mde": None if self.mde is None else round(self.mde, 6),
            "delta": None if self.delta is None else round(self.delta, 6),
            "contrasts": self.contrasts,
        }


def _one(data: AxisData, index: NDArray[np.intp], frozen: Delta | None, contrasts: int, min_cases: int) -> Detectable:
    data = with_constant(data, index, min_cases)
    codes = encode(data)
    chosen = eligible(codes, index, min_cases)
    blind = count(codes, CONSTANT, chosen, index)
    cases = {data.values[row]: int(codes.cases[row].sum()) for row in chosen}
    matters = delta(blind) if frozen is None or not blind.scorable else frozen.value
    return Detectable(int(codes.counted.sum()), cases, minimum_detectable_gain(blind), matters, contrasts)


def detectable(
    truths: Mapping[str, Sequence[AxisTruth]],
    patients: Sequence[str],
    contrasts: Mapping[str, int] | None = None,
    deltas: Mapping[str, Delta] | None = None,
    min_cases: int = MIN_CASES,
) -> dict[str, Detectable]:
    """Say what the records of a run can tell.

    Parameters
    ----------
    truths : mapping of str to sequence of AxisTruth
        By axis, one a record.
    patients : sequence of str
        The patient of each record.
    contrasts : mapping of str to int, optional
        How many pair contrasts ask about each axis.
    deltas : mapping of str to Delta, optional
        Frozen for these records.
    min_cases : int
        What a class or label needs to be scored.

    Returns
    -------
    dict of str to Detectable
        By axis.
    """
    index, asked, frozen = patient_index(patients), contrasts or {}, deltas or {}
    found = {}
    for name in filter(truths.__contains__, AXES):
        data = AxisData.of(taxonomy.axes()[name], truths[name], {})
        found[name] = _one(data, index, frozen.get(name), asked.get(name, 0), min_cases)
    return found


def of_cases(kind: Kind, cases: Sequence[int], records: int | None = None, min_cases: int = MIN_CASES) -> Detectable:
    """Say what a data set that is only planned could tell on an axis, one record a patient.

    Parameters
    ----------
    kind : {"categorical", "set"}
        Of the axis.
    cases : sequence of int
        Records of each class; records with each label, no record with two.
    records : int, optional
        Of a set axis, records in all; as many as there are labels where missing.
    min_cases : int
        What a class or label needs to be scored.
    """
    values = tuple(f"{kind} {number}" for number in range(1, len(cases) + 1))
    truths = [
        AxisTruth(value if kind == "categorical" else frozenset({value}))
        for value, times in zip(values, cases, strict=True)
        for _ in range(times)
    ]
    if kind == "set":
        truths += [AxisTruth(frozenset())] * max((records or 0) - len(truths), 0)
    data = AxisData("planned", kind, values, truths, {})
    return _one(data, np.arange(len(truths)), None, 0, min_cases)


def pairs_told(pairs: int, contrasts: int) -> float | None:
    """Return which share of a contrast's pairs a model must tell apart to be found with 80 % power.

    It gets the others neither right nor reversed. The contrast must pass the first step of Holm.

    Parameters
    ----------
    pairs : int
        Of the contrast.
    contrasts : int
        Of the run.

    Returns
    -------
    float or None
        To 0.001; `None` where even all pairs told apart would not pass.
    """
    needed = math.floor(math.log2(contrasts / LEVEL)) + 1  # the fewest wins without a loss with p < LEVEL / contrasts
    if needed > pairs:
        return None
    shares = np.arange(1, 1_001) / 1_000
    found = np.flatnonzero(bdtrc(needed - 1, pairs, shares) >= POWER)
    return float(shares[found[0]]) if len(found) else None


def plan_lines(found: Mapping[str, Detectable], pairs: int | None) -> list[str]:
    """Say in words what a run can and cannot tell.

    Parameters
    ----------
    found : mapping of str to Detectable
        From `detectable`.
    pairs : int or None
        Pairs a contrast; `None` where none are asked.
    """
    seen = {name: one.mde for name, one in found.items() if one.mde is not None}
    unseen = [name for name, one in found.items() if one.mde is None and one.delta is not None]
    few = [name for name, one in found.items() if one.delta is None]
    lines = []
    if seen:
        shown = ", ".join(f"{name} {mde:.2f}" for name, mde in seen.items())
        lines.append(f"gains that would be found four times in five: {shown}")
    if unseen:
        lines.append(f"too few records to find even a perfect reader: {', '.join(unseen)}")
    if few:
        lines.append(f"too few cases to say anything: {', '.join(few)}")
    never = [name for name in found if not found[name].contrasts] if pairs else []
    if pairs is None:
        lines.append("without the arm pairs no axis is called reads")
    elif never:
        lines.append(f"no pairs ask about {', '.join(never)}: associated at best")
    if pairs:
        told = pairs_told(pairs, sum(one.contrasts for one in found.values()))
        lines.append(
            f"{pairs} pairs a contrast are too few: with all of them told apart no axis is called reads"
            if told is None
            else f"a contrast is read four times in five with {told:.0%} of its {pairs} pairs told apart"
        )
    return lines
