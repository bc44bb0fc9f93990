"""The answers of a network, crops averaged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from einthoven.adapters.signal.crops import covering
from einthoven.adapters.signal.samples import voltages

if TYPE_CHECKING:
    from torch import nn

__all__ = ["logits_of"]


def logits_of(
    network: nn.Module, signals: NDArray[np.int16], scale: float, length: int, batch: int = 256
) -> NDArray[np.float32]:
    """Return the mean logits over the crops that cover each recording.

    Parameters
    ----------
    network : Module
        Left in the mode it was in.
    signals : ndarray of int16, shape (records, 12, samples)
        Microvolts; may be a memory map.
    scale : float
        Millivolts, from the configuration.
    length : int
        Samples of a crop.
    batch : int
        Recordings at a time.

    Returns
    -------
    ndarray of float32, shape (records, logits)
    """
    import torch

    device = next(network.parameters()).device
    starts = covering(signals.shape[2], length)
    training = network.training
    network.eval()
    found = []
    with torch.inference_mode():
        for begin in range(0, len(signals), batch):
            part = torch.from_numpy(voltages(np.asarray(signals[begin : begin + batch]), scale)).to(device)
            summed = sum(network(part[:, :, start : start + length]).float() for start in starts)
            assert isinstance(summed, torch.Tensor)
            found.append((summed / len(starts)).cpu().numpy())
    network.train(training)
    return np.concatenate(found)
