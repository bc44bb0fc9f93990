"""One run, from names to a bundle: render, ask, parse, journal, score."""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from pathlib import Path
from typing import Any

from einthoven.adapters.majority import majority_reading
from einthoven.adapters.registry import create
from einthoven.bench.arms import arm
from einthoven.bench.ask import Question, ask, cache_key
from einthoven.bench.bundle import Bundle, read_bundle, write_json, write_rows
from einthoven.bench.environment import environment, versions
from einthoven.bench.journal import Journal
from einthoven.bench.live import LiveScore
from einthoven.bench.pages import Pages
from einthoven.bench.progress import Meter
from einthoven.bench.result import result_of
from einthoven.bench.rows import answer_row, prompt_id, record_row
from einthoven.bench.selection import CROSS_FIT, learning_folds, selected
from einthoven.bench.settings import Settings, default_folder
from einthoven.bench.sources.check import fingerprint
from einthoven.bench.sources.registry import open_source
from einthoven.bench.sources.source import Source
from einthoven.errors import EinthovenError, Exit
from einthoven.exchange import Adapter, Example, FittedAdapter, Input, Request, Status
from einthoven.renderers.registry import RENDERER_VERSION, view
from einthoven.tasks import taxonomy
from einthoven.tasks.registry import task
from einthoven.tasks.task import Task

__all__ = ["BUNDLE_VERSION", "run"]

#: The version of the bundle's files; raise it when a reader of the old ones would misread the new.
BUNDLE_VERSION = "1"


def _identity(settings: Settings, adapter: Adapter, source: Source, chosen: Task) -> dict[str, Any]:
    """Return what must be the same for two runs to share answers. Arms and limit may grow."""
    index = hashlib.sha256(b"\n".join(sorted(f"{e.id}/{e.patient.id}/{e.split}".encode() for e in source.entries)))
    return {
        "model": adapter.name,
        "parameters": dict(adapter.parameters),
        "data": {"name": source.name, "index": index.hexdigest()[:16], "split": settings.split},
        "task": {"name": chosen.name, "version": chosen.version},
        "view": {"name": settings.view, "version": RENDERER_VERSION},
        "taxonomy": taxonomy.version(),
    }


def _pretraining_overlap(model: str) -> str:
    """Say whether the model may have seen the test records in training; nobody declares it for APIs."""
    return "none" if model.startswith(("baseline/", "control/")) else "unknown"


def _at(question: Question) -> tuple[str, str]:
    """Return where a question's answer belongs."""
    return question.entry.id, question.arm.name


