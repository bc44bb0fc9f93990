"""A preset as ordinary commands, word for word what a user would type."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qsl

from einthoven.adapters.local.lora import CARD
from einthoven.bench.experiments.preset import Option, Part, Preset
from einthoven.bench.experiments.wish import Wish
from einthoven.errors import EinthovenError

__all__ = ["TWIN_OF", "Step", "given_of", "refuse_the_untrainable", "shown", "steps_of"]

#: Arm that is trained on -> the arm that asks the twin.
TWIN_OF: Mapping[str, str] = {"image": "twin", "image+measurements": "twin+measurements"}

#: Parameters of a local model's name that its training takes as options.
_PLACED = ("device", "dtype", "attention", "bits")

#: By name; those without a value are left out.
_Options = dict[str, Option | int | float | Path | None]

#: A line of a shown command is broken before an option that would stand beyond it.
_WIDTH = 100


@dataclass(frozen=True, slots=True)
class Step:
    """One command of an experiment.

    Attributes
    ----------
    name : str
        For people: ``train clean``.
    kind : {"train", "run"}
        What it does.
    part : Part
        Of which part.
    arguments : tuple of str
        Behind ``einthoven``.
    folder : Path
        What it fills.
    """

    name: str
    kind: Literal["train", "run"]
    part: Part
    arguments: tuple[str, ...]
    folder: Path

    @property
    def product(self) -> Path:
        """The file that stands there once the command has finished."""
        return self.folder / (CARD if self.kind == "train" else "result.json")


def given_of(preset: Preset, wish: Wish) -> str:
    """Return the arm that is trained on and compared with the published figures."""
    return wish.given or preset.given


def _written(options: _Options) -> list[str]:
    """Write options in their order; those without a value are left out."""
    words = []
    for name, value in options.items():
        for one in value if isinstance(value, tuple) else (value,):
            if one is not None:
                words += [f"--{name.replace('_', '-')}", f"{one:g}" if isinstance(one, float) else str(one)]
    return words


def refuse_the_untrainable(preset: Preset, model: str) -> None:
    """Refuse a model that an experiment cannot train.

    Raises
    ------
    EinthovenError
        It is no local model, or stands for an adapter or a revision.
    """
    if not preset.trains:
        return
    base, _, query = model.partition("?")
    if not base.startswith("hf/"):
        raise EinthovenError(
            f"experiment {preset.number} ({preset.name}) trains its model, and {model} cannot be trained here",
            f"ask it in experiment 1, which trains nobody, or give hf/REPO-OR-PATH: "
            f"einthoven experiment run 1 --model {shlex.quote(model)}",
        )
    if "+lora:" in base:
        raise EinthovenError(
            f"experiment {preset.number} ({preset.name}) trains an adapter, and {model} has one already",
            f"give the base alone: {base.partition('+lora:')[0]}",
        )
    if "revision" in dict(parse_qsl(query)):
        raise EinthovenError(
            f"{model} names a revision, which a training does not take",
            "fetch it (hf download --revision …), and give the folder",
        )


def steps_of(preset: Preset, wish: Wish) -> list[Step]:
    """Return the commands of an experiment in their order.

    Raises
    ------
    EinthovenError
        The experiment trains, and the model cannot be trained.
    """
    refuse_the_untrainable(preset, wish.model)
    given, found = given_of(preset, wish), []
    base, _, query = wish.model.partition("?")
    placed = {key: value for key, value in parse_qsl(query) if key in _PLACED}
    for part in preset.parts:
        home = wish.folder / preset.folder / part.name
        taught: list[tuple[str, Path]] = []
        if preset.trains:
            taught = [("train", home / "adapter")] + ([("twin", home / "twin")] if wish.twin else [])
        for name, folder in taught:
            options: _Options = {"data": wish.data, **preset.train, "view": part.view, "arm": given}
            options |= {"recipe": wish.recipe, "limit": wish.train_limit, "validation": wish.train_limit}
            options |= {"jobs": wish.jobs, **placed}
            words = ["train", "lora", base, *_written(options)] + ["--blind"] * (name == "twin")
            title = f"{name} {part.name}".strip()
            found.append(Step(title, "train", part, (*words, "--out", str(folder)), folder))
        model, twin = wish.model, None
        if preset.trains:
            model, *rest = [f"{base}+lora:{folder}{'?' if query else ''}{query}" for _, folder in taught]
            twin = next(iter(rest), None)
        arms = tuple(preset.run["arm"]) if not wish.given else _arms(given)
        arms += (TWIN_OF[given],) if twin else ()
        asked: _Options = {"data": wish.data, "task": preset.run["task"], "view": part.view, "arm": arms}
        asked |= {name: value for name, value in preset.run.items() if name not in asked}
        asked |= {"twin": twin, "limit": wish.limit, "jobs": wish.jobs, "concurrency": wish.concurrency}
        asked |= {"base_url": wish.base_url, "max_cost": wish.max_cost, "out": home / "bundle"}
        words = ["run", model, *_written(asked)]
        found.append(Step(f"run {part.name}".strip(), "run", part, tuple(words), home / "bundle"))
    return found


def _arms(given: str) -> tuple[str, ...]:
    """Return what is asked beside the picture where the user chose what is given."""
    return ("no-image", "blank") if given == "image" else (given, "measurements", "no-image")


def shown(arguments: Sequence[str]) -> str:
    """Return a command as it is typed, broken into lines before options."""
    lines = ["einthoven"]
    for place, word in enumerate(arguments):
        quoted = shlex.quote(word)
        follows = word.startswith("--") and place + 1 < len(arguments)
        ahead = f"{quoted} {shlex.quote(arguments[place + 1])}" if follows else quoted
        if word.startswith("--") and len(lines[-1]) + len(ahead) + 1 > _WIDTH:
            lines[-1] += " \\"
            lines.append(f"    {quoted}")
        else:
            lines[-1] += f" {quoted}"
    return "\n".join(lines)
