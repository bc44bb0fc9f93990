"""Labelled signals in memory or on disk, and the batches of an epoch: the same ones whenever it is run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from einthoven.adapters.signal.augmentation import augmented
from einthoven.adapters.signal.labelled_set import Batch, prevalence_of
from einthoven.adapters.signal.samples import MICROVOLTS, voltages

if TYPE_CHECKING:
    from torch import nn

    from einthoven.adapters.signal.recipe import Recipe

__all__ = ["EpochBatches", "EpochOrder", "SignalSet"]


@dataclass(frozen=True, slots=True)
class SignalSet:
    """What a network is trained or validated on.

    Attributes
    ----------
    signals : ndarray of int16, shape (records, 12, samples)
        Microvolts at the rate of the recipe; may be a memory map.
    targets : ndarray of int8, shape (records, columns)
        As of `outputs.Outputs.targets`.
    """

    signals: NDArray[np.int16]
    targets: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.targets)

    def scale(self) -> float:
        """Return the standard deviation of all samples of up to 2,000 records together, in millivolts."""
        step = max(1, len(self) // 2000)
        return round(float(np.asarray(self.signals[::step], np.float32).std()) / MICROVOLTS, 4)

    def prevalence(self) -> NDArray[np.float64]:
        """Return each column's share of present among the records that say something on it; NaN where none does."""
        return prevalence_of(self.targets)

    def batches(self, recipe: Recipe, scale: float) -> EpochBatches:
        """Return what makes the batches of an epoch."""
        return EpochBatches(self, recipe, scale)

    def logits(self, network: nn.Module, scale: float, recipe: Recipe) -> NDArray[np.float32]:
        """Return what a network makes of every record, crops averaged, shape (records, logits)."""
        from einthoven.adapters.signal.predict import logits_of

        return logits_of(network, self.signals, scale, round(recipe.crop * recipe.rate))


class EpochBatches:
    """The records of an epoch: fetched a batch at a time, cropped, augmented.

    What happens to a batch depends on the seed, the epoch and its first record alone, so a run that goes on where it
    stopped sees what an unbroken one would have seen, and so does one with several worker processes.
    """

    def __init__(self, data: SignalSet, recipe: Recipe, scale: float) -> None:
        self.data = data
        self.recipe = recipe
        self.scale = scale
        self.epoch = 0
        self.length = round(recipe.crop * recipe.rate)

    def __len__(self) -> int:
        return len(self.data)

    def __getitem__(self, place: int) -> Batch:
        return self.__getitems__([place])

    def __getitems__(self, places: Sequence[int]) -> Batch:
        """Return a batch: signals in units of the scale, and their targets."""
        random = np.random.RandomState([self.recipe.seed % 2**32, self.epoch, places[0]])
        rows = np.asarray(places)
        whole = self.data.signals
        last = whole.shape[2] - self.length
        if last > 0:
            starts = random.randint(0, last + 1, len(rows))
            cut = [whole[row, :, start : start + self.length] for row, start in zip(rows, starts, strict=True)]
            samples = np.stack(cut)
        else:
            samples = np.asarray(whole[rows])
        signals = voltages(samples, self.scale)
        signals = augmented(signals, self.recipe.rate, self.scale, self.recipe.augment, random)
        return signals, self.data.targets[rows]


class EpochOrder:
    """The order of an epoch's records, a permutation by seed and epoch."""

    def __init__(self, count: int, seed: int) -> None:
        self.count = count
        self.seed = seed
        self.epoch = 0

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[int]:
        return iter(np.random.RandomState([self.seed % 2**32, self.epoch]).permutation(self.count).tolist())
