"""Labelled pictures in memory or on disk, and the batches of an epoch: the same ones whenever it is run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from einthoven.adapters.image.pictures import DARKEST
from einthoven.adapters.signal.labelled_set import EpochSamples, LabelledSet

if TYPE_CHECKING:
    from torch import nn

    from einthoven.adapters.signal.recipe import Recipe

__all__ = ["EpochPictures", "PictureSet", "inked"]

#: At strength 1: pixels that a page lies off its place at most, and the spread of the log of its darkness.
_OFF, _DARKNESS = 3, 0.1


def inked(pictures: NDArray[np.uint8], scale: float) -> NDArray[np.float32]:
    """Return pictures in units of the one scale that a network was trained with; white stays 0."""
    return pictures.astype(np.float32) * np.float32(1 / (DARKEST * scale))


@dataclass(frozen=True, slots=True)
class PictureSet(LabelledSet):
    """What a network is trained or validated on.

    Attributes
    ----------
    pictures : ndarray of uint8, shape (records, pages, rows, columns)
        As of `einthoven.adapters.image.pictures.pictures`; may be a memory map.
    targets : ndarray of int8, shape (records, columns)
        As of `outputs.Outputs.targets`.
    """

    pictures: NDArray[np.uint8]
    targets: NDArray[np.int8]

    def scale(self) -> float:
        """Return the standard deviation of the darkness of all pixels of up to 200 records, of 1 for black."""
        step = max(1, len(self) // 200)
        return round(float(np.asarray(self.pictures[::step], np.float32).std()) / DARKEST, 4)

    def batches(self, recipe: Recipe, scale: float) -> EpochPictures:
        """Return what makes the batches of an epoch."""
        return EpochPictures(self, recipe, scale)

    def logits(self, network: nn.Module, scale: float, recipe: Recipe) -> NDArray[np.float32]:
        """Return what a network makes of every record, shape (records, logits)."""
        import torch

        device = next(network.parameters()).device
        training = network.training
        network.eval()
        found = []
        with torch.inference_mode():
            for start in range(0, len(self), recipe.batch):
                part = inked(np.asarray(self.pictures[start : start + recipe.batch]), scale)
                found.append(network(torch.from_numpy(part).to(device)).float().cpu().numpy())
        network.train(training)
        return np.concatenate(found)


class EpochPictures(EpochSamples[PictureSet]):
    """The pages of an epoch: laid a little off, printed a little darker or lighter."""

    def _given(self, rows: NDArray[np.intp], random: np.random.RandomState) -> NDArray[np.float32]:
        strength = self.recipe.augment
        pictures = np.asarray(self.data.pictures[rows])
        if strength > 0:
            most = round(_OFF * strength)
            for k in range(len(rows)):  # the margin that comes round is empty paper, as the one that goes
                pictures[k] = np.roll(pictures[k], random.randint(-most, most + 1, 2), axis=(1, 2))
        found = inked(pictures, self.scale)
        if strength > 0:
            found *= np.exp(random.randn(len(rows), 1, 1, 1) * _DARKNESS * strength).astype(np.float32)
        return found
