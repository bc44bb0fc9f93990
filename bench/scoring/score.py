"""Arrays in, scores and verdicts out: the whole procedure of the protocol for the image arm and its blind arms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from einthoven.bench.scoring.axis_score import ArmScore, AxisScore, Estimate, Gain
from einthoven.bench.scoring.bootstrap import RESAMPLES, interval
from einthoven.bench.scoring.constant import CONSTANT, with_constant
from einthoven.bench.scoring.contrasts import ContrastScore
from einthoven.bench.scoring.counts import MIN_CASES, Counts, count, eligible, patient_index, patients_with
from einthoven.bench.scoring.deltas import MODEST, Delta
from einthoven.bench.scoring.encode import ArmData, AxisData, Codes, Role, encode
from einthoven.bench.scoring.gains import Sheet, gains, resample
from einthoven.bench.scoring.mcnemar import mcnemar
from einthoven.bench.scoring.metrics import METRICS, metrics
from einthoven.bench.scoring.modal import in_words, modal
from einthoven.bench.scoring.permutation import FLIPS
from einthoven.bench.scoring.verdict import CONSTANT_SHARE, Evidence, verdict
from einthoven.exchange import Status

__all__ = ["score"]


@dataclass(frozen=True, slots=True)
class _Axis:
    """One axis while it is being scored."""

    data: AxisData
    codes: Codes
    chosen: NDArray[np.intp]
    sheet: Sheet


def score(
    axes: Sequence[AxisData],
    patients: Sequence[str],
    arms: Sequence[ArmData],
    *,
    seed: int = 0,
    resamples: int = RESAMPLES,
    flips: int = FLIPS,
    min_cases: int = MIN_CASES,
    contrasts: Mapping[str, Sequence[ContrastScore]] | None = None,
    deltas: Mapping[str, Delta] | None = None,
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
        What a class or label needs to be scored; see `counts.eligible`.
    contrasts : mapping of str to sequence of ContrastScore, optional
        Test 2: the simulator pairs by axis; `None` where none were run.
    deltas : mapping of str to Delta, optional
        The smallest gain that matters by axis, frozen before the run; half that of the modest reader elsewhere.

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
    weighed = []
    for data in axes:
        if len(data.truths) != len(patients) or set(data.predictions) != {arm.name for arm in arms}:
            raise ValueError(f"{data.name}: truths, patients and arms do not fit together")
        data = with_constant(data, index, min_cases)
        codes = encode(data)
        chosen = eligible(codes, index, min_cases)
        counts: dict[str, Counts] = {}
        for arm in data.predictions:
            counts[arm] = count(codes, arm, chosen, index, next(iter(counts.values()), None))
        point = {name: metrics(each.total()) for name, each in counts.items()}
        weighed.append(_Axis(data, codes, chosen, Sheet(data.name, counts, point, data.secondary)))
    sheets = [axis.sheet for axis in weighed]
    resample(sheets, resamples, seed)
    # The picture and the text are each held against the blind arms; both together against the text, never the blind.
    compared = {image: blind} | dict.fromkeys(roles["text"], blind) | dict.fromkeys(roles["both"], roles["text"])
    frozen = deltas or {}
    found = gains(sheets, compared, seed, flips, {name: each.value for name, each in frozen.items()})
    text = next(iter(roles["text"]), None)
    return {
        axis.data.name: _assemble(
            axis,
            arms,
            image,
            text,
            found[axis.data.name],
            index,
            min_cases,
            None if contrasts is None else tuple(contrasts.get(axis.data.name, ())),
            frozen[axis.data.name].of if axis.data.name in frozen else MODEST,
        )
        for axis in weighed
    }


def _roles(arms: Sequence[ArmData]) -> dict[Role, list[str]]:
    names: dict[Role, list[str]] = {role: [a.name for a in arms if a.role == role] for role in get_args(Role)}
    if len(names["image"]) != 1 or "majority" not in names["blind"] or len({arm.name for arm in arms}) != len(arms):
        raise ValueError(f"one image arm and a blind arm called majority are needed, not {[a.name for a in arms]}")
    if len(names["text"]) > 1 or (names["both"] and not names["text"]):
        raise ValueError(f"one text arm at most, and picture with text needs it, not {[a.name for a in arms]}")
    return names


def _assemble(
    axis: _Axis,
    arms: Sequence[ArmData],
    image: str,
    text: str | None,
    gains: Mapping[str, Gain],
    index: NDArray[np.intp],
    min_cases: int,
    contrasts: tuple[ContrastScore, ...] | None,
    delta_of: str,
) -> AxisScore:
    data, codes, gain = axis.data, axis.codes, gains[image]
    n = int(codes.counted.sum())
    arm_scores = {arm.name: _arm(axis, arm, n) for arm in (*arms, ArmData(CONSTANT, "blind"))}
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
            delta_of=delta_of,
            mde=gain.mde,
            contrasts=contrasts,
            best_blind=best_blind,
            blind_answer=in_words(best.modal_answer) if best.modal_share >= CONSTANT_SHARE else None,
            modal_share=arm_scores[image].modal_share,
            declined_share=arm_scores[image].declined_share,
            min_cases=min_cases,
            patients=_patients(codes, index),
        )
        word = verdict(evidence)
    return AxisScore(
        kind=data.kind,
        n=n,
        masked=len(data.truths) - n,
        eligible=tuple(data.values[row] for row in axis.chosen),
        cases=cases,
        others=others,
        arms={name: arm for name, arm in arm_scores.items() if name != CONSTANT},
        image=image,
        gains=gains,
        verdict=word,
    )


def _patients(codes: Codes, index: NDArray[np.intp]) -> dict[str, tuple[int, int]]:
    """Return, by class or label, of how many patients its cases are, and its others."""
    cases, others = (patients_with(flags, index).tolist() for flags in (codes.cases, codes.others))
    return dict(zip(codes.values, zip(cases, others or [0] * len(cases), strict=True), strict=True))


def _arm(axis: _Axis, arm: ArmData, n: int) -> ArmScore:
    point, draws = axis.sheet.point[arm.name], axis.sheet.draws[arm.name]
    predictions = axis.data.predictions[arm.name]
    asked = max(len(predictions), 1)
    answer, times = modal(predictions)
    if arm.statuses and len(arm.statuses) != len(predictions):
        raise ValueError(f"arm {arm.name}: {len(arm.statuses)} statuses for {len(predictions)} records")
    failed = sum(status is not Status.OK for status in arm.statuses)
    right = axis.codes.right
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
