"""Simulated models: what each arm answers on a simulated data set, and how the pairs go.

Answers are indicators as in `encode.Codes.answers`. A model keeps its nature over all axes and arms; what varies from
model to model of a kind (which constant, how often it strays) is drawn anew for each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from einthoven.bench.error_rates.cells import Cell, Kind
from einthoven.bench.error_rates.world import SHAPES, World
from einthoven.bench.scoring.encode import unusable

__all__ = ["Answers", "SimulatedModel", "simulated_model"]

_Bools = NDArray[np.bool_]

#: By axis, what an arm answered.
Answers = Mapping[str, _Bools]


@dataclass(frozen=True, slots=True)
class SimulatedModel:
    """What a model answers.

    Attributes
    ----------
    arms : mapping of str to Answers
        ``image``, ``no-image`` and, of some kinds, ``measurements``; ``guess-0`` and on where they are wanted.
    sides : mapping of str to (float, float, float, float)
        By axis, of a pair with one normal and one abnormal side: the chances that the normal side is called normal,
        is called abnormal, that the abnormal side is called abnormal, is called normal.
    """

    arms: Mapping[str, Answers]
    sides: Mapping[str, tuple[float, float, float, float]]


class _Mind:
    """The pieces that models are made of, over one data set and one stream of random numbers."""

    def __init__(self, cell: Cell, seen: World, strength: Mapping[str, float], random: np.random.RandomState) -> None:
        self.cell, self.world, self.strength, self.random = cell, seen, strength, random
        self.n = len(seen.patients)
        self.constants = {axis: self._constant(axis) for axis in SHAPES}
        self.stray = float(random.choice([0.02, 0.1, 0.3]))

    def _constant(self, axis: str) -> _Bools:
        """Draw one answer: the commonest truth half of the time, else that of any record."""
        truth = self.world.truths[axis]
        column = self.world.commonest[axis] if self.random.rand() < 0.5 else truth[:, [self.random.randint(self.n)]]
        return np.broadcast_to(column, truth.shape)

    def chance(self) -> NDArray[np.float64]:
        """Draw one number a record; of a clustered cell one a patient."""
        drawn: NDArray[np.float64] = self.random.rand(self.n)
        return drawn[self.world.patients] if self.cell.clustered else drawn

    def guess(self, among: _Bools | None = None) -> dict[str, _Bools]:
        """Answer as some other record's truth, all axes from the same one: the right frequencies, and no more."""
        pool = np.arange(self.n) if among is None else np.flatnonzero(among)
        donors = pool[(self.chance() * len(pool)).astype(np.intp)]
        return {axis: truth[:, donors] for axis, truth in self.world.truths.items()}

    def constant(self) -> dict[str, _Bools]:
        """Give one answer."""
        return dict(self.constants)

    def another_constant(self) -> dict[str, _Bools]:
        """Give one answer, another one than with a picture."""
        return {axis: self._constant(axis) for axis in SHAPES}

    def strays(self) -> dict[str, _Bools]:
        """Give the constant, and a guess in its place now and then."""
        away, guess = self.chance() < self.stray, self.guess()
        return {axis: np.where(away, guess[axis], self.constants[axis]) for axis in SHAPES}

    def majority(self) -> dict[str, _Bools]:
        """Refuse, which scores as the commonest answer."""
        return {
            axis: np.broadcast_to(self.world.commonest[axis], truth.shape)
            for axis, truth in self.world.truths.items()
        }

    def reads(self) -> dict[str, _Bools]:
        """Read each patient with the axis's strength, else guess: informedness is the strength, in the mean."""
        guess = self.guess()
        return {
            axis: np.where(self.chance() < self.strength[axis], truth, guess[axis])
            for axis, truth in self.world.truths.items()
        }

    def modest(self) -> dict[str, _Bools]:
        """Find 60 % of what is not normal, and leave 95 % of the rest alone."""
        found = {}
        for axis, truth in self.world.truths.items():
            if SHAPES[axis].kind == "set":
                kept = self.random.rand(*truth.shape) < np.where(truth, 0.60, 0.95)
                found[axis] = np.where(kept, truth, ~truth)
                continue
            kept = self.random.rand(self.n) < np.where(truth[0], 0.95, 0.60)
            wrong = np.zeros_like(truth)
            wrong[np.where(truth[0], 1 + self.random.randint(len(truth) - 2, size=self.n), 0), np.arange(self.n)] = (
                True
            )
            found[axis] = np.where(kept, truth, wrong)
        return found

    def from_numbers(self) -> dict[str, _Bools]:
        """Read 90 % of the patients on the axes that the numbers give away, and give the constant elsewhere."""
        return {
            axis: np.where(self.chance() < 0.9, truth, self.constants[axis])
            if SHAPES[axis].numbers
            else self.constants[axis]
            for axis, truth in self.world.truths.items()
        }

    def from_age(self) -> dict[str, _Bools]:
        """Guess among the records of patients of the same age."""
        old, young = self.guess(self.world.old), self.guess(~self.world.old)
        return {axis: np.where(self.world.old, old[axis], young[axis]) for axis in SHAPES}

    def fails(self) -> dict[str, _Bools]:
        """Give the constant; on records of one kind, normal or not, 30 % of the answers cannot be used, else 2 %."""
        ill = ~self.world.truths["diagnosis"][-2]
        often = ill if self.random.rand() < 0.5 else ~ill
        failed = self.random.rand(self.n) < np.where(often, 0.3, 0.02)
        return {
            axis: np.where(failed, unusable(SHAPES[axis].kind, self.world.truths[axis]), self.constants[axis])
            for axis in SHAPES
        }


