"""What a training run leaves: weights in safetensors with the configuration beside. A pickle is never opened."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from einthoven.adapters.signal.recipe import Recipe
from einthoven.errors import EinthovenError, Exit

if TYPE_CHECKING:
    from torch import Tensor, nn

__all__ = ["CONFIG", "WEIGHTS", "Config", "load_weights", "read_config", "save_tensors", "stored_tensors"]

CONFIG, WEIGHTS = "config.json", "model.safetensors"

#: Raised whenever a configuration is written differently.
_VERSION = 1

#: Files that may run a stranger's code when they are opened.
_PICKLES = (".pt", ".pth", ".bin", ".ckpt", ".pkl")


@dataclass(frozen=True, slots=True)
class Config:
    """What stands beside the weights.

    Attributes
    ----------
    recipe : Recipe
        How they were trained.
    scale : float
        Millivolts: the one divisor of all samples.
    prevalence : tuple of float
        Share of each column among the training records that say something on it; NaN where none does.
    decision : mapping
        Thresholds from the validation records, by group; see `einthoven.adapters.signal.decision`.
    trained_on : mapping
        Name, versions and number of the training records; best epoch and its score.
    """

    recipe: Recipe
    scale: float
    prevalence: tuple[float, ...]
    decision: Mapping[str, Any]
    trained_on: Mapping[str, Any]

    def write(self, folder: Path) -> None:
        """Write it into the folder."""
        document = {
            "version": _VERSION,
            "recipe": self.recipe.to_json(),
            "scale": self.scale,
            "prevalence": [None if p != p else round(p, 6) for p in self.prevalence],
            "decision": self.decision,
            "trained_on": self.trained_on,
        }
        lines = (f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in document.items())
        (folder / CONFIG).write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def read_config(folder: Path) -> Config:
    """Read the configuration of a folder of weights.

    Raises
    ------
    EinthovenError
        There is none, or it cannot be used (`Exit.MISSING`).
    """
    if folder.suffix in _PICKLES:
        raise EinthovenError(
            f"{folder.name} is a pickle, which can run a stranger's code: it is not opened",
            "give the folder that einthoven train signal wrote, with model.safetensors and config.json",
            Exit.MISSING,
        )
    try:
        document = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        if document["version"] != _VERSION:
            raise ValueError(f"version {document['version']}")
        return Config(
            recipe=Recipe.from_json(document["recipe"]),
            scale=float(document["scale"]),
            prevalence=tuple(float("nan") if p is None else float(p) for p in document["prevalence"]),
            decision=document["decision"],
            trained_on=document["trained_on"],
        )
    except OSError:
        raise EinthovenError(
            f"{folder} holds no {CONFIG}", "give a folder that einthoven train signal wrote", Exit.MISSING
        ) from None
    except (ValueError, KeyError, TypeError) as error:
        why = f"{type(error).__name__}: {error}".splitlines()[0]
        raise EinthovenError(f"{folder / CONFIG} cannot be used: {why}", "train again", Exit.MISSING) from None


def save_tensors(path: Path, tensors: Mapping[str, Tensor], words: Mapping[str, str] | None = None) -> None:
    """Write tensors and a few words as one safetensors file, whole or not at all."""
    from safetensors.torch import save_file

    part = path.with_name(f"{path.name}.part")
    save_file({name: t.detach().cpu().contiguous() for name, t in tensors.items()}, part, dict(words or {}))
    part.replace(path)


def stored_tensors(path: Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    """Read what `save_tensors` wrote.

    Raises
    ------
    EinthovenError
        There is no such file, or it is not whole (`Exit.MISSING`).
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="pt") as file:
            return {name: file.get_tensor(name) for name in file.keys()}, dict(file.metadata() or {})  # noqa: SIM118
    except (OSError, SafetensorError) as error:
        why = "is not there" if isinstance(error, FileNotFoundError) else f"is no whole safetensors file: {error}"
        raise EinthovenError(
            f"{path} {why}".splitlines()[0], "train again, or name another folder", Exit.MISSING
        ) from None


def load_weights(network: nn.Module, path: Path) -> None:
    """Load weights into a network of the same shape.

    Raises
    ------
    EinthovenError
        They are missing, broken, or of another network (`Exit.MISSING`).
    """
    tensors, _ = stored_tensors(path)
    try:
        network.load_state_dict(tensors)
    except RuntimeError as error:
        why = str(error).splitlines()[1].strip() if "\n" in str(error) else str(error)
        raise EinthovenError(
            f"{path} holds the weights of another network: {why[:200]}",
            "train again, or name another folder",
            Exit.MISSING,
        ) from None
