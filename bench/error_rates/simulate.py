"""Judge simulated models with the engine's own code, many at a time.

From the counts on everything is what `score.score` runs: `gains.resample`, `gains.gains`, `contrasts.contrasts` and
`verdict.verdict`. Only the step from answers in words to counts is left out; a test goes through it for some models
and finds the same figures and words.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from einthoven.bench.error_rates.cells import Cell
from einthoven.bench.error_rates.models import SimulatedModel, simulated_model
from einthoven.bench.error_rates.world import SHAPES, World, world
from einthoven.bench.scoring.axis_score import Gain
from einthoven.bench.scoring.constant import CONSTANT, constant_answer
from einthoven.bench.scoring.contrasts import ContrastScore, contrasts, sign_test_p
from einthoven.bench.scoring.counts import Counts, count, eligible
from einthoven.bench.scoring.encode import Codes
from einthoven.bench.scoring.gains import Sheet, gains, resample
from einthoven.bench.scoring.metrics import informedness
from einthoven.bench.scoring.permutation import FLIPS
from einthoven.bench.scoring.power import delta, minimum_detectable_gain
from einthoven.bench.scoring.verdict import LEVEL, Evidence, verdict

__all__ = ["BATCH", "PAIRS", "RESAMPLES", "AxisOutcome", "judge_batch"]

#: Models that are judged together, on one data set.
BATCH = 20

#: Pairs a contrast.
PAIRS = 20

#: Arms that are given something; all others are blind.
_SEEING = ("image", "measurements")

#: Resamples of an interval: a fifth of a run's, which moves a bound by a hundredth of the interval's width.
RESAMPLES = 2_000


@dataclass(frozen=True, slots=True)
class AxisOutcome:
    """What one simulated model was told about one axis.

    Attributes
    ----------
    word : str
        The verdict.
    p : float or None
        Test 1 before Holm; `None` where the axis could not be tested.
    passed : bool
        Test 1 after Holm.
    strength : float or None
        The true gain of a reader.
    mde : float or None
        What the plan says a reader needs.
    true_gain : float or None
        The gain that readers of the cell have in the mean; `None` where nobody reads, or the axis is not scorable.
    gain_ci : (float, float) or None
        The interval that the engine gives to it.
    """

    word: str
    p: float | None
    passed: bool
    strength: float | None
    mde: float | None
    true_gain: float | None = None
    gain_ci: tuple[float, float] | None = None


def judge_batch(
    cell: Cell, batch: int, models: int = BATCH, resamples: int = RESAMPLES, flips: int = FLIPS, guesses: int = 0
) -> list[dict[str, AxisOutcome]]:
    """Draw a data set and some models, and judge them.

    Parameters
    ----------
    cell : Cell
        Which.
    batch : int
        The number of the batch: the seed of all that is drawn.
    models, resamples, flips : int
        How many models; of the engine.
    guesses : int
        Blind arms that guess anew for every record, beside those that every cell has.

    Returns
    -------
    list of dict of str to AxisOutcome
        By model, by axis.
    """
    random = np.random.RandomState([zlib.crc32(cell.name.encode()), batch])
    seen = world(cell, random)
    codes = {axis: _codes(axis, truth) for axis, truth in seen.truths.items()}
    blind = {axis: _blind_counts(codes[axis], seen, axis) for axis in SHAPES}
    strength = _strength(cell, blind)
    gained = {axis: _gained(cell, counts[CONSTANT]) for axis, counts in blind.items()}
    drawn = [simulated_model(cell, seen, strength, random, guesses) for _ in range(models)]
    sheets = []
    for axis in SHAPES:
        answers = {f"{arm}@{k}": by_axis[axis] for k, one in enumerate(drawn) for arm, by_axis in one.arms.items()}
        counts = dict(blind[axis]) | _counts(codes[axis], answers, seen.patients, blind[axis][CONSTANT])
        point = {arm: informedness(each.total()) for arm, each in counts.items()}
        sheets.append(Sheet(axis, counts, point))
    resample(sheets, resamples, batch, informedness)
    compared = {
        f"{arm}@{k}": ["majority", *(f"{blind}@{k}" for blind in one.arms if blind not in _SEEING), CONSTANT]
        for k, one in enumerate(drawn)
        for arm in one.arms
        if arm in _SEEING
    }
    found = gains(sheets, compared, batch, flips)
    outcomes = [_outcome(cell, k, one, codes, found, strength, random) for k, one in enumerate(drawn)]
    return [{axis: replace(one, true_gain=gained[axis]) for axis, one in by_axis.items()} for by_axis in outcomes]


def _codes(axis: str, truth: NDArray[np.bool_]) -> Codes:
    """Take a truth as the engine encodes it: every record counts, and no label is open."""
    kind = SHAPES[axis].kind
    cases = truth[:-1] if kind == "categorical" else truth
    others = np.zeros((0, truth.shape[1]), bool) if kind == "categorical" else ~truth
    return Codes(kind, tuple(map(str, range(len(cases)))), np.ones(truth.shape[1], bool), cases, others, {}, {})


def _counts(
    codes: Codes,
    answers: Mapping[str, NDArray[np.bool_]],
    patients: NDArray[np.intp],
    beside: Counts | None = None,
) -> dict[str, Counts]:
    """Count answers by patient; what informedness does not look at is left at 0, to be resampled once."""
    codes = replace(codes, answers=answers, right=dict.fromkeys(answers, np.zeros(len(patients), bool)))
    chosen = eligible(codes, patients)
    found: dict[str, Counts] = {}
    for arm in answers:
        counts = count(codes, arm, chosen, patients, beside)
        beside = beside or replace(counts, elsewhere=counts.elsewhere[:0], false=np.zeros_like(counts.false))
        false = counts.false if codes.kind == "set" else beside.false
        found[arm] = replace(counts, right=beside.right, false=false, elsewhere=beside.elsewhere)
    return found


def _blind_counts(codes: Codes, seen: World, axis: str) -> dict[str, Counts]:
    shape = seen.truths[axis].shape
    chosen = constant_answer(codes, eligible(codes, seen.patients))
    constant = np.zeros(shape, bool)
    if chosen is None:
        constant[-1] = True
    else:
        constant[list(chosen)] = True
    answers = {"majority": np.broadcast_to(seen.commonest[axis], shape), CONSTANT: constant}
    return _counts(codes, answers, seen.patients)


def _strength(cell: Cell, blind: Mapping[str, Mapping[str, Counts]]) -> dict[str, float]:
    """Return with what probability the readers of a cell read a patient: such that their gain is the one wanted.

    It is 1 where the plan says that even the perfect reader is missed.
    """
    found = {}
    for axis, counts in blind.items():
        constant = counts[CONSTANT]
        wanted = _gained(cell, constant) if cell.kind in ("threshold", "planned") else None
        found[axis] = 1.0 if wanted is None else _read_for(wanted, constant)
    return found


def _gained(cell: Cell, constant: Counts) -> float | None:
    """Return the gain that readers of a cell have in the mean over models: all constant answers have none."""
    half = delta(constant)
    if cell.kind == "planned":
        return minimum_detectable_gain(constant)
    if half is None or cell.kind not in ("threshold", "modest"):
        return None
    return half if cell.kind == "threshold" else 2 * half  # delta is half the gain of the modest reader


def _read_for(gain: float, constant: Counts) -> float:
    """Return how many patients must be read for a gain; who does not read guesses among all classes.

    Guesses that fall on classes too rare to be scored are wrong, so a reader of a share g of the patients has a mean
    recall of g + (1 - g) s / K over K classes that make up a share s of the records. Of labels the gain is g itself.
    """
    if constant.kind == "set":
        return gain
    classes, share = constant.size, float(constant.cases.sum() / constant.records.sum())
    return (gain * (classes - 1) + 1 - share) / (classes - share)


def _outcome(
    cell: Cell,
    number: int,
    model: SimulatedModel,
    codes: Mapping[str, Codes],
    found: Mapping[str, Mapping[str, Gain]],
    strength: Mapping[str, float],
    random: np.random.RandomState,
) -> dict[str, AxisOutcome]:
    pairs = contrasts([one for axis in SHAPES for one in _contrasts(axis, model.sides[axis], random)])
    outcomes = {}
    for axis, code in codes.items():
        gain = found[axis][f"image@{number}"]
        text = found[axis].get(f"measurements@{number}")
        word = verdict(
            Evidence(
                kind=code.kind,
                n=len(code.counted),
                masked=0,
                cases={},
                others={},
                gain=gain.best.value,
                gain_ci=gain.best.interval,
                p_holm=gain.p_holm,
                text_gain=None if text is None else text.best.value,
                text_p_holm=None if text is None else text.p_holm,
                delta=gain.delta,
                mde=gain.mde,
                contrasts=tuple(pairs.get(axis, ())),
            )
        ).word
        passed = gain.p_holm is not None and gain.p_holm < LEVEL
        strong = None if cell.null else strength[axis]
        outcomes[axis] = AxisOutcome(word, gain.p, passed, strong, gain.mde, gain_ci=gain.best.interval)
    return outcomes


def _contrasts(
    axis: str, sides: tuple[float, float, float, float], random: np.random.RandomState
) -> Sequence[ContrastScore]:
    """Ask the pairs about an axis: the two sides are answered independently."""
    right, turned = sides[0] * sides[2], sides[1] * sides[3]
    scores = []
    for k in range(SHAPES[axis].contrasts):
        wins, losses, _ = random.multinomial(PAIRS, [right, turned, max(0.0, 1 - right - turned)])
        scores.append(ContrastScore(f"{axis}-{k}", axis, PAIRS, int(wins), int(losses), sign_test_p(wins, losses)))
    return scores
