"""A preset: what an experiment tests, and the options of the ordinary commands that it is made of."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from einthoven.errors import unknown_name

__all__ = ["Part", "Preset", "preset", "presets"]

#: The value of an option: text, or several where the option may be repeated.
Option = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One training and one run of an experiment.

    Attributes
    ----------
    name : str
        Empty where the experiment has one part only.
    view : str
        How the ECG is shown, in training and in the run.
    """

    name: str
    view: str


@dataclass(frozen=True, slots=True)
class Preset:
    """One experiment.

    Attributes
    ----------
    number : int
        As the study counts: 1 to 7.
    name : str
        As its file is called.
    title, tests, differs : str
        Its heading; the question that it answers; what is not as the source did it, or is not known.
    given : str
        The arm that is trained on, and that stands beside the published figures.
    train, run : mapping of str to Option
        Options of ``einthoven train lora`` and ``einthoven run``; nothing to train where the first is empty.
    parts : tuple of Part
        One or several.
    """

    number: int
    name: str
    title: str
    tests: str
    differs: str
    given: str
    train: Mapping[str, Option]
    run: Mapping[str, Option]
    parts: tuple[Part, ...]

    @property
    def trains(self) -> bool:
        """Whether a model is trained before it is asked."""
        return bool(self.train)

    @property
    def folder(self) -> str:
        """What its folder is called: ``5-dense``."""
        return f"{self.number}-{self.name}"


def _options(given: Mapping[str, Any]) -> Mapping[str, Option]:
    return {key: tuple(value) if isinstance(value, list) else str(value) for key, value in given.items()}


@cache
def presets() -> Mapping[int, Preset]:
    """Read the presets, by number."""
    found = {}
    for file in files("einthoven.bench.experiments").joinpath("presets").iterdir():
        number, _, name = file.name.removesuffix(".toml").partition("-")
        if not file.name.endswith(".toml"):
            continue
        document = tomllib.loads(file.read_text(encoding="utf-8"))
        parts = tuple(Part(part.get("name", ""), part["view"]) for part in document.pop("part"))
        train, run = _options(document.pop("train", {})), _options(document.pop("run"))
        found[int(number)] = Preset(int(number), name, **document, train=train, run=run, parts=parts)
    return dict(sorted(found.items()))


def preset(word: str) -> Preset:
    """Return a preset by its number or its name.

    Raises
    ------
    EinthovenError
        There is none.
    """
    for one in presets().values():
        if word in (str(one.number), one.name, one.folder):
            return one
    raise unknown_name(
        "experiment", word, [name for one in presets().values() for name in (str(one.number), one.name)]
    )
