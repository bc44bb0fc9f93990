"""A random encoder under a trained linear layer: what the architecture gives away before anything is learnt.

A trained network that is no better than this one owes its score to the head (Conneau et al., ACL 2018, on probing).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from torch import Tensor, nn
from torch.nn import Parameter

from einthoven.adapters.signal.xresnet1d import XResNet1d

__all__ = ["RandomProbe"]


class RandomProbe(nn.Module):
    """An xresnet1d whose weights stay as they were drawn, and a linear layer that learns.

    Its norms go on counting means and spreads: without them the features would have no scale.

    Parameters
    ----------
    outputs : int
        Logits.
    **options
        Of `XResNet1d`.
    """

    def __init__(self, outputs: int, **options: Any) -> None:
        super().__init__()
        self.encoder = XResNet1d(outputs, **{**options, "hidden": 0, "dropout": 0.0})
        for parameter in self.encoder.parameters():
            parameter.requires_grad_(False)
        # A block's last norm begins at zero: left so, the encoder would be its shortcuts.
        for module in self.encoder.modules():
            if isinstance(module, nn.BatchNorm1d):
                nn.init.ones_(module.weight)
        self.head = nn.Linear(self.encoder.head.in_features, outputs)
        self.encoder.head = nn.Identity()  # type: ignore[assignment]

    def parameters(self, recurse: bool = True) -> Iterator[Parameter]:
        """Give the parameters that learn."""
        return (each for each in super().parameters(recurse) if each.requires_grad)

    def forward(self, signal: Tensor) -> Tensor:
        """Give logits, shape (records, outputs), of signals, shape (records, 12, samples)."""
        logits: Tensor = self.head(self.encoder(signal))
        return logits
