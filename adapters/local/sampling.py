"""Draws at a temperature that depend on the request alone, not on what else is in its batch."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from einthoven.exchange import Request

if TYPE_CHECKING:
    import torch

__all__ = ["Draw"]


class Draw:
    """A logits processor: the largest of logits / temperature + Gumbel noise is a draw from their softmax.

    Parameters
    ----------
    requests : sequence of Request
        One a row.
    temperature : float
        Above 0.
    seed : int
        Of the run; each row's noise comes from it and from what the request shows and asks.
    """

    def __init__(self, requests: Sequence[Request], temperature: float, seed: int) -> None:
        import torch

        self._temperature = temperature
        self._noise = []
        for request in requests:
            text = "\0".join((str(seed), request.task, request.prompt, *request.image_ids))
            digest = hashlib.sha256(text.encode()).digest()
            self._noise.append(torch.Generator().manual_seed(int.from_bytes(digest[:8], "big") >> 1))

    def __call__(self, tokens: torch.Tensor, logits: torch.Tensor) -> torch.Tensor:
        """Add the noise of the next token; drawn on the CPU, so that it is the same on every device."""
        import torch

        even = torch.stack([torch.rand(logits.shape[1], generator=noise) for noise in self._noise])
        gumbel = -torch.log(-torch.log(even.clamp(1e-20, 1 - 1e-7)))
        return logits.float() / self._temperature + gumbel.to(logits.device)
