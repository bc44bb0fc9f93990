"""``reference/resnet1d``: what a network that gets the samples makes of each axis. It answers without torch."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from einthoven.adapters.signal.checkpoint import CONFIG, Config, read_config
from einthoven.adapters.signal.crops import covering
from einthoven.adapters.signal.decision import answers, reading
from einthoven.adapters.signal.onnx_export import INPUT, MODEL, OUTPUT
from einthoven.adapters.signal.outputs import outputs
from einthoven.adapters.signal.samples import at_rate, stored, voltages
from einthoven.ecg.recording import Recording
from einthoven.errors import EinthovenError, Exit
from einthoven.exchange import Answer, Input, Request, Status
from einthoven.tasks.registry import task

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
        if wanted != "resnet1d" and not weights:
            raise EinthovenError(
                f"{name} needs weights: none are shipped",
                f"einthoven train signal --network {wanted} --out DIR, then {name}?weights=DIR",
                Exit.MISSING,
            )
        self._folder = Path(weights).expanduser() if weights else SHIPPED
        self.config: Config = read_config(self._folder)
        if wanted not in ("resnet1d", self.config.recipe.network):
            raise ValueError(f"{weights} holds {self.config.recipe.network}, not {wanted}")
        self._of = outputs(self.config.recipe.outputs)
        self._prevalence = np.array(self.config.prevalence)
        self.parameters: Mapping[str, Any] = {"weights": _identity(self._folder)}

    @cached_property
    def _session(self) -> Any:
        try:
            import onnxruntime
        except ImportError:
            raise EinthovenError(
                "signal models answer through onnxruntime, which is not installed",
                "pip install onnxruntime",
                Exit.MISSING,
            ) from None
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # one record at a time is too little work to share out
        options.log_severity_level = 3
        try:
            return onnxruntime.InferenceSession(
                str(self._folder / MODEL), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime's own errors have no base class
            why = str(error).splitlines()[0][:160]
            raise EinthovenError(
                f"{self._folder / MODEL} cannot be opened: {why}", "train again", Exit.MISSING
            ) from None

    def probabilities(self, recording: Recording) -> NDArray[np.float64]:
        """Return the probability of every output, shape (columns,).

        Raises
        ------
        EinthovenError
            The recording has no signal, onnxruntime is missing, or the weights cannot be opened.
        """
        recipe = self.config.recipe
        samples = stored(at_rate(recording, recipe.rate))
        length = round(recipe.crop * recipe.rate)
        signals = voltages(samples, self.config.scale)
        crops = np.stack([signals[:, start : start + length] for start in covering(samples.shape[1], length)])
        logits = self._session.run([OUTPUT], {INPUT: crops})[0]
        found: NDArray[np.float64] = self._of.probabilities(logits.mean(axis=0, keepdims=True))[0]
        return found

    async def answer(self, request: Request) -> Answer:
        """Answer from the recording; decline where an arm shows none."""
        begin = time.perf_counter()
        if request.recording is None or request.recording.signal is None:
            return Answer("", Status.DECLINED, latency_s=time.perf_counter() - begin, detail="there is no signal")
        found = answers(self._of, self.config.decision, self._prevalence, self.probabilities(request.recording))
        text = task(request.task).target(reading(found))
        return Answer(text, latency_s=time.perf_counter() - begin)

    async def close(self) -> None:
        """Let go of the weights."""
        self.__dict__.pop("_session", None)


def _identity(folder: Path) -> str:
    """Name the weights by what decides the answers: the hash of both files."""
    import hashlib

    found = hashlib.sha256()
    try:
        found.update((folder / MODEL).read_bytes())
    except OSError:
        raise EinthovenError(f"{folder} holds no {MODEL}", "train again", Exit.MISSING) from None
    found.update(json.dumps(json.loads((folder / CONFIG).read_text(encoding="utf-8")), sort_keys=True).encode())
    return found.hexdigest()[:16]