#: By kind: the image arm, the arm without a picture, the arm with the numbers alone.
_ARMS: Mapping[Kind, tuple[Callable[[_Mind], Answers], Callable[[_Mind], Answers], Callable[[_Mind], Answers] | None]]
_ARMS = {
    "constant": (_Mind.constant, _Mind.another_constant, None),
    "prior": (_Mind.guess, _Mind.guess, None),
    "temperature": (_Mind.strays, _Mind.strays, None),
    "measurements": (_Mind.strays, _Mind.strays, _Mind.from_numbers),
    "age-sex": (_Mind.guess, _Mind.guess, _Mind.from_age),
    "refuses": (_Mind.strays, _Mind.majority, None),
    "invalid": (_Mind.fails, _Mind.constant, None),
    "planned": (_Mind.reads, _Mind.majority, None),
    "threshold": (_Mind.reads, _Mind.majority, None),
    "modest": (_Mind.modest, _Mind.majority, None),
}


def simulated_model(
    cell: Cell, seen: World, strength: Mapping[str, float], random: np.random.RandomState, guesses: int = 0
) -> SimulatedModel:
    """Draw one model of a cell and let it answer.

    Parameters
    ----------
    cell : Cell
        What kind of model.
    seen : World
        The data set.
    strength : mapping of str to float
        By axis, the informedness of a reader (kinds ``planned`` and ``threshold``).
    random : numpy.random.RandomState
        Of everything that is left to chance.
    guesses : int
        Blind arms more, each of which guesses anew for every record.
    """
    mind = _Mind(cell, seen, strength, random)
    image, blind, text = _ARMS[cell.kind]
    arms = {"image": image(mind), "no-image": blind(mind)} | ({} if text is None else {"measurements": text(mind)})
    arms |= {f"guess-{number}": mind.guess() for number in range(guesses)}
    return SimulatedModel(arms, {axis: _sides(cell, axis, arms["image"][axis], strength) for axis in SHAPES})


def _sides(
    cell: Cell, axis: str, answers: _Bools, strength: Mapping[str, float]
) -> tuple[float, float, float, float]:
    """Take how often the model says normal and one abnormal thing; a reader reads each side with its strength."""
    if SHAPES[axis].kind == "categorical":
        normal, abnormal = float(answers[0].mean()), float(answers[1].mean())
    else:
        abnormal = float(answers[0].mean())
        normal = 1 - abnormal
    if cell.kind == "modest":
        return 0.95, 0.05, 0.60, 0.40
    seen = 0.0 if cell.null else strength[axis]
    return (
        seen + (1 - seen) * normal,
        (1 - seen) * abnormal,
        seen + (1 - seen) * abnormal,
        (1 - seen) * normal,
    )
