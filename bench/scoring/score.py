"""Arrays in, scores and verdicts out: the whole procedure of the protocol for the image arm and its blind arms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from einthoven.bench.scoring.axis_score import ArmScore, AxisScore, Estimate, Gain
from einthoven.bench.scoring.bootstrap import RESAMPLES, interval, resampled
from einthoven.bench.scoring.constant import CONSTANT, with_constant
from einthoven.bench.scoring.counts import MIN_CASES, Counts, count, eligible, patient_index
from einthoven.bench.scoring.encode import ArmData, AxisData, Codes, Role, encode
from einthoven.bench.scoring.holm import holm
from einthoven.bench.scoring.mcnemar import mcnemar
from einthoven.bench.scoring.metrics import METRICS, metrics
from einthoven.bench.scoring.modal import in_words, modal
from einthoven.bench.scoring.permutation import FLIPS, one_sided_p, patient_differences
from einthoven.bench.scoring.power import delta, minimum_detectable_gain
from einthoven.bench.scoring.verdict import CONSTANT_SHARE, Evidence, verdict
from einthoven.exchange import Status

__all__ = ["score"]

_Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One axis while it is being scored."""

    data: AxisData
    codes: Codes
    chosen: NDArray[np.intp]
    counts: Mapping[str, Counts]
    point: Mapping[str, dict[str, _Array]]
    draws: dict[str, dict[str, _Array]]


def score(
    axes: Sequence[AxisData],
    patients: Sequence[str],
    arms: Sequence[ArmData],
    *,
    seed: int = 0,
    resamples: int = RESAMPLES,
    flips: int = FLIPS,
    min_cases: int = MIN_CASES,
) -> dict[str, AxisScore]:
    """Score a run.

    Parameters
    ----------
    axes : sequence of AxisData
        The axes, and after them any secondary label spaces, each with the answers of every arm.
    patients : sequence of str
        The patient of each record: the unit of resampling and of swapping.
    arms : sequence of ArmData
        One ``image`` role; blind arms, the majority (named ``majority``) among them; others, which are only measured.
    seed : int
        Of the resamples and swaps.
    resamples, flips : int
        Of the intervals; of test 1.
    min_cases : int
        What a class or label needs to be scored.

    Returns
    -------
    dict of str to AxisScore
        By axis, in the order given. The order of the records does not matter: results are equal bit for bit.

    Raises
    ------
    ValueError
        Arms or lists that do not fit together; see also `encode.encode`.
    """
    roles = _roles(arms)
    image, blind = roles["image"][0], [*roles["blind"], CONSTANT]
    index = patient_index(patients)
    sheets = []
    for data in axes:
        if len(data.truths) != len(patients) or set(data.predictions) != {arm.name for arm in arms}:
            raise ValueError(f"{data.name}: truths, patients and arms do not fit together")
        data = with_constant(data, min_cases)
        codes = encode(data)
        chosen = eligible(codes, min_cases)
        counts = {arm: count(codes, arm, chosen, index) for arm in data.predictions}
        point = {name: metrics(each.total()) for name, each in counts.items()}
        sheets.append(_Sheet(data, codes, chosen, counts, point, {}))
    _resample(sheets, resamples, seed)
    # The picture and the text are each held against the blind arms; both together against the text, never the blind.
    compared = {image: blind} | dict.fromkeys(roles["text"], blind) | dict.fromkeys(roles["both"], roles["text"])
    gains: dict[str, dict[str, Gain]] = {sheet.data.name: {} for sheet in sheets}
    for arm, references in compared.items():
        p_over = _test(sheets, arm, references, seed, flips)
        p_holm = holm({name: max(over.values()) for name, over in p_over.items()})
        for sheet in sheets:
            name = sheet.data.name
            over = p_over.get(name, {})
            gain = _gain(sheet, arm, references)
            gains[name][arm] = replace(gain, p_over=over, p=max(over.values(), default=None), p_holm=p_holm.get(name))
    text = next(iter(roles["text"]), None)
    return {
        sheet.data.name: _assemble(sheet, arms, image, text, gains[sheet.data.name], min_cases) for sheet in sheets
    }


def _roles(arms: Sequence[ArmData]) -> dict[Role, list[str]]:
    names: dict[Role, list[str]] = {role: [a.name for a in arms if a.role == role] for role in get_args(Role)}
    if len(names["image"]) != 1 or "majority" not in names["blind"] or len({arm.name for arm in arms}) != len(arms):
        raise ValueError(f"one image arm and a blind arm called majority are needed, not {[a.name for a in arms]}")
    if len(names["text"]) > 1 or (names["both"] and not names["text"]):
        raise ValueError(f"one text arm at most, and picture with text needs it, not {[a.name for a in arms]}")
    return names


