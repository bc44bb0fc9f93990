"""What the model is given: one arm a way of showing, or of not showing, the ECG."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from einthoven.bench.scoring.encode import Role
from einthoven.errors import unknown_name
from einthoven.tasks.task import Intro

__all__ = ["ARMS", "CONTROLS", "Arm", "arm"]


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm of the protocol.

    Attributes
    ----------
    name : str
        As in bundles and tables.
    role : {"image", "blind", "text", "both", "other"}
        The headline; nothing to see, so that what a model scores here it has from elsewhere; the printed measurements
        alone; the picture with them; or an arm with a question of its own, which is scored apart.
    pictures : {"view", "blank", "none"}
        The record's own view, the view's empty paper, or no picture at all.
    intro : str
        How the question begins: by what is given.
    title : str
        One line for people.
    """

    name: str
    role: Role
    pictures: Literal["view", "blank", "none"]
    intro: Intro
    title: str

    @property
    def blind(self) -> bool:
        """Whether there is nothing to see."""
        return self.role == "blind"

    @property
    def text(self) -> bool:
        """Whether the measurements, age and sex are given as text."""
        return self.intro in ("measurements", "picture-and-measurements")


#: In the order of every table. The majority is a blind arm too, but nobody is asked for it.
ARMS: Mapping[str, Arm] = {
    one.name: one
    for one in (
        Arm("image", "image", "view", "picture", "the picture alone: the headline"),
        Arm("image+measurements", "both", "view", "picture-and-measurements", "the picture and what the cart prints"),
        Arm("measurements", "text", "none", "measurements", "what the cart prints, without the picture"),
        Arm("no-image", "blind", "none", "picture", "the prompt unchanged, no picture"),
        Arm("no-image-told", "blind", "none", "nothing-told", "no picture, and the prompt says so"),
        Arm("blank", "blind", "blank", "picture", "empty millimetre paper in place of the picture"),
        Arm(
            "swapped",
            "other",
            "view",
            "picture-and-measurements",
            "what the cart prints, with another patient's picture: which of the two is followed?",
        ),
        Arm(
            "conflict",
            "other",
            "view",
            "picture-and-measurements",
            "the picture, with one printed number moved across a clinical threshold",
        ),
        Arm(
            "pairs",
            "other",
            "view",
            "picture",
            "simulator pairs that differ in one factor, or in what must not matter",
        ),
        Arm("twin", "blind", "none", "picture", "the blind twin (--twin): the same training, no picture"),
        Arm(
            "twin+measurements",
            "other",
            "none",
            "picture-and-measurements",
            "the blind twin of a model trained with the numbers in its text: the same text, no picture",
        ),
    )
}


#: Arms and pairs a contrast of ``--controls``; none brings the twin along, a model that ``--twin`` names.
CONTROLS: Mapping[str, tuple[tuple[str, ...], int]] = {
    "none": (("image",), 20),
    "core": (("image", "image+measurements", "measurements", "no-image", "swapped", "pairs"), 20),
    "full": (tuple(name for name in ARMS if not name.startswith("twin")), 100),
}


def arm(name: str) -> Arm:
    """Return an arm by name; an unknown one raises `EinthovenError`."""
    if name not in ARMS:
        raise unknown_name("arm", name, ARMS)
    return ARMS[name]
