"""A plain two-dimensional ResNet: the tower of transformers, and a head that knows where on the page it looked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

__all__ = ["ImageResNet"]

#: Pixels of the page that one place of the tower's last map stands for, and places a side that are kept apart.
_STRIDE, _PLACES = 32, 8


class ImageResNet(nn.Module):
    """Answer from the pages of a record.

    The tower of `transformers.ResNetModel` (He et al. 2016), from configuration. Its mean over the whole page would
    lose which lead shows something; the head gets the means of at most 8 x 8 places instead.

    Parameters
    ----------
    outputs : int
        Logits.
    pages, rows, columns : int
        Shape of a record's pictures.
    widths, depths : sequence of int
        Channels and blocks of each stage.
    channels : int
        That are kept of each place.
    hidden : int
        Width of the layer before the last.
    dropout : float
        Before the last layer.
    fold : int
        Pixels a side that are laid into channels before the tower: at 2 its maps have a quarter of the places, and
        every pixel still counts. Only the first layer then costs more on a page of more pixels.
    """

    def __init__(
        self,
        outputs: int,
        pages: int = 1,
        rows: int = 336,
        columns: int = 432,
        widths: Sequence[int] = (16, 32, 64, 96),
        depths: Sequence[int] = (1, 1, 1, 1),
        channels: int = 32,
        hidden: int = 128,
        dropout: float = 0.2,
        fold: int = 1,
    ) -> None:
        from transformers import ResNetConfig, ResNetModel

        super().__init__()
        if fold < 1 or rows % fold or columns % fold:
            raise ValueError(f"pages of {columns} x {rows} pixels cannot be folded by {fold}")
        config = ResNetConfig(
            num_channels=fold * fold,
            embedding_size=widths[0],
            hidden_sizes=list(widths),
            depths=list(depths),
            layer_type="basic",
        )
        self.tower: Any = ResNetModel(config)
        self.narrow = nn.Conv2d(widths[-1], channels, 1)
        across = [-(-side // (_STRIDE * fold)) for side in (rows, columns)]
        self._kernel = tuple(-(-side // _PLACES) for side in across)
        places = [-(-side // kernel) for side, kernel in zip(across, self._kernel, strict=True)]
        self._fold = fold
        self.wide = nn.Linear(pages * channels * places[0] * places[1], hidden)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(hidden, outputs)
        # A third less time a step on a CPU. With 8 channels torch 2.13 writes beyond its memory in the backward pass.
        if not any(width % 16 for width in (*widths, channels)):
            self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def forward(self, pictures: Tensor) -> Tensor:
        """Return the logits of pictures of shape (records, pages, rows, columns)."""
        each = pictures.reshape(-1, 1, *pictures.shape[2:])
        folded = functional.pixel_unshuffle(each, self._fold)
        seen = functional.relu(self.narrow(self.tower(folded).last_hidden_state))
        pooled = functional.avg_pool2d(seen, self._kernel, ceil_mode=True)
        flat = pooled.reshape(pictures.shape[0], -1)
        found: Tensor = self.head(self.dropout(functional.relu(self.wide(flat))))
        return found
