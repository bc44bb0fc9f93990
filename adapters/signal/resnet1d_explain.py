"""The network of a published study of explanations: a pre-activation ResNet-18, 8,738,309 parameters."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from einthoven.ecg.recording import LEADS

__all__ = ["ResNet1dExplain"]

_FILTERS, _BLOCKS, _KERNEL, _STEM = (64, 128, 256, 512), 2, 7, 15


class ResNet1dExplain(nn.Module):
    """Stem of kernel 15, stride 2 and max-pool 3/2; two pre-activation blocks each of 64, 128, 256, 512 filters.

    Parameters
    ----------
    outputs : int
        Logits; the published network has five.
    dropout : float
        Before the last layer.
    """

    def __init__(self, outputs: int = 5, dropout: float = 0.2) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv1d(len(LEADS), _FILTERS[0], _STEM, 2, _STEM // 2, bias=False),
            nn.BatchNorm1d(_FILTERS[0]),
            nn.ReLU(inplace=True),
            nn.MaxPool1d(3, 2, 1),
        )
        blocks: list[nn.Module] = []
        width = _FILTERS[0]
        for stage, filters in enumerate(_FILTERS):
            for block in range(_BLOCKS):
                blocks.append(_Block(width, filters, 2 if stage and not block else 1))
                width = filters
        self.blocks = nn.Sequential(*blocks)
        self.norm = nn.BatchNorm1d(width)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(width, outputs)

    def forward(self, signal: Tensor) -> Tensor:
        """Give logits, shape (records, outputs), of signals, shape (records, 12, samples)."""
        features = torch.relu(self.norm(self.blocks(self.stem(signal)))).mean(dim=-1)
        logits: Tensor = self.head(self.dropout(features))
        return logits


class _Block(nn.Module):
    """Norm, activation, convolution, twice; a 1x1 projection without norm where the shape changes."""

    def __init__(self, inside: int, outside: int, stride: int) -> None:
        super().__init__()
        half = _KERNEL // 2
        self.convolutions = nn.Sequential(
            nn.BatchNorm1d(inside),
            nn.ReLU(),
            nn.Conv1d(inside, outside, _KERNEL, stride, half, bias=False),
            nn.BatchNorm1d(outside),
            nn.ReLU(inplace=True),
            nn.Conv1d(outside, outside, _KERNEL, 1, half, bias=False),
        )
        self.shortcut: nn.Module = nn.Identity()
        if inside != outside or stride > 1:
            self.shortcut = nn.Conv1d(inside, outside, 1, stride, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        summed: Tensor = self.convolutions(x) + self.shortcut(x)
        return summed
