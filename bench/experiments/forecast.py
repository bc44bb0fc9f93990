"""What an experiment still has to do, what that costs, and how long it takes, before anybody is asked."""

from __future__ import annotations

import statistics
import tomllib
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

from einthoven.adapters.lora.recipe import Recipe
from einthoven.bench.experiments.commands import Step, shown, steps_of
from einthoven.bench.experiments.diary import DIARY, Diary
from einthoven.bench.experiments.perform import diary_of
from einthoven.bench.experiments.preset import Preset
from einthoven.bench.experiments.wish import Wish
from einthoven.bench.progress import clock
from einthoven.bench.sources.registry import open_source
from einthoven.errors import EinthovenError

__all__ = ["forecast", "forecast_lines"]


def _recipe(wish: Wish) -> Mapping[str, Any]:
    if wish.recipe is None:
        return {}
    try:
        found = tomllib.loads(wish.recipe.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EinthovenError(f"{wish.recipe} cannot be read: {error}", "correct it") from None
    if found.get("full"):
        raise EinthovenError(f"{wish.recipe} trains every weight: experiments train adapters", "leave full out of it")
    return found


def _paces(wish: Wish) -> dict[str, float]:
    """Return seconds a unit of work, by kind of command, over all that this model has done here."""
    taken: dict[str, list[float]] = {"train": [], "run": []}
    for path in sorted(wish.folder.glob(f"*/{DIARY}")):
        for name, step in Diary.of(path.parent).steps.items():
            if step["units"]:
                taken["run" if name.startswith("run") else "train"].append(step["seconds"] / step["units"])
    return {kind: statistics.median(values) for kind, values in taken.items() if values}


def _alike(step: Step, wish: Wish) -> Hashable:
    """Return what runs share that ask equally many requests of a model on this machine, whatever task and view.

    To count them every record is read, which takes minutes: once is enough. Nothing where a part is answered already.
    """
    if not wish.model.startswith("hf/") or step.folder.exists():
        return None
    words = step.arguments
    return (wish.data, wish.limit, *(words[k + 1] for k, word in enumerate(words) if word == "--arm"))


def forecast(
    preset: Preset,
    wish: Wish,
    estimate: Callable[[Sequence[str]], Mapping[str, Any]],
    known: dict[Hashable, Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """Forecast an experiment.

    Parameters
    ----------
    preset : Preset
        Which.
    wish : Wish
        On whom and what.
    estimate : callable
        What ``--dry-run --json`` of a run's command gives.
    known : dict, optional
        What was estimated for other experiments, and is for this one: runs that ask equally much are counted once.

    Returns
    -------
    dict
        ``experiment``, ``model`` and ``steps``: each with ``command``, ``finished``, ``units`` still to do (samples
        to learn from, those that their truth will leave out among them; requests), ``cost_usd`` as ``[low, high]`` (0
        where nobody on the network is asked, null where no price is known) and ``seconds`` (null where this model has
        done nothing of the kind in this folder yet).
    """
    known = {} if known is None else known
    diary, paces, recipe = diary_of(preset, wish), _paces(wish), _recipe(wish)
    rows = []
    for step in steps_of(preset, wish):
        done = diary.finished(step)
        cost: list[float | None] | None = [0.0, 0.0]
        if done:
            units = 0
        elif step.kind == "train":
            entries = sum(entry.split == "train" for entry in open_source(wish.data).entries)
            most = wish.train_limit or recipe.get("limit") or entries
            units = round(min(entries, most) * float(recipe.get("epochs", Recipe().epochs)))
        else:
            key = _alike(step, wish)
            found = known[key] if key in known else estimate(step.arguments)
            if key is not None:
                known[key] = found
            units, cost = found["calls"], found["cost_usd"] if found["asks_network"] else cost
        pace = paces.get(step.kind)
        rows.append(
            {
                "step": step.name,
                "kind": step.kind,
                "command": shown(step.arguments),
                "finished": done,
                "units": units,
                "cost_usd": cost,
                "seconds": 0.0 if done else None if pace is None else round(pace * units, 1),
            }
        )
    return {"experiment": preset.name, "number": preset.number, "model": wish.model, "steps": rows}


def forecast_lines(found: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return forecasts as a person reads them: a line a command, and the sum."""
    lines, seconds, unknown = [], 0.0, False
    low, high, priced = 0.0, 0.0, True
    for one in found:
        for step in one["steps"]:
            head = f"{one['number']} {one['experiment']}, {step['step']}"
            if step["finished"]:
                lines.append(f"  {head:34} finished before")
                continue
            what = "samples to learn from" if step["kind"] == "train" else "request" + "s" * (step["units"] != 1)
            lines.append(
                f"  {head:34} {step['units']:>9,} {what:21} {_time(step['seconds']):>9}  {_cost(step['cost_usd'])}"
            )
            seconds, unknown = seconds + (step["seconds"] or 0.0), unknown or step["seconds"] is None
            ends = step["cost_usd"]
            priced = priced and ends is not None and ends[1] is not None
            low, high = low + ((ends or [0.0])[0] or 0.0), high + ((ends or [0.0, 0.0])[-1] or 0.0)
    who = ", ".join(dict.fromkeys(str(one["model"]) for one in found))
    money = (
        f"${low:,.2f} to ${high:,.2f}"
        if priced and high
        else "nothing"
        if priced
        else f"${low:,.2f} or more, not all prices are known"
    )
    time = "not known before a first command of each kind has run here" if unknown else f"about {clock(seconds)}"
    return [
        f"{who}: {len(found)} experiment{'s' if len(found) > 1 else ''}",
        *lines,
        f"they cost {money}; time {time}",
    ]


def _time(seconds: float | None) -> str:
    return "time ?" if seconds is None else clock(seconds)


def _cost(ends: Sequence[float | None] | None) -> str:
    if ends is None or ends[0] is None:
        return "price not known"
    if ends[1] is None:
        return f"${ends[0]:,.2f} or more"
    return f"${ends[0]:,.2f} to {ends[1]:,.2f}" if ends[1] else ""
