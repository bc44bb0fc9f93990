"""xresnet1d: the strongest plain convolutional network of the PTB-XL benchmark, in any size.

Strodthoff et al., "Deep learning for ECG analysis: benchmarks and insights from PTB-XL", IEEE JBHI 2021,
doi 10.1109/JBHI.2020.3022989; xresnet is He et al., "Bag of tricks for image classification", CVPR 2019, in one
dimension: a stem of three convolutions, average pooling before the projection of a shortcut, each block's last norm
begun at zero, and mean and maximum pooled together.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from einthoven.ecg.recording import LEADS

__all__ = ["XResNet1d"]


class XResNet1d(nn.Module):
    """An xresnet1d; its defaults are xresnet1d101.

    Parameters
    ----------
    outputs : int
        Logits.
    layers : sequence of int
        Blocks in each stage; every stage but the first halves the length.
    widths : sequence of int
        Filters in each stage, before the expansion.
    expansion : {4, 1}
        4: bottleneck blocks of three convolutions; 1: plain blocks of two.
    stem : sequence of int
        Filters of the stem's convolutions; the first halves the length, and so does the max-pool behind them.
    kernel : int
        Of all convolutions but the 1x1 ones.
    hidden : int
        Neurons between pooling and logits; none where 0.
    dropout : float
        Before the last layer, half of it before the hidden one.
    """

    def __init__(
        self,
        outputs: int,
        layers: Sequence[int] = (3, 4, 23, 3),
        widths: Sequence[int] = (64, 64, 64, 64),
        expansion: int = 4,
        stem: Sequence[int] = (32, 32, 64),
        kernel: int = 5,
        hidden: int = 128,
        dropout: float = 0.5,
    ) -> None:
        super().__init__()
        if len(layers) != len(widths):
            raise ValueError(f"{len(layers)} stages and {len(widths)} widths")
        sizes = (len(LEADS), *stem)
        self.stem = nn.Sequential(
            *(_convolution(sizes[i], sizes[i + 1], kernel, 1 if i else 2) for i in range(len(stem))),
            nn.MaxPool1d(3, 2, 1),
        )
        blocks: list[nn.Module] = []
        width = stem[-1]
        for stage, (count, filters) in enumerate(zip(layers, widths, strict=True)):
            for block in range(count):
                stride = 2 if stage and not block else 1
                blocks.append(_Block(width, filters, filters * expansion, stride, kernel))
                width = filters * expansion
        self.blocks = nn.Sequential(*blocks)
        head: list[nn.Module] = [nn.BatchNorm1d(2 * width)]
        if hidden:
            head += [nn.Dropout(dropout / 2), nn.Linear(2 * width, hidden), nn.ReLU(), nn.BatchNorm1d(hidden)]
        self.before = nn.Sequential(*head, nn.Dropout(dropout))
        self.head = nn.Linear(hidden or 2 * width, outputs)
        for module in self.modules():
            if isinstance(module, nn.Conv1d):
                nn.init.kaiming_normal_(module.weight)

    def forward(self, signal: Tensor) -> Tensor:
        """Give logits, shape (records, outputs), of signals, shape (records, 12, samples)."""
        features = self.blocks(self.stem(signal))
        pooled = torch.cat([features.amax(dim=-1), features.mean(dim=-1)], dim=1)
        logits: Tensor = self.head(self.before(pooled))
        return logits


def _convolution(inside: int, outside: int, kernel: int, stride: int = 1, last: bool = False) -> nn.Sequential:
    """Convolution and norm, and the activation but for the last one of a block."""
    norm = nn.BatchNorm1d(outside)
    if last:
        nn.init.zeros_(norm.weight)  # the block begins as its shortcut
    convolution = nn.Conv1d(inside, outside, kernel, stride, kernel // 2, bias=False)
    return nn.Sequential(convolution, norm, *([] if last else [nn.ReLU(inplace=True)]))


class _Block(nn.Module):
    """Two convolutions, or a bottleneck of three where the output is wider than the inside."""

    def __init__(self, inside: int, filters: int, outside: int, stride: int, kernel: int) -> None:
        super().__init__()
        if filters == outside:
            parts = [
                _convolution(inside, filters, kernel, stride),
                _convolution(filters, outside, kernel, last=True),
            ]
        else:
            parts = [
                _convolution(inside, filters, 1),
                _convolution(filters, filters, kernel, stride),
                _convolution(filters, outside, 1, last=True),
            ]
        self.convolutions = nn.Sequential(*parts)
        shortcut: list[nn.Module] = []
        if stride > 1:
            shortcut.append(nn.AvgPool1d(2, ceil_mode=True))
        if inside != outside:
            shortcut += [nn.Conv1d(inside, outside, 1, bias=False), nn.BatchNorm1d(outside)]
        self.shortcut = nn.Sequential(*shortcut)

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(self.convolutions(x) + self.shortcut(x))
