"""What a network is trained on, whatever it gets: signals or pictures, each with its targets."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from torch import nn

    from einthoven.adapters.signal.recipe import Recipe

__all__ = ["Batch", "EpochSamples", "LabelledSet"]

#: What a network gets, and the targets, a row a record.
Batch = tuple[NDArray[np.float32], NDArray[np.int8]]


class LabelledSet(ABC):
    """What a network is trained or validated on.

    Attributes
    ----------
    targets : ndarray of int8, shape (records, columns)
        As of `outputs.Outputs.targets`.
    """

    __slots__ = ()

    targets: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.targets)

    def prevalence(self) -> NDArray[np.float64]:
        """Return each column's share of present among the records that say something on it; NaN where none does."""
        known = (self.targets >= 0).sum(axis=0)
        with np.errstate(invalid="ignore"):
            share: NDArray[np.float64] = (self.targets == 1).sum(axis=0) / np.where(known, known, np.nan)
        return share

    @abstractmethod
    def scale(self) -> float:
        """Return the one divisor of all samples."""

    @abstractmethod
    def batches(self, recipe: Recipe, scale: float) -> EpochSamples[Any]:
        """Return what makes the batches of an epoch."""

    @abstractmethod
    def logits(self, network: nn.Module, scale: float, recipe: Recipe) -> NDArray[np.float32]:
        """Return what a network makes of every record, shape (records, logits)."""


_Set = TypeVar("_Set", bound=LabelledSet)


class EpochSamples(ABC, Generic[_Set]):
    """The records of an epoch, fetched a batch at a time.

    What happens to a batch depends on the seed, the epoch and its first record alone, so a run that goes on where it
    stopped sees what an unbroken one would have seen, and so does one with several worker processes.

    Parameters
    ----------
    data : LabelledSet
        Of which records.
    recipe : Recipe
        Its seed, and how strongly batches are augmented.
    scale : float
        The divisor of all samples.
    """

    def __init__(self, data: _Set, recipe: Recipe, scale: float) -> None:
        self.data = data
        self.recipe = recipe
        self.scale = scale
        self.epoch = 0

    def __len__(self) -> int:
        return len(self.data)

    def __getitem__(self, place: int) -> Batch:
        return self.__getitems__([place])

    def __getitems__(self, places: Sequence[int]) -> Batch:
        """Return a batch: what the network gets, in units of the scale, and the targets."""
        random = np.random.RandomState([self.recipe.seed % 2**32, self.epoch, places[0]])
        rows = np.asarray(places)
        return self._given(rows, random), self.data.targets[rows]

    @abstractmethod
    def _given(self, rows: NDArray[np.intp], random: np.random.RandomState) -> NDArray[np.float32]:
        """Return what the network gets of some records."""
