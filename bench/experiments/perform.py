"""The commands of an experiment, one after another; what is finished is skipped, what was interrupted goes on."""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from einthoven.bench.bundle import read_bundle
from einthoven.bench.experiments.commands import Step, given_of, shown, steps_of
from einthoven.bench.experiments.diary import Diary
from einthoven.bench.experiments.outcome import outcome
from einthoven.bench.experiments.preset import Preset
from einthoven.bench.experiments.wish import Wish
from einthoven.bench.progress import announce, clock

__all__ = ["diary_of", "perform"]


def diary_of(preset: Preset, wish: Wish) -> Diary:
    """Return the diary of an experiment."""
    facts = {"experiment": preset.name, "number": preset.number, "title": preset.title, "model": wish.model}
    facts |= {"data": wish.data, "given": given_of(preset, wish), "twin": wish.twin}
    return Diary.of(wish.folder / preset.folder, facts)


def perform(preset: Preset, wish: Wish, do: Callable[[Sequence[str]], None]) -> dict[str, Any]:
    """Carry out an experiment; the same call goes on where it stopped.

    Parameters
    ----------
    preset : Preset
        Which.
    wish : Wish
        On whom and what.
    do : callable
        Carries out one command, given the words behind ``einthoven``; it raises where that fails.

    Returns
    -------
    dict
        ``facts``, ``steps`` and ``outcome``, as they stand in the folder's ``experiment.json``.

    Raises
    ------
    EinthovenError
        A model that cannot be trained; whatever the commands raise.
    """
    steps, diary = steps_of(preset, wish), diary_of(preset, wish)
    for place, step in enumerate(steps, 1):
        head = f"experiment {preset.number}, {step.name} ({place} of {len(steps)})"
        if diary.finished(step):
            announce([f"{head}: finished before"])
            continue
        announce([f"{head}:", shown(step.arguments)])
        began = time.monotonic()
        do(step.arguments)
        _let_go()
        spent = time.monotonic() - began
        diary.note(step, spent, _units(step))
        announce([f"{head}: took {clock(spent)}"])
    if not diary.outcome:
        given = given_of(preset, wish)
        diary.outcome = [_outcome(preset, step, given) for step in steps if step.kind == "run"]
        diary.write()
    return {"facts": diary.facts, "steps": diary.steps, "outcome": diary.outcome}


def _outcome(preset: Preset, step: Step, given: str) -> dict[str, Any]:
    result = json.loads(step.product.read_text(encoding="utf-8"))
    found = outcome(preset, step.part.name, given, result, read_bundle(step.folder))
    return {"bundle": str(step.folder)} | found


def _units(step: Step) -> int:
    """Return how much work a finished command did: samples learnt from, or requests."""
    made = json.loads(step.product.read_text(encoding="utf-8"))
    if step.kind == "train":
        return round(float(made["data"]["records"] * made["recipe"]["epochs"]))
    return sum(int(arm["asked"]) for arm in made["arms"].values())


def _let_go() -> None:
    """Give back what the last command held: the next one loads a model of its own."""
    gc.collect()
    if "torch" in sys.modules and sys.modules["torch"].cuda.is_available():
        sys.modules["torch"].cuda.empty_cache()
