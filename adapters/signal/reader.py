"""``reference/resnet1d``: what a network that gets the samples makes of each axis. It answers without torch."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from einthoven.adapters.signal.crops import covering
from einthoven.adapters.signal.onnx_network import OnnxNetwork, weights_folder
from einthoven.adapters.signal.samples import at_rate, stored, voltages
from einthoven.ecg.recording import Recording
from einthoven.exchange import Answer, Input, Request, Status

__all__ = ["SHIPPED", "SignalReader"]

#: The network trained on simulated recordings alone.
SHIPPED = Path(__file__).with_name("weights")


class SignalReader:
    """Answer from the samples with a trained network, through onnxruntime.

    Parameters
    ----------
    weights : str
        A folder that ``einthoven train signal`` wrote; the shipped weights where it is empty.
    """

    inputs = frozenset({Input.SIGNAL})
    concurrency = 1

    def __init__(self, name: str = "reference/resnet1d", weights: str = "") -> None:
        self.name = name
        wanted = name.removeprefix("reference/")
        shipped = SHIPPED if wanted == "resnet1d" else None
        train = "ensemble DIR DIR" if wanted == "ensemble" else f"signal --network {wanted}"
        self._network = OnnxNetwork(weights_folder(name, weights, shipped, train))
        self.config = self._network.config
        if wanted not in ("resnet1d", self.config.recipe.network) or self.config.recipe.view:
            raise ValueError(f"{weights} holds {self.config.recipe.network}, not {wanted}")
        self.parameters: Mapping[str, Any] = {"weights": self._network.identity}

    def probabilities(self, recording: Recording) -> NDArray[np.float64]:
        """Return the probability of every output, shape (columns,).

        Raises
        ------
        EinthovenError
            The recording has no signal, onnxruntime is missing, or the weights cannot be opened.
        """
        recipe = self.config.recipe
        samples = stored(at_rate(recording, recipe.rate))
        length = recipe.samples
        signals = voltages(samples, self.config.scale)
        crops = np.stack([signals[:, start : start + length] for start in covering(samples.shape[1], length)])
        return self._network.probabilities(crops)

    async def answer(self, request: Request) -> Answer:
        """Answer from the recording; decline where an arm shows none."""
        begin = time.perf_counter()
        if request.recording is None or request.recording.signal is None:
            return Answer("", Status.DECLINED, latency_s=time.perf_counter() - begin, detail="there is no signal")
        text = self._network.said(self.probabilities(request.recording), request.task)
        return Answer(text, latency_s=time.perf_counter() - begin)

    async def close(self) -> None:
        """Let go of the weights."""
        self._network.close()