def _resample(sheets: Sequence[_Sheet], resamples: int, seed: int) -> None:
    """Fill the draws of all axes and arms from the same resamples."""
    jobs = []
    stacked: list[NDArray[np.float64]] = []
    height = 0
    for sheet in sheets:
        for arm, counts in sheet.counts.items():
            rows = counts.rows()
            jobs.append((sheet, arm, counts, counts.total(), slice(height, height + len(rows))))
            sheet.draws[arm] = {metric: np.empty(resamples) for metric in sheet.point[arm]}
            stacked.append(rows)
            height += len(rows)
    if not height or not stacked[0].shape[1]:
        return
    for part, drawn in resampled(np.concatenate(stacked), resamples, seed):
        for sheet, arm, counts, whole, rows_of in jobs:
            for metric, values in metrics(counts.like(drawn[rows_of]), whole).items():
                sheet.draws[arm][metric][part] = values


def _test(
    sheets: Sequence[_Sheet], image: str, blind: Sequence[str], seed: int, flips: int
) -> dict[str, dict[str, float]]:
    """Run test 1 on every axis that can be tested, against every arm that it is held against."""
    tested = [
        (sheet.data.name, arm, patient_differences(sheet.counts[image], sheet.counts[arm]))
        for sheet in sheets
        if not sheet.data.secondary and sheet.counts[image].scorable
        for arm in blind
    ]
    p_over: dict[str, dict[str, float]] = {}
    if tested:
        p_values = one_sided_p(np.stack([differences for _, _, differences in tested]), seed, flips)
        for (name, arm, _), p in zip(tested, p_values.tolist(), strict=True):
            p_over.setdefault(name, {})[arm] = p
    return p_over


def _gain(sheet: _Sheet, image: str, blind: Sequence[str]) -> Gain:
    if not sheet.counts[image].scorable:
        return Gain()
    points = {arm: float(sheet.point[arm]["informedness"][0]) for arm in (image, *blind)}
    draws = {arm: sheet.draws[arm]["informedness"] for arm in (image, *blind)}
    best = max(blind, key=lambda arm: points[arm])
    highest = np.max([draws[arm] for arm in blind], axis=0)
    return Gain(
        best=Estimate(points[image] - points[best], *interval(draws[image] - highest)),
        best_blind=best,
        over={arm: Estimate(points[image] - points[arm], *interval(draws[image] - draws[arm])) for arm in blind},
        delta=delta(sheet.counts[image]),
        mde=minimum_detectable_gain(sheet.counts[CONSTANT]),
    )


def _assemble(
    sheet: _Sheet, arms: Sequence[ArmData], image: str, text: str | None, gains: Mapping[str, Gain], min_cases: int
) -> AxisScore:
    data, codes, gain = sheet.data, sheet.codes, gains[image]
    n = int(codes.counted.sum())
    arm_scores = {arm.name: _arm(sheet, arm, n) for arm in (*arms, ArmData(CONSTANT, "blind"))}
    cases = dict(zip(data.values, codes.cases.sum(axis=1).tolist(), strict=True))
    others = dict(zip(data.values, codes.others.sum(axis=1).tolist(), strict=True)) if data.kind == "set" else {}
    word = None
    if not data.secondary:
        best_blind = gain.best_blind or "majority"
        best = arm_scores[best_blind]
        evidence = Evidence(
            kind=data.kind,
            n=n,
            masked=len(data.truths) - n,
            cases=cases,
            others=others,
            gain=gain.best.value,
            gain_ci=gain.best.interval,
            p_holm=gain.p_holm,
            text_gain=None if text is None else gains[text].best.value,
            text_p_holm=None if text is None else gains[text].p_holm,
            delta=gain.delta,
            mde=gain.mde,
            best_blind=best_blind,
            blind_answer=in_words(best.modal_answer) if best.modal_share >= CONSTANT_SHARE else None,
            modal_share=arm_scores[image].modal_share,
            declined_share=arm_scores[image].declined_share,
            min_cases=min_cases,
        )
        word = verdict(evidence)
    return AxisScore(
        kind=data.kind,
        n=n,
        masked=len(data.truths) - n,
        eligible=tuple(data.values[row] for row in sheet.chosen),
        cases=cases,
        others=others,
        arms={name: arm for name, arm in arm_scores.items() if name != CONSTANT},
        image=image,
        gains=gains,
        verdict=word,
    )


def _arm(sheet: _Sheet, arm: ArmData, n: int) -> ArmScore:
    point, draws = sheet.point[arm.name], sheet.draws[arm.name]
    predictions = sheet.data.predictions[arm.name]
    asked = max(len(predictions), 1)
    answer, times = modal(predictions)
    if arm.statuses and len(arm.statuses) != len(predictions):
        raise ValueError(f"arm {arm.name}: {len(arm.statuses)} statuses for {len(predictions)} records")
    failed = sum(status is not Status.OK for status in arm.statuses)
    right = sheet.codes.right
    compared = n > 0 and arm.name != "majority"
    return ArmScore(
        n=n,
        metrics={
            metric: Estimate(float(point[metric][0]), *interval(draws[metric])) if metric in point else Estimate()
            for metric in METRICS
        },
        modal_answer=answer,
        modal_share=times / asked,
        invalid_share=(failed if arm.statuses else sum(each is None for each in predictions)) / asked,
        declined_share=sum(status is Status.DECLINED for status in arm.statuses) / asked,
        useful_over_majority=mcnemar(right[arm.name], right["majority"]) if compared else None,
    )
