"""How an adapter is trained: every setting, and nothing of the data."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from math import isfinite
from typing import Any

from einthoven.errors import EinthovenError

__all__ = ["Recipe"]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How an adapter is trained.

    Attributes
    ----------
    rank, alpha, dropout
        Of the adapter; its change is scaled by alpha / rank.
    dora : bool
        Weight-decomposed (DoRA).
    targets : tuple of str
        The ends of the names of the layers that are adapted; ``all-linear`` for all of them.
    vision : bool
        Whether the vision tower and what joins it to the language model are adapted too.
    full : bool
        Train every weight of the model, the vision tower's too, in place of an adapter: for a model that is small, or
        has not learnt anything yet. What is said of the adapter above is then without meaning.
    epochs : float
        Passes over the samples.
    batch, accumulate : int
        Samples of a step on one device, and how many such steps make one update.
    learning_rate, warmup, weight_decay : float
        Of AdamW with a cosine schedule; `warmup` is a share of the updates.
    max_length : int
        Tokens of a sample at most, pictures among them; 0 for the model's context. A longer one is an error.
    checkpointing : bool
        Compute activations again on the way back instead of keeping them.
    balanced : str
        An axis whose values shall come equally often; empty for the samples as they are.
    evaluate : int
        Updates between two looks at the validation records; 0 for once an epoch.
    patience : int
        Looks without a lower validation loss after which the training ends; 0 for never.
    answered : int
        Validation records whose answers are written and scored at each look; 0 for the loss alone.
    seed : int
        Of weights, order and dropout.
    """

    rank: int = 16
    alpha: int = 32
    dropout: float = 0.05
    dora: bool = False
    targets: tuple[str, ...] = ("all-linear",)
    vision: bool = False
    full: bool = False
    epochs: float = 3.0
    batch: int = 1
    accumulate: int = 8
    learning_rate: float = 1e-4
    warmup: float = 0.03
    weight_decay: float = 0.0
    max_length: int = 0
    checkpointing: bool = True
    balanced: str = ""
    evaluate: int = 0
    patience: int = 0
    answered: int = 32
    seed: int = 0

    def __post_init__(self) -> None:
        least = {"rank": 1, "alpha": 1, "batch": 1, "accumulate": 1}
        for name in ("max_length", "evaluate", "patience", "answered", "seed", *least):
            if getattr(self, name) < least.get(name, 0):
                raise EinthovenError(f"{name} is {getattr(self, name)}", f"give {least.get(name, 0)} or more")
        if not (0 <= self.dropout < 1 and 0 <= self.warmup < 1):
            raise EinthovenError("dropout and warmup lie between 0 and 1", "correct the recipe")
        for name in ("epochs", "learning_rate"):
            if not (getattr(self, name) > 0 and isfinite(getattr(self, name))):
                raise EinthovenError(f"{name} is {getattr(self, name)}", "give a number above 0")
        if not (self.weight_decay >= 0 and isfinite(self.weight_decay)):
            raise EinthovenError(f"weight_decay is {self.weight_decay}", "give 0 or more")
        if self.seed >= 2**32:
            raise EinthovenError(f"seed is {self.seed}", f"give one below {2**32}")
        if not self.targets or not all(self.targets):
            raise EinthovenError(
                "no layer is to be adapted: targets is empty", "give all-linear, or ends of layers' names"
            )
        if self.full and self.dora:
            raise EinthovenError("DoRA is a kind of adapter, and --full trains none", "leave out one of them")

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return dataclasses.asdict(self) | {"targets": list(self.targets)}
