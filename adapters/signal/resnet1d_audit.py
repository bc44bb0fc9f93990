"""The network of a published audit: four post-activation blocks, no stem, 1,186,437 parameters."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from einthoven.ecg.recording import LEADS

__all__ = ["ResNet1dAudit"]

_FILTERS, _STRIDES, _KERNEL = (64, 128, 128, 256), (1, 2, 2, 2), 7


class ResNet1dAudit(nn.Module):
    """Blocks of 64, 128, 128 and 256 filters, kernel 7, strides 1, 2, 2, 2, mean pooling, dropout, logits.

    Parameters
    ----------
    outputs : int
        Logits; the published network has five.
    dropout : float
        Before the last layer.
    """

    def __init__(self, outputs: int = 5, dropout: float = 0.3) -> None:
        super().__init__()
        widths = (len(LEADS), *_FILTERS)
        self.blocks = nn.Sequential(
            *(_Block(widths[i], widths[i + 1], stride) for i, stride in enumerate(_STRIDES)),
        )
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(widths[-1], outputs)

    def forward(self, signal: Tensor) -> Tensor:
        """Give logits, shape (records, outputs), of signals, shape (records, 12, samples)."""
        features = self.blocks(signal).mean(dim=-1)
        logits: Tensor = self.head(self.dropout(features))
        return logits


class _Block(nn.Module):
    """Two convolutions with batch norm, the activation after the sum; a 1x1 projection where the shape changes."""

    def __init__(self, inside: int, outside: int, stride: int) -> None:
        super().__init__()
        half = _KERNEL // 2
        self.convolutions = nn.Sequential(
            nn.Conv1d(inside, outside, _KERNEL, stride, half, bias=False),
            nn.BatchNorm1d(outside),
            nn.ReLU(inplace=True),
            nn.Conv1d(outside, outside, _KERNEL, 1, half, bias=False),
            nn.BatchNorm1d(outside),
        )
        self.shortcut: nn.Module = nn.Identity()
        if inside != outside or stride > 1:
            self.shortcut = nn.Sequential(nn.Conv1d(inside, outside, 1, stride, bias=False), nn.BatchNorm1d(outside))

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(self.convolutions(x) + self.shortcut(x))
