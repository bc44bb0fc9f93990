"""A model trained as a whole, written as a folder that loads like the one it came from."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

__all__ = ["write_whole"]

#: What says how text and pictures become tokens; the model writes its own configuration and weights.
_PROCESSOR = ("*.json", "*.jinja", "*.txt", "*.model")

#: Of the base alone: its weights' index and configuration, and what a training of its own left there.
_NOT = ("config.json", "generation_config.json", "einthoven.json", "training.json", "records.txt")


def write_whole(model: Any, base: Path, out: Path, weights: Any = None) -> None:
    """Write a model's weights and configuration, and its base's processor beside them.

    Parameters
    ----------
    model : PreTrainedModel
        Trained.
    base : Path
        The folder that it was loaded from.
    out : Path
        The new one.
    weights : mapping, optional
        Where they do not stand in the model.
    """
    model.save_pretrained(str(out), safe_serialization=True, state_dict=weights)
    for path in sorted(path for pattern in _PROCESSOR for path in base.glob(pattern)):
        if path.name not in _NOT and not path.name.endswith(".index.json"):
            shutil.copyfile(path, out / path.name)
