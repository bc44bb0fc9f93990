"""A squeeze-and-excitation ResNet whose head sees every depth; MixStyle in its first stages, if wanted.

Squeeze and excitation: Hu et al., CVPR 2018. Pooling at several depths: short waves (P, notches) live in the early
stages, whole beats and rhythm in the late ones.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from einthoven.adapters.signal.mixstyle import MixStyle
from einthoven.ecg.recording import LEADS

__all__ = ["SEResNet"]

#: Stages, from the first, whose features are mixed.
_MIXED = 2


class SEResNet(nn.Module):
    """A stem, then stages of squeeze-and-excitation blocks, each stage halving the length.

    Parameters
    ----------
    outputs : int
        Logits.
    widths : sequence of int
        Filters of each stage.
    blocks : int
        Blocks of each stage.
    kernel : int
        Of the convolutions.
    reduction : int
        By how much an excitation is squeezed.
    depths : bool
        Pool every stage for the head; the last one alone otherwise.
    mixstyle : bool
        Mix styles behind the first two stages.
    dropout : float
        Before the last layer.
    """

    def __init__(
        self,
        outputs: int,
        widths: Sequence[int] = (64, 128, 192, 256),
        blocks: int = 2,
        kernel: int = 7,
        reduction: int = 8,
        depths: bool = True,
        mixstyle: bool = True,
        dropout: float = 0.3,
    ) -> None:
        super().__init__()
        self.depths = depths
        self.stem = nn.Sequential(
            nn.Conv1d(len(LEADS), widths[0], 15, 2, 7, bias=False),
            nn.BatchNorm1d(widths[0]),
            nn.ReLU(inplace=True),
        )
        stages: list[nn.Module] = []
        width = widths[0]
        for filters in widths:
            inside = (width, *[filters] * (blocks - 1))
            parts = [_Block(inside[b], filters, 1 if b else 2, kernel, reduction) for b in range(blocks)]
            stages.append(nn.Sequential(*parts))
            width = filters
        self.stages = nn.ModuleList(stages)
        self.mixstyle = MixStyle() if mixstyle else None
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(2 * (sum(widths) if depths else widths[-1]), outputs)

    def forward(self, signal: Tensor) -> Tensor:
        """Give logits, shape (records, outputs), of signals, shape (records, 12, samples)."""
        x = self.stem(signal)
        pooled = []
        for depth, stage in enumerate(self.stages):
            x = stage(x)
            if self.mixstyle is not None and depth < _MIXED:
                x = self.mixstyle(x)
            if self.depths or depth == len(self.stages) - 1:
                pooled += [x.mean(dim=-1), x.amax(dim=-1)]
        logits: Tensor = self.head(self.dropout(torch.cat(pooled, dim=1)))
        return logits


class _Block(nn.Module):
    """Two convolutions, each channel weighted by what all channels hold, and a shortcut."""

    def __init__(self, inside: int, outside: int, stride: int, kernel: int, reduction: int) -> None:
        super().__init__()
        self.convolutions = nn.Sequential(
            nn.Conv1d(inside, outside, kernel, stride, kernel // 2, bias=False),
            nn.BatchNorm1d(outside),
            nn.ReLU(inplace=True),
            nn.Conv1d(outside, outside, kernel, 1, kernel // 2, bias=False),
            nn.BatchNorm1d(outside),
        )
        squeezed = max(outside // reduction, 4)
        self.excitation = nn.Sequential(
            nn.Linear(outside, squeezed), nn.ReLU(inplace=True), nn.Linear(squeezed, outside), nn.Sigmoid()
        )
        self.shortcut: nn.Module = nn.Identity()
        if inside != outside or stride > 1:
            self.shortcut = nn.Sequential(nn.Conv1d(inside, outside, 1, stride, bias=False), nn.BatchNorm1d(outside))

    def forward(self, x: Tensor) -> Tensor:
        found = self.convolutions(x)
        return torch.relu(found * self.excitation(found.mean(dim=-1)).unsqueeze(-1) + self.shortcut(x))
