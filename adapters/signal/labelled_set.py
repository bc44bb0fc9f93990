"""What a network is trained on, whatever it gets: signals or pictures, each with its targets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from torch import nn

    from einthoven.adapters.signal.recipe import Recipe

__all__ = ["Batch", "EpochSamples", "LabelledSet", "prevalence_of"]

#: What a network gets, and the targets, a row a record.
Batch = tuple[NDArray[np.float32], NDArray[np.int8]]


class EpochSamples(Protocol):
    """The records of an epoch, fetched a batch at a time; `epoch` decides with the seed how they are augmented."""

    epoch: int

    def __len__(self) -> int: ...

    def __getitems__(self, places: Sequence[int]) -> Batch:
        """Return a batch."""
        ...


class LabelledSet(Protocol):
    """What a network is trained or validated on."""

    @property
    def targets(self) -> NDArray[np.int8]:
        """As of `outputs.Outputs.targets`, shape (records, columns)."""
        ...

    def __len__(self) -> int: ...

    def scale(self) -> float:
        """Return the one divisor of all samples."""
        ...

    def prevalence(self) -> NDArray[np.float64]:
        """Return each column's share of present among the records that say something on it; NaN where none does."""
        ...

    def batches(self, recipe: Recipe, scale: float) -> EpochSamples:
        """Return what makes the batches of an epoch."""
        ...

    def logits(self, network: nn.Module, scale: float, recipe: Recipe) -> NDArray[np.float32]:
        """Return what a network makes of every record, shape (records, logits)."""
        ...


def prevalence_of(targets: NDArray[np.int8]) -> NDArray[np.float64]:
    """Return each column's share of present among the records that say something on it; NaN where none does."""
    known = (targets >= 0).sum(axis=0)
    with np.errstate(invalid="ignore"):
        share: NDArray[np.float64] = (targets == 1).sum(axis=0) / np.where(known, known, np.nan)
    return share
