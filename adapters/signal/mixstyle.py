"""MixStyle: a network sees each record in the style of another one, so that it cannot lean on the style.

Zhou et al., "Domain generalization with MixStyle", ICLR 2021: early features' mean and spread over time, channel by
channel, are mixed between two records of a batch. For ECGs the style is the recorder: its gain, noise and filter.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

__all__ = ["MixStyle"]

_TINY = 1e-6


class MixStyle(nn.Module):
    """Mix the styles of a batch while training; nothing otherwise.

    Parameters
    ----------
    chance : float
        How often a batch is mixed.
    alpha : float
        Of the Beta distribution of the mixture; small is mostly one style or the other.
    """

    def __init__(self, chance: float = 0.5, alpha: float = 0.1) -> None:
        super().__init__()
        self.chance = chance
        self.beta = torch.distributions.Beta(alpha, alpha)

    def forward(self, features: Tensor) -> Tensor:
        """Give features of the same shape, (records, channels, samples)."""
        if not self.training or float(torch.rand(())) >= self.chance:
            return features
        mean = features.mean(dim=-1, keepdim=True).detach()
        spread = (features.var(dim=-1, keepdim=True) + _TINY).sqrt().detach()
        share = self.beta.sample((len(features), 1, 1)).to(features.device, features.dtype)
        other = torch.randperm(len(features), device=features.device)
        new_mean = share * mean + (1 - share) * mean[other]
        new_spread = share * spread + (1 - share) * spread[other]
        mixed: Tensor = (features - mean) / spread * new_spread + new_mean
        return mixed
