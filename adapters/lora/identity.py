"""What a training began with: a folder that holds another one is refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from einthoven.adapters.lora.log import LOG, rows
from einthoven.errors import EinthovenError

__all__ = ["IDENTITY", "same_training"]

#: Where it stands in the folder.
IDENTITY = "training.json"


def same_training(out: Path, identity: Mapping[str, Any]) -> None:
    """Write what a training begins with into its folder, or compare it with what stands there.

    Parameters
    ----------
    out : Path
        The folder; made where it is missing.
    identity : mapping
        What must be the same for a training to go on.

    Raises
    ------
    EinthovenError
        The folder holds another training, or something else.
    """
    out.mkdir(parents=True, exist_ok=True)
    path = out / IDENTITY
    wanted = json.loads(json.dumps(identity))
    if not path.is_file():
        if any(out.iterdir()):
            raise EinthovenError(f"{out} is not empty, and holds no training", "give another --out")
        path.write_text(json.dumps(wanted, indent=1) + "\n", encoding="utf-8")
        return
    try:
        before = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        before = {}
    if {one.name for one in out.iterdir()} <= {IDENTITY, LOG} and not rows(out):
        before = wanted  # it began and learnt nothing, perhaps for a wrong option: nothing is lost
        path.write_text(json.dumps(wanted, indent=1) + "\n", encoding="utf-8")
    other = next((key for key in wanted if before.get(key) != wanted[key]), None)
    if other == "recipe" and isinstance(before.get(other), dict):
        name = next(key for key in wanted[other] if before[other].get(key) != wanted[other][key])
        before, wanted, other = before[other], wanted[other], name
    if other is not None:
        raise EinthovenError(
            f"{out} holds another training: its {other} is {before.get(other)}, not {wanted[other]}",
            "give another --out, or start over with --fresh",
        )
