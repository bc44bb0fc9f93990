"""A LoRA adapter trained on a source's records, from names to a folder that any PEFT loads."""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from einthoven.adapters.local.architecture import class_name
from einthoven.adapters.local.checkpoint import Checkpoint, checkpoint
from einthoven.adapters.local.loading import require_local
from einthoven.adapters.local.lora import CARD, RECORDS, WEIGHTS, card_of, records_hash
from einthoven.adapters.local.placement import placement
from einthoven.adapters.local.twin import TWINS
from einthoven.adapters.lora.recipe import Recipe
from einthoven.adapters.majority import majority_reading
from einthoven.bench.arms import arm
from einthoven.bench.environment import versions
from einthoven.bench.lora_card import card
from einthoven.bench.lora_samples import LoraSamples, taught
from einthoven.bench.lora_scores import scorer
from einthoven.bench.progress import Meter, announce
from einthoven.bench.settings import Settings
from einthoven.bench.sources.check import check
from einthoven.bench.sources.registry import open_source
from einthoven.bench.sources.source import Entry, Source
from einthoven.errors import EinthovenError, Exit
from einthoven.exchange import Example
from einthoven.tasks.registry import task
from einthoven.tasks.task import Task

__all__ = ["LoraTraining", "train_lora"]


@dataclass(frozen=True, slots=True)
class LoraTraining:
    """What the user asked for.

    Attributes
    ----------
    model : str
        ``hf/REPO-OR-PATH``.
    settings : Settings
        Data, task, view, wear and jobs; its `out` is the adapter's folder, its `limit` training records at most.
    arm : str
        What is given: ``image``, ``image+measurements`` or ``measurements``.
    recipe : Recipe
        How.
    blind : bool
        Train the blind twin: the same text, no picture.
    validation : int or None
        Validation records at most.
    device, dtype, attention, bits
        See `einthoven.adapters.local.placement.placement`.
    workers : int
        Processes that draw pages.
    """

    model: str
    settings: Settings
    arm: str = "image"
    recipe: Recipe = field(default_factory=Recipe)
    blind: bool = False
    validation: int | None = 200
    device: str = ""
    dtype: str = ""
    attention: str = ""
    bits: int = 0
    workers: int = 0


def _stream() -> TextIO | None:
    """Return where progress goes: nowhere in the second process and the others."""
    return io.StringIO() if int(os.environ.get("RANK", "0")) else None


def _drawn(entries: Sequence[Entry], limit: int | None) -> list[Entry]:
    """Draw by the hash of the ids, as a run does, pairs whole: the first 100 are among the first 200."""
    chosen = sorted(entries, key=lambda entry: hashlib.sha256(entry.wear.encode()).digest())[:limit]
    taken = {entry.id for entry in chosen}
    return [entry for entry in entries if entry.id in taken]


def _records(
    source: Source, split: str, limit: int | None, wanted: LoraTraining, chosen: Task
) -> tuple[list[Entry], int]:
    """Return the usable records of a split that teach the task, and how many teach nothing."""
    entries = [entry for entry in source.entries if entry.split == split]
    measure = arm(wanted.arm).text or any(e.truth["rate"].masked or e.truth["axis"].masked for e in entries)
    entries = _drawn(entries, limit)
    with Meter(f"reading {split} records", len(entries), _stream()) as meter:
        report = check(source, entries=entries, jobs=wanted.settings.jobs, progress=meter.reach, measure=measure)
    able = [entry for entry in report.entries if taught(entry, chosen)]
    return able, len(entries) - len(able)


