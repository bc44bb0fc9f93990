"""Several trained networks as one: their logits averaged, so that it is stored, exported and run like any other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from torch import Tensor, nn

from einthoven.adapters.signal.architectures import build

__all__ = ["Ensemble"]


class Ensemble(nn.Module):
    """Networks side by side on the same signals.

    The mean is taken of the logits and not of the probabilities: superclasses that follow from statements then follow
    from the mean too, and a softmax of it is the normalised geometric mean of the members' classes.

    Parameters
    ----------
    outputs : int
        Logits, of each.
    members : sequence of mapping
        ``network`` and ``options`` of each, and ``gain``: by what its scale differs from the ensemble's.

    Raises
    ------
    ValueError
        There are no members.
    """

    def __init__(self, outputs: int, members: Sequence[Mapping[str, Any]] = ()) -> None:
        super().__init__()
        if not members:
            raise ValueError("it has no members: einthoven train ensemble puts trained networks together")
        self.gains = [float(member["gain"]) for member in members]
        self.networks = nn.ModuleList(build(member["network"], outputs, member["options"]) for member in members)

    def forward(self, signal: Tensor) -> Tensor:
        """Give logits, shape (records, outputs), of signals, shape (records, 12, samples)."""
        found: Tensor = sum(network(signal * gain) for network, gain in zip(self.networks, self.gains, strict=True))
        return found / len(self.gains)
