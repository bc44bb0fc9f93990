"""A trained network that answers through onnxruntime, without torch: its input in, a task's answer out."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from einthoven.adapters.signal.checkpoint import CONFIG, Config, read_config
from einthoven.adapters.signal.decision import answers, reading
from einthoven.adapters.signal.onnx_export import INPUT, MODEL, OUTPUT
from einthoven.adapters.signal.outputs import outputs
from einthoven.errors import EinthovenError, Exit
from einthoven.tasks.registry import task

__all__ = ["OnnxNetwork", "weights_folder"]


def weights_folder(name: str, weights: str, shipped: Path | None, train: str) -> Path:
    """Return the folder of a model's weights: the one that is named, or else the shipped one.

    Parameters
    ----------
    name, weights : str
        The model, and the folder that its user names; empty for none.
    shipped : Path or None
        None where none are shipped.
    train : str
        What makes some: ``einthoven train …``.

    Raises
    ------
    EinthovenError
        There are none (`Exit.MISSING`).
    """
    if weights:
        return Path(weights).expanduser()
    if shipped is None:
        raise EinthovenError(
            f"{name} needs weights: none are shipped",
            f"einthoven train {train} --out DIR, then {name}?weights=DIR",
            Exit.MISSING,
        )
    return shipped


class OnnxNetwork:
    """The network of a folder of weights.

    Parameters
    ----------
    folder : Path
        What ``einthoven train signal`` or ``einthoven train image`` wrote.

    Raises
    ------
    EinthovenError
        It holds no configuration, or no weights (`Exit.MISSING`).
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.config: Config = read_config(folder)
        self.identity = _identity(folder)
        self._of = outputs(self.config.recipe.outputs)
        self._prevalence = np.array(self.config.prevalence)

    @cached_property
    def _session(self) -> Any:
        try:
            import onnxruntime
        except ImportError:
            raise EinthovenError(
                "trained networks answer through onnxruntime, which is not installed",
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

    def probabilities(self, given: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the probability of every output, shape (columns,), over the mean logits of what it is given.

        Raises
        ------
        EinthovenError
            onnxruntime is missing, or the weights cannot be opened.
        """
        logits = self._session.run([OUTPUT], {INPUT: given})[0]
        found: NDArray[np.float64] = self._of.probabilities(logits.mean(axis=0, keepdims=True))[0]
        return found

    def said(self, probabilities: NDArray[np.float64], name: str) -> str:
        """Return the answer to a task, by the thresholds of the validation records."""
        found = answers(self._of, self.config.decision, self._prevalence, probabilities)
        return task(name).target(reading(found))

    def close(self) -> None:
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