def train_lora(wanted: LoraTraining) -> dict[str, Any]:
    """Train a LoRA adapter, or its blind twin; the same call goes on where it stopped.

    Returns
    -------
    dict
        What stands in the folder's ``einthoven.json``.

    Raises
    ------
    EinthovenError
        Names, data or a model that cannot be used; a source without training records: test records are never learnt
        from.
    """
    settings = wanted.settings
    out = settings.out
    if out is None:
        raise EinthovenError("an adapter needs a folder", "give --out DIR")
    chosen, given = task(settings.task), arm(wanted.arm)
    if given.blind or given.name in TWINS:
        raise EinthovenError(f"the arm {given.name} shows nothing to learn from", "give --arm image, or --blind")
    if given.role == "other":
        raise EinthovenError(
            f"the arm {given.name} asks a question of its own: it is not trained on", "give --arm image+measurements"
        )
    require_local(wanted.model)
    base = checkpoint(wanted.model)
    if base.lora is not None:
        raise EinthovenError("an adapter on an adapter is not trained", f"give the base alone: hf/{base.base}")
    class_name(base.base, base.config)
    try:
        place = placement(wanted.device, wanted.dtype, wanted.attention, wanted.bits)
    except ValueError as error:
        raise EinthovenError(str(error), "correct the option") from None
    source = open_source(settings.data)
    if not any(entry.split == "train" for entry in source.entries):
        raise EinthovenError(
            f"{settings.data} has no training records: all of it is test, and test records are never learnt from",
            "train on data with official folds, such as ptbxl:DIR, or on sim",
            Exit.MISSING,
        )
    entries, silent = _records(source, "train", settings.limit, wanted, chosen)
    validation, _ = _records(source, "validation", wanted.validation, wanted, chosen)
    if not entries:
        raise EinthovenError(
            f"none of the {silent} training records of {settings.data} fills an answer of the task {chosen.name}",
            "choose a task that asks for less, such as --task superclass or --task binary",
            Exit.MISSING,
        )
    axis = wanted.recipe.balanced
    if axis and axis not in chosen.asked:
        raise EinthovenError(
            f"--balanced {axis}: the task {chosen.name} asks for no such axis",
            f"give {', '.join(chosen.asked)}" if chosen.asked else "leave it out, or train on another task",
        )
    groups = [str(entry.truth[axis].value) for entry in entries] if axis else []
    ids = sorted(entry.id for entry in entries)
    identity = {
        "data": {
            "name": source.name,
            "records": len(ids),
            "ids": records_hash(ids),
        },
        "task": {"name": chosen.name, "version": chosen.version},
        "view": {"name": settings.view, "degraded": f"{settings.degrade}:{settings.severity}"},
        "arm": given.name,
        "blind": wanted.blind,
        "dtype": place.dtype,
        "bits": place.bits,
    }
    first = int(os.environ.get("RANK", "0")) == 0
    if settings.fresh and out.is_dir() and first:
        _start_over(out)
    kept = _finished(out, {"base": _base(base), **identity, "recipe": wanted.recipe.to_json()})
    if kept is not None:
        if first:
            announce([f"{out} holds this training, finished: nothing is trained (--fresh trains it anew)"])
        return kept
    from einthoven.adapters.lora.log import plot
    from einthoven.adapters.lora.trainer import train

    examples = [Example(e.id, e.patient, e.truth, e.measurements) for e in entries]
    learnt = LoraSamples(source, entries, settings, chosen, given, wanted.blind)
    held_out = LoraSamples(source, validation, settings, chosen, given, wanted.blind)
    with Meter(f"training on {len(entries)} records", 0, _stream()) as meter:

        def progress(done: int, total: int, words: str) -> None:
            meter.note = words
            meter.reach(done, total)

        result = train(
            base,
            place,
            wanted.recipe,
            learnt,
            held_out,
            out,
            identity,
            score=scorer(chosen, validation, majority_reading(examples, chosen)) if wanted.recipe.answered else None,
            groups=groups,
            workers=wanted.workers,
            progress=progress,
        )
    found: dict[str, Any] = {
        "base": _base(base),
        **identity,
        "split": "train",
        "validation_records": len(validation),
        "left_out": silent,
        "simulated": source.simulated,
        "recipe": wanted.recipe.to_json(),
        "result": result,
        "versions": versions(),
    }
    if not first:
        return found
    (out / RECORDS).write_text("\n".join(ids) + "\n", encoding="utf-8")
    (out / CARD).write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (out / "README.md").write_text(card(found, out), encoding="utf-8")
    plot(out)
    return found


def _base(base: Checkpoint) -> dict[str, str]:
    return {"name": base.base, "weights": base.weights}


def _finished(out: Path, wanted: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what a folder says of this very training, where it is finished; `None` where there is work to do."""
    found = card_of(out) if (out / WEIGHTS).is_file() else {}
    same = found and all(found.get(key) == json.loads(json.dumps(value)) for key, value in wanted.items())
    return found if same else None


def _start_over(out: Path) -> None:
    """Empty a folder that holds a training; any other is left as it is, to be refused."""
    import shutil

    from einthoven.adapters.lora.identity import IDENTITY

    if (out / IDENTITY).is_file():
        shutil.rmtree(out)