def _known_rows(folder: Path, journal: Journal, identity: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what earlier processes of this run were told; refuse another run's folder."""
    rows = list(journal.rows())
    before = rows.pop(0).get("identity") if rows else None
    earlier: list[dict[str, Any]] = []
    if all((folder / name).is_file() for name in ("run.json", "answers.jsonl.gz", "records.jsonl.gz")):
        finished = read_bundle(folder)
        before = before or finished.run["identity"]
        earlier = [dict(row, status=row["asked"]) for row in finished.answers]
    if before is not None and before != identity:
        other = next(key for key in identity if before.get(key) != identity[key])
        raise EinthovenError(
            f"{folder} holds another run: its {other} is {before.get(other)}, not {identity[other]}",
            "give another --out, or start over with --fresh",
        )
    if before is None or not journal.path.stat().st_size:
        journal.append({"identity": identity})
    return earlier + rows


def _refuse_to_drop(extra: Set[tuple[str, str]], folder: Path) -> None:
    """Refuse a command that would leave out answers that stand in the folder: they may have cost money."""
    if extra:
        record, name = min(extra)
        raise EinthovenError(
            f"{folder} has {len(extra)} answers that this command leaves out, such as {record} in arm {name}",
            "ask for them too (--limit, --arm), give another --out, or start over with --fresh",
        )


def run(settings: Settings) -> tuple[Path, dict[str, Any]]:
    """Run the benchmark on one model.

    Parameters
    ----------
    settings : Settings
        What to run.

    Returns
    -------
    folder : Path
        The bundle.
    result : dict
        What stands in its ``result.json``.

    Raises
    ------
    EinthovenError
        Bad names, unusable data, a folder that holds another run; with `Exit.INCOMPLETE` while requests remain that
        failed: the same command asks only those again.
    """
    arms = [arm(name) for name in settings.arms]
    chosen = task(settings.task)
    draw_blank = view(settings.view, blank=True)
    adapter = create(settings.model)
    source = open_source(settings.data)
    folder = settings.out or default_folder(settings)
    entries, report = selected(source, settings)
    fold_of, learn = learning_folds(source, entries)
    majorities = [majority_reading(examples) for examples in learn]
    identity = _identity(settings, adapter, source, chosen)

    with Journal(folder) as journal:
        if settings.fresh:
            journal.clear()
            for name in ("result.json", "run.json", "answers.jsonl.gz", "records.jsonl.gz"):
                (folder / name).unlink(missing_ok=True)
        rows = _known_rows(folder, journal, identity)
        told = {(row["record"], row["arm"]): row for row in rows if Status(row["status"]).final}
        by_key = {row["key"]: row for row in told.values()}
        questions = [Question(entry, one, fold_of[entry.id]) for one in arms for entry in entries]
        _refuse_to_drop(told.keys() - {_at(q) for q in questions}, folder)
        open_ones = [q for q in questions if _at(q) not in told]

        needs_pages = Input.IMAGE in adapter.inputs and any(q.arm.pictures == "view" for q in open_ones)
        pages = Pages(source, settings.view, len(open_ones), settings.jobs) if needs_pages else None
        empty = draw_blank() if Input.IMAGE in adapter.inputs and any(a.pictures == "blank" for a in arms) else ()

        prompt, schema = chosen.prompt(), chosen.schema()

        async def prepare(question: Question) -> tuple[Request, str]:
            entry, pictures = question.entry, question.arm.pictures
            shown = empty if pictures == "blank" else await pages.of(entry) if pages and pictures == "view" else ()
            sees_signal = Input.SIGNAL in adapter.inputs and pictures == "view"
            request = Request(
                record_id=entry.id,
                arm=question.arm.name,
                task=chosen.name,
                prompt=prompt,
                schema=schema,
                images=tuple(page.png for page in shown),
                image_ids=tuple(page.pixel_id for page in shown),
                recording=source.load(entry) if sees_signal else None,
            )
            return request, cache_key(adapter, request, question.fold, chosen.version, report.looks[entry.id].digest)

        live = LiveScore(chosen, entries, [majorities[fold_of[entry.id]] for entry in entries])
        with Meter(f"asking {adapter.name}", len(questions)) as meter:
            for row in told.values():
                live.count(row)
            meter.advance(len(questions) - len(open_ones), live.line())

            def arrived(row: Mapping[str, Any]) -> None:
                rows.append(dict(row))
                if Status(row["status"]).final:
                    told[row["record"], row["arm"]] = rows[-1]
                    by_key.setdefault(row["key"], rows[-1])
                live.count(row)
                meter.advance(1, live.line())

            try:
                asyncio.run(_ask_all(adapter, open_ones, learn, prepare, journal, by_key, arrived))
            finally:
                if pages is not None:
                    pages.close()
        journal.sync()
        failed = [q for q in questions if _at(q) not in told]
        if failed:
            last = next(row for row in reversed(rows) if not Status(row["status"]).final)
            raise EinthovenError(
                f"{len(failed)} of {len(questions)} requests failed, the last: {last.get('detail', 'no reason')}",
                "run the same command again: it asks only those",
                Exit.INCOMPLETE,
            )
        attempts = Counter((row["record"], row["arm"]) for row in rows)
        bundle = Bundle(
            run={
                "bundle_version": BUNDLE_VERSION,
                "identity": identity,
                "model": {"name": adapter.name, "inputs": sorted(adapter.inputs)},
                "data": {
                    "name": source.name,
                    "simulated": source.simulated,
                    "fingerprint": fingerprint(report),
                    "limit": settings.limit,
                    "folds": "official" if source.has_folds else f"{CROSS_FIT} patient folds, cross-fitted",
                    "faults": [{"id": f.record_id, "reason": f.reason, "detail": f.detail} for f in report.faults],
                },
                "arms": [one.name for one in arms],
                "prompts": {prompt_id(chosen): prompt},
                "blank": [page.pixel_id for page in empty],
                "majority": [
                    {"fold": k, "train_records": len(learn[k]), "answer": chosen.target(reading)}
                    for k, reading in enumerate(majorities)
                ],
                "pretraining_overlap": _pretraining_overlap(adapter.name),
                "versions": versions(),
                "environment": environment(),
            },
            records=[record_row(e, fold_of[e.id], report.looks[e.id].digest, told) for e in entries],
            answers=[answer_row(q, told[_at(q)], chosen, attempts[_at(q)]) for q in questions],
        )
        with Meter("scoring", 1) as meter:
            result = result_of(bundle)
            meter.advance()
        write_rows(folder / "answers.jsonl.gz", bundle.answers)
        write_rows(folder / "records.jsonl.gz", bundle.records)
        write_json(folder / "run.json", bundle.run)
        write_json(folder / "result.json", result)
        journal.path.unlink()
    return folder, result


async def _ask_all(
    adapter: Adapter, questions: Sequence[Question], learn: Sequence[Sequence[Example]], prepare: Any, *rest: Any
) -> None:
    """Ask fold by fold: a fitted adapter learns from the other folds first."""
    try:
        for fold, examples in enumerate(learn):
            of_fold = [question for question in questions if question.fold == fold]
            if of_fold and isinstance(adapter, FittedAdapter):
                adapter.fit(examples)
            if of_fold:
                await ask(adapter, of_fold, prepare, *rest)
    finally:
        await adapter.close()
