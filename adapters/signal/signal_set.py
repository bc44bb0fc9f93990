"""Labelled signals in memory or on disk, and the batches of an epoch: the same ones whenever it is run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from einthoven.adapters.signal.augmentation import augmented
from einthoven.adapters.signal.labelled_set import EpochSamples, LabelledSet
from einthoven.adapters.signal.samples import MICROVOLTS, voltages

if TYPE_CHECKING:
    from torch import nn

    from einthoven.adapters.signal.recipe import Recipe

__all__ = ["EpochBatches", "EpochOrder", "SignalSet"]


@dataclass(frozen=True, slots=True)
class SignalSet(LabelledSet):
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

    def scale(self) -> float:
        """Return the standard deviation of all samples of up to 2,000 records together, in millivolts."""
        step = max(1, len(self) // 2000)
        return round(float(np.asarray(self.signals[::step], np.float32).std()) / MICROVOLTS, 4)

    def batches(self, recipe: Recipe, scale: float) -> EpochBatches:
        """Return what makes the batches of an epoch."""
        return EpochBatches(self, recipe, scale)

    def logits(self, network: nn.Module, scale: float, recipe: Recipe) -> NDArray[np.float32]:
        """Return what a network makes of every record, crops averaged, shape (records, logits)."""
        from einthoven.adapters.signal.predict import logits_of

        return logits_of(network, self.signals, scale, recipe.samples)


class EpochBatches(EpochSamples[SignalSet]):
    """The recordings of an epoch: cropped, augmented."""

    def _given(self, rows: NDArray[np.intp], random: np.random.RandomState) -> NDArray[np.float32]:
        whole, length = self.data.signals, self.recipe.samples
        last = whole.shape[2] - length
        if last > 0:
            starts = random.randint(0, last + 1, len(rows))
            cut = [whole[row, :, start : start + length] for row, start in zip(rows, starts, strict=True)]
            samples = np.stack(cut)
        else:
            samples = np.asarray(whole[rows])
        signals = voltages(samples, self.scale)
        return augmented(signals, self.recipe.rate, self.scale, self.recipe.augment, random)


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
