"""Everything that decides which weights a training run ends with, beside the data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from einthoven.adapters.signal.architectures import ARCHITECTURES
from einthoven.adapters.signal.outputs import outputs
from einthoven.adapters.signal.samples import RATES
from einthoven.ecg.recording import PAGE_SECONDS
from einthoven.errors import EinthovenError, unknown_name

__all__ = ["PRECISIONS", "Recipe"]

#: What `accelerate` can train in.
PRECISIONS = ("no", "bf16", "fp16")


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a network is trained.

    Attributes
    ----------
    network : str
        One of `architectures.ARCHITECTURES`.
    options : mapping
        Keyword arguments of the network.
    outputs : str
        One of `outputs.OUTPUTS`.
    view, profile : str
        What a network of pictures is shown, and whose resize leaves what it sees (``profiles.toml``); empty for one
        of samples.
    rate : int
        Hz, of samples.
    crop : float
        Seconds of a training sample; ten is all of it. In answering, crops that cover the ten seconds are averaged.
    epochs, batch : int
        Of the training; records in a batch on each device.
    learning_rate, weight_decay : float
        The highest rate of the one-cycle schedule, and AdamW's decay.
    augment : float
        Strength of the augmentation: 0 for none.
    smoothing : float
        Of labels.
    balance : bool
        Weight a present label by the root of its odds against.
    patience : int
        Epochs without a better validation score before training stops; 0 for never.
    precision : {"no", "bf16", "fp16"}
        Of the arithmetic.
    seed : int
        Of the first weights, the order, the crops and the augmentation.
    """

    network: str = "xresnet1d-small"
    options: Mapping[str, Any] = field(default_factory=dict)
    outputs: str = "axes"
    view: str = ""
    profile: str = ""
    rate: int = 100
    crop: float = PAGE_SECONDS
    epochs: int = 20
    batch: int = 64
    learning_rate: float = 5e-3
    weight_decay: float = 1e-2
    augment: float = 1.0
    smoothing: float = 0.0
    balance: bool = False
    patience: int = 0
    precision: str = "no"
    seed: int = 0

    def __post_init__(self) -> None:
        if self.network not in ARCHITECTURES:
            raise unknown_name("network", self.network, ARCHITECTURES)
        outputs(self.outputs)
        if self.rate not in RATES:
            raise EinthovenError(
                f"networks are not trained at {self.rate} Hz", f"choose {', '.join(map(str, RATES))}"
            )
        if not 1.0 <= self.crop <= PAGE_SECONDS:
            raise EinthovenError(f"a crop has 1 to {PAGE_SECONDS:g} seconds, not {self.crop:g}", "correct --crop")
        if self.precision not in PRECISIONS:
            raise unknown_name("precision", self.precision, PRECISIONS)
        for name, least in (("epochs", 1), ("batch", 2)):  # of one record alone a norm has no spread
            if getattr(self, name) < least:
                raise EinthovenError(f"{name} is {least} or more", f"correct --{name}")

    @property
    def samples(self) -> int:
        """Samples of a crop."""
        return round(self.crop * self.rate)

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        return asdict(self)

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Recipe:
        """Read what `to_json` gave; raises TypeError for what it did not."""
        known = {each.name for each in fields(cls)}
        if extra := sorted(set(row) - known):
            raise TypeError(f"no such setting: {', '.join(extra)}")
        return cls(**row)
