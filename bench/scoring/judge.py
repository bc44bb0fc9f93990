"""The verdict engine's front door: plain lists in, one verdict an axis out. It reads no file and asks nobody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from einthoven.bench.arms import ARMS
from einthoven.bench.scoring.bootstrap import RESAMPLES
from einthoven.bench.scoring.contrasts import ContrastScore
from einthoven.bench.scoring.counts import MIN_CASES
from einthoven.bench.scoring.deltas import Delta
from einthoven.bench.scoring.encode import ArmData, AxisData, Prediction
from einthoven.bench.scoring.permutation import FLIPS
from einthoven.bench.scoring.score import score
from einthoven.bench.scoring.verdict import Verdict
from einthoven.ecg.reading import AxisTruth
from einthoven.exchange import Status

__all__ = ["judge"]

#: A class; any collection of labels; nothing: masked in a truth, unusable in an answer.
Value = str | Iterable[str] | None


def judge(
    truths: Mapping[str, Sequence[Value]],
    answers: Mapping[str, Mapping[str, Sequence[Value]]],
    patients: Sequence[str] | None = None,
    *,
    contrasts: Mapping[str, Sequence[ContrastScore]] | None = None,
    deltas: Mapping[str, Delta] | None = None,
    seed: int = 0,
    resamples: int = RESAMPLES,
    flips: int = FLIPS,
    min_cases: int = MIN_CASES,
) -> dict[str, Verdict]:
    """Give one verdict an axis.

    Parameters
    ----------
    truths : mapping of str to sequence
        By axis, one a record: a class (then the axis is categorical), or a collection of labels (then it is a set
        axis); `None` where the truth is not known.
    answers : mapping of str to mapping of str to sequence
        By arm (the names of `einthoven.bench.arms`: ``image``, ``no-image``, ``measurements``, …) and axis, in the
        form of the truths; `None` is an answer that cannot be used. ``image`` is needed. ``majority``, what the
        training folds' commonest answer would have said, is a blind arm too; where it is missing, the commonest truth
        of these records stands in for it.
    patients : sequence of str, optional
        The patient of each record; one each where missing.
    contrasts : mapping of str to sequence of ContrastScore, optional
        Test 2, from `contrasts.contrasts`; without it no axis is given ``reads``.
    deltas : mapping of str to Delta, optional
        The smallest gain that matters; half that of the modest reader where missing.
    seed, resamples, flips, min_cases : int
        As in `score.score`.

    Returns
    -------
    dict of str to Verdict
        By axis: word, reason, flags, and the figures behind them.

    Raises
    ------
    ValueError
        Lists of different lengths, an axis without answers, an arm that is none.
    """
    if "image" not in answers or (unknown := answers.keys() - ARMS.keys() - {"majority"}):
        raise ValueError("the arm image is needed" if "image" not in answers else f"no such arms: {sorted(unknown)}")
    records = len(next(iter(truths.values()), ()))
    axes = []
    for name, values in truths.items():
        said = {arm: [_prediction(value) for value in by_axis[name]] for arm, by_axis in answers.items()}
        known = [_prediction(value) for value in values]
        if "majority" not in said:
            said["majority"] = [_commonest(known)] * len(known)
        classes = any(isinstance(value, str) for value in known)
        labels = {each for value in known for each in ([value] if isinstance(value, str) else value or ())}
        axes.append(
            AxisData(
                name, "categorical" if classes else "set", tuple(sorted(labels)), [AxisTruth(v) for v in known], said
            )
        )
    arms = [ArmData(arm, ARMS[arm].role, _statuses(answers[arm])) for arm in answers if arm != "majority"]
    scores = score(
        axes,
        [str(row) for row in range(records)] if patients is None else patients,
        [*arms, ArmData("majority", "blind")],
        seed=seed,
        resamples=resamples,
        flips=flips,
        min_cases=min_cases,
        contrasts=contrasts,
        deltas=deltas,
    )
    return {name: found.verdict for name, found in scores.items() if found.verdict is not None}


def _prediction(value: Value) -> Prediction:
    return value if value is None or isinstance(value, str) else frozenset(value)


def _commonest(values: Sequence[Prediction]) -> Prediction:
    times = Counter(value for value in values if value is not None)
    order = {value: value if isinstance(value, str) else sorted(value) for value in times}
    return min(times, key=lambda value: (-times[value], order[value]), default=None)


def _statuses(by_axis: Mapping[str, Sequence[Value]]) -> list[Status]:
    """Call an answer unusable that says nothing on any axis."""
    rows = zip(*by_axis.values(), strict=True)
    return [Status.INVALID if all(value is None for value in row) else Status.OK for row in rows]
