"""Who can be told apart on a board: paired differences on the same ECGs, axis by axis, and tiers made from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy.special import ndtri

from einthoven.bench.scoring.counts import Counts, count, eligible, patient_index
from einthoven.bench.scoring.encode import Codes, unusable
from einthoven.bench.scoring.gains import Sheet as Draws
from einthoven.bench.scoring.gains import resample
from einthoven.bench.scoring.metrics import informedness
from einthoven.leaderboard.answers import BoardAnswers
from einthoven.leaderboard.sheets import AxisSheet
from einthoven.leaderboard.truths import AxisTruths

__all__ = ["RESAMPLES", "AxisStanding", "Difference", "Standing", "standing_of", "tiers_of"]

#: Of patients, the same in all models: enough for a standard error, and quick for two hundred models.
RESAMPLES = 2_000

_SEED = 0

#: Two-sided, over all pairs of models of an axis.
_ALPHA = 0.05

#: The headline.
_ARM = "image"


@dataclass(frozen=True, slots=True)
class Difference:
    """One model against another on one axis.

    Attributes
    ----------
    value : float
        Informedness of the first minus that of the second, on the same ECGs.
    low, high : float
        Its 95 % interval.
    apart : bool
        Whether the two can be told apart, all pairs of the axis considered.
    """

    value: float
    low: float
    high: float
    apart: bool


@dataclass(frozen=True, slots=True)
class AxisStanding:
    """One axis.

    Attributes
    ----------
    scores : mapping of str to float
        Informedness, by the model's slug; nothing where the axis cannot be scored.
    tiers : tuple of tuple of str
        Slugs of the models that are no baselines and no controls, best first.
    pairs : mapping of (str, str) to Difference
        Each pair once, in the order of the slugs on the board.
    """

    scores: Mapping[str, float]
    tiers: tuple[tuple[str, ...], ...]
    pairs: Mapping[tuple[str, str], Difference] = field(repr=False)

    def between(self, one: str, other: str) -> Difference | None:
        """Return the difference of two models, whichever is named first."""
        if (one, other) in self.pairs:
            return self.pairs[one, other]
        found = self.pairs.get((other, one))
        return None if found is None else Difference(-found.value + 0.0, -found.high, -found.low, found.apart)


@dataclass(frozen=True, slots=True)
class Standing:
    """All axes of a board.

    Attributes
    ----------
    axes : mapping of str to AxisStanding
        By the axis's name.
    names : mapping of str to str
        The models' names, strangers' strings, by slug, as they stand on the board.
    """

    axes: Mapping[str, AxisStanding]
    names: Mapping[str, str]

    @property
    def rule(self) -> str:
        """How tiers are made, in words."""
        return (
            f"Informedness on the same ECGs, {RESAMPLES:,} joint resamples of patients. Two models are told apart "
            "when their difference is larger than its standard error allows at 5 % over all pairs of models of the "
            "axis (Bonferroni). A tier holds a model and all beneath it that cannot be told from it; the order "
            "within a tier means nothing."
        )


def standing_of(answers: BoardAnswers, resamples: int = RESAMPLES) -> Standing:
    """Compare all models of a board on every axis.

    Parameters
    ----------
    answers : BoardAnswers
        The rows of its runs.
    resamples : int
        Of patients.
    """
    index = patient_index([str(row["patient"]) for row in answers.truths.records])
    names = {one.slug: one.run.model for one in answers.answered}
    ranked = {one.slug for one in answers.answered if one.run in _judged(answers)}
    drawn = []
    for axis in answers.truths.axes:
        counts: dict[str, Counts] = {}
        for one in answers.answered:
            sheet = one.gathered.sheet.axes[axis.name]
            codes = _codes(axis, sheet)
            counts[one.slug] = count(codes, _ARM, eligible(codes, index), index, next(iter(counts.values()), None))
        drawn.append(Draws(axis.name, counts, {slug: informedness(each.total()) for slug, each in counts.items()}))
    resample(drawn, resamples, _SEED, informedness)
    return Standing({draws.name: _standing(draws, ranked) for draws in drawn}, names)


def _judged(answers: BoardAnswers) -> list[object]:
    return [run for group in ("vlm", "reference") for run in answers.board.group(group)]


def _codes(axis: AxisTruths, sheet: AxisSheet) -> Codes:
    """Put answers that are places in a legend into indicators, as `encode.encode` does from words."""
    places = sheet.places[_ARM]
    position = {value: row for row, value in enumerate(axis.values)}
    usable = np.flatnonzero(places >= 0)
    if axis.kind == "categorical":
        cases = axis.accepted & axis.counted & (axis.accepted.sum(axis=0) == 1)
        others = cases[:0]
        rows = np.full(len(places), len(position))
        legend = np.array([position.get(str(value), len(position)) for value in sheet.legend], np.intp)
        rows[usable] = legend[places[usable]]
        said = np.zeros((len(position) + 1, len(places)), bool)
        said[rows, np.arange(len(places))] = True
    else:
        cases = axis.accepted
        others = axis.known & ~cases
        named = np.zeros((len(sheet.legend), len(position)), bool)
        for row, labels in enumerate(sheet.legend):
            named[row, [position[label] for label in labels if label in position]] = True
        said = unusable("set", cases)
        said[:, usable] = named[places[usable]].T
    return Codes(axis.kind, axis.values, axis.counted, cases, others, {_ARM: said}, {_ARM: sheet.right[_ARM] == 1})


def _standing(draws: Draws, ranked: set[str]) -> AxisStanding:
    slugs = list(draws.counts)
    if not slugs or not draws.counts[slugs[0]].scorable:
        return AxisStanding({}, (), {})
    scores = {slug: float(draws.point[slug]["informedness"][0]) for slug in slugs}
    drawn = {slug: draws.draws[slug]["informedness"] for slug in slugs}
    judged = sum(slug in ranked for slug in slugs)
    limits = {
        True: _limit(judged * (judged - 1) // 2),  # among the models of the tiers
        False: _limit(len(slugs) * (len(slugs) - 1) // 2),  # baselines and controls among all
    }
    pairs = {}
    for place, one in enumerate(slugs[:-1]):
        rest = slugs[place + 1 :]
        gaps = drawn[one] - np.stack([drawn[other] for other in rest])
        low, high = np.percentile(gaps, [2.5, 97.5], axis=1)
        spread = gaps.std(axis=1)
        for row, other in enumerate(rest):
            value = scores[one] - scores[other]
            limit = limits[one in ranked and other in ranked]
            apart = bool(abs(value) > max(limit * float(spread[row]), 1e-9))
            pairs[one, other] = Difference(value, float(low[row]), float(high[row]), apart)
    own = {pair: found for pair, found in pairs.items() if pair[0] in ranked and pair[1] in ranked}
    return AxisStanding(scores, tiers_of({slug: scores[slug] for slug in slugs if slug in ranked}, own), pairs)


def _limit(pairs: int) -> float:
    return float(ndtri(1 - _ALPHA / 2 / max(1, pairs)))


def tiers_of(scores: Mapping[str, float], pairs: Mapping[tuple[str, str], Difference]) -> tuple[tuple[str, ...], ...]:
    """Sort models into tiers: a new one begins at the first that is told apart from the one above's first.

    Parameters
    ----------
    scores : mapping of str to float
        By slug.
    pairs : mapping of (str, str) to Difference
        Each pair once, either way round.
    """
    apart = {pair for pair, found in pairs.items() if found.apart}
    tiers: list[list[str]] = []
    for slug in sorted(scores, key=lambda slug: (-scores[slug], slug)):
        if tiers and (tiers[-1][0], slug) not in apart and (slug, tiers[-1][0]) not in apart:
            tiers[-1].append(slug)
        else:
            tiers.append([slug])
    return tuple(tuple(tier) for tier in tiers)
