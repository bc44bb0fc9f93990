"""Where a training run stands, on disk after every epoch: one file, written whole or not at all, and no pickle."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from einthoven.adapters.signal.checkpoint import save_tensors, stored_tensors
from einthoven.errors import EinthovenError

if TYPE_CHECKING:
    from torch import Tensor, nn
    from torch.optim import Optimizer

__all__ = ["STATE", "Standing", "restore", "save"]

STATE = "state.safetensors"


@dataclass(slots=True)
class Standing:
    """How far a run has come.

    Attributes
    ----------
    identity : dict
        What is trained on what: another recipe or other data go on in no run but their own.
    epoch : int
        Epochs done.
    best, best_epoch : float, int
        The best validation score and when it was reached.
    log : list of dict
        A row an epoch.
    scaler : dict
        Of half precision: the loss scale and its counter.
    """

    identity: dict[str, Any]
    epoch: int = 0
    best: float = float("-inf")
    best_epoch: int = 0
    log: list[dict[str, Any]] = field(default_factory=list)
    scaler: dict[str, Any] = field(default_factory=dict)


def save(folder: Path, standing: Standing, network: nn.Module, optimizer: Optimizer) -> None:
    """Write where a run stands."""
    tensors: dict[str, Tensor] = {f"network.{name}": value for name, value in network.state_dict().items()}
    for number, state in optimizer.state_dict()["state"].items():
        tensors |= {f"optimizer.{number}.{name}": value for name, value in state.items()}
    words = {
        "identity": standing.identity,
        "epoch": standing.epoch,
        "best": standing.best,
        "best_epoch": standing.best_epoch,
        "log": standing.log,
        "scaler": standing.scaler,
    }
    save_tensors(folder / STATE, tensors, {name: json.dumps(value) for name, value in words.items()})


def restore(folder: Path, identity: dict[str, Any], network: nn.Module, optimizer: Optimizer) -> Standing:
    """Go on where the folder's run stopped; begin where there is none.

    Raises
    ------
    EinthovenError
        The folder holds another run.
    """
    if not (folder / STATE).is_file():
        return Standing(identity)
    tensors, words = stored_tensors(folder / STATE)
    known = {name: json.loads(text) for name, text in words.items()}
    theirs, mine = known["identity"], json.loads(json.dumps(identity))
    # what an older run did not write down is no difference
    other = next((name for name, value in theirs.items() if value != mine.get(name)), None)
    if other is not None:
        raise EinthovenError(
            f"{folder} holds another training run: different {other}",
            "give another --out, or --fresh to start over",
        )
    standing = Standing(**known)
    network.load_state_dict({n.removeprefix("network."): t for n, t in tensors.items() if n.startswith("network.")})
    state: dict[int, dict[str, Tensor]] = {}
    for name, tensor in tensors.items():
        if name.startswith("optimizer."):
            _, number, part = name.split(".")
            state.setdefault(int(number), {})[part] = tensor
    optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})
    return standing
