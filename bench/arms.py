"""What the model is given: one arm a way of showing, or of not showing, the ECG."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from einthoven.errors import unknown_name

__all__ = ["ARMS", "Arm", "arm"]


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm of the protocol.

    Attributes
    ----------
    name : str
        As in bundles and tables.
    pictures : {"view", "blank", "none"}
        The record's own view, the view's empty paper, or no picture at all.
    blind : bool
        Whether there is nothing to see: what a model scores here it has from elsewhere.
    title : str
        One line for people.
    """

    name: str
    pictures: Literal["view", "blank", "none"]
    blind: bool
    title: str


#: In the order of every table. The majority is a blind arm too, but nobody is asked for it.
ARMS: Mapping[str, Arm] = {
    "image": Arm("image", "view", False, "the picture alone: the headline"),
    "no-image": Arm("no-image", "none", True, "the prompt unchanged, no picture"),
    "blank": Arm("blank", "blank", True, "empty millimetre paper in place of the picture"),
}


def arm(name: str) -> Arm:
    """Return an arm by name; an unknown one raises `EinthovenError`."""
    if name not in ARMS:
        raise unknown_name("arm", name, ARMS)
    return ARMS[name]
