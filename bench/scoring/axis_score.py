"""What scoring an axis gives, and how it stands in `result.json`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from einthoven.bench.scoring.mcnemar import McNemar
from einthoven.bench.scoring.metrics import METRICS
from einthoven.bench.scoring.verdict import Verdict
from einthoven.tasks.taxonomy import Kind

__all__ = ["ArmScore", "AxisScore", "Estimate", "Gain"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its 95 % patient-clustered percentile bootstrap interval; all `None` where there is no value."""

    value: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Lower and upper bound."""
        return None if self.low is None or self.high is None else (self.low, self.high)


@dataclass(frozen=True, slots=True)
class ArmScore:
    """One arm on one axis.

    Attributes
    ----------
    n : int
        Records counted in accuracy.
    metrics : mapping of str to Estimate
        All of `metrics.METRICS`.
    modal_answer : str, tuple of str, or None
        The commonest answer; labels sorted; `None` where there is no usable answer.
    modal_share : float
        Its share of all records asked, masked ones too. Unusable answers are not an answer.
    invalid_share : float
        Share of all records asked whose status is not ``ok``; of a blind arm also the refusals that are scored as
        the majority.
    declined_share : float
        Share of refusals among all records asked.
    useful_over_majority : McNemar or None
        Accuracy beside the majority's; `None` for the majority itself and where no record counts.
    """

    n: int
    metrics: Mapping[str, Estimate]
    modal_answer: str | tuple[str, ...] | None
    modal_share: float
    invalid_share: float
    declined_share: float = 0.0
    useful_over_majority: McNemar | None = None

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        row: dict[str, Any] = {"n": self.n}
        for metric in METRICS:
            row |= _estimate(metric, self.metrics[metric])
        row["modal_answer"] = list(self.modal_answer) if isinstance(self.modal_answer, tuple) else self.modal_answer
        row["modal_share"] = _rounded(self.modal_share)
        row["invalid_share"] = _rounded(self.invalid_share)
        row["declined_share"] = _rounded(self.declined_share)
        if self.useful_over_majority is not None:
            row["useful_over_majority"] = self.useful_over_majority.to_json()
        return row


@dataclass(frozen=True, slots=True)
class Gain:
    """Informedness of an arm above those it is held against: of the image arm above the blind arms.

    Attributes
    ----------
    best : Estimate
        Above the best blind arm; in the interval the best is taken anew in each resample.
    best_blind : str or None
        The blind arm with the highest informedness in the sample; `None` where nothing is compared.
    over : mapping of str to Estimate
        Above each blind arm.
    p_over : mapping of str to float
        Test 1 against each blind arm; empty where nothing was tested.
    p : float or None
        The largest of them: the image arm is above *every* blind arm.
    p_holm : float or None
        `p` after Holm over the tested axes.
    delta : float or None
        The smallest gain that matters.
    mde : float or None
        The gain over the majority that a planned reader needs to be found.
    """

    best: Estimate = Estimate()
    best_blind: str | None = None
    over: Mapping[str, Estimate] = field(default_factory=dict)
    p_over: Mapping[str, float] = field(default_factory=dict)
    p: float | None = None
    p_holm: float | None = None
    delta: float | None = None
    mde: float | None = None

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form: fields of the arm it belongs to."""
        over = {
            arm: _estimate("gain", estimate) | {"p": _rounded(self.p_over.get(arm))}
            for arm, estimate in self.over.items()
        }
        return _estimate("gain", self.best) | {
            "best_blind": self.best_blind,
            "gain_over": over,
            "p": _rounded(self.p),
            "p_holm": _rounded(self.p_holm),
            "delta": _rounded(self.delta),
            "mde": _rounded(self.mde),
        }


#: Of an arm that is held against no other, a blind one.
_NO_GAIN = Gain()


@dataclass(frozen=True, slots=True)
class AxisScore:
    """All scores of one axis.

    Attributes
    ----------
    kind : {"categorical", "set"}
        One class a record, or any number of labels.
    n, masked : int
        Records counted in accuracy; records without a truth (or, set axes, with every label open).
    eligible : tuple of str
        The classes or labels with enough cases: what all metrics but accuracy are computed over.
    cases, others : mapping of str to int
        By class or label: its cases (classes: records that accept no other); set axes: records known to be without.
    arms : mapping of str to ArmScore
        All arms, the image arm first as given.
    image : str
        The name of the headline arm.
    gains : mapping of str to Gain
        By arm: of the headline and of the text over the blind arms, of both together over the text.
    verdict : Verdict or None
        `None` for secondary label spaces.
    """

    kind: Kind
    n: int
    masked: int
    eligible: tuple[str, ...]
    cases: Mapping[str, int]
    others: Mapping[str, int]
    arms: Mapping[str, ArmScore]
    image: str
    gains: Mapping[str, Gain]
    verdict: Verdict | None = None

    @property
    def gain(self) -> Gain:
        """Of the headline arm."""
        return self.gains[self.image]

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form: floats rounded to six decimals, null where there is no number."""
        arms = {name: arm.to_json() for name, arm in self.arms.items()}
        for name in arms.keys() - {"majority"}:
            arms[name] |= self.gains.get(name, _NO_GAIN).to_json()
        row: dict[str, Any] = {
            "kind": self.kind,
            "n": self.n,
            "masked": self.masked,
            "eligible": list(self.eligible),
            "cases": {name: count for name, count in self.cases.items() if count},
            "baselines": {"majority": arms.pop("majority")},
            "arms": arms,
        }
        if self.verdict is not None:
            row["verdict"] = self.verdict.to_json()
        return row


def _estimate(name: str, estimate: Estimate) -> dict[str, Any]:
    ends = estimate.interval
    return {name: _rounded(estimate.value), f"{name}_ci": None if ends is None else [_rounded(end) for end in ends]}


def _rounded(value: float | None) -> float | None:
    if value is None or not math.isfinite(value):
        return None
    return round(value, 6) + 0.0  # + 0.0 turns -0.0 into 0.0
