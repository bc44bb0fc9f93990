"""One run, from names to a bundle: render, ask, parse, journal, score."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import BrokenExecutor
from pathlib import Path
from typing import Any

from einthoven.adapters.majority import majority_reading
from einthoven.bench.announcement import announcement
from einthoven.bench.ask import Question, ask, cache_key
from einthoven.bench.bundle import BUNDLE_VERSION, Bundle, write_json, write_rows
from einthoven.bench.cost import Capped
from einthoven.bench.environment import environment, versions
from einthoven.bench.eyesight import eyesight
from einthoven.bench.journal import Journal
from einthoven.bench.live import LiveScore
from einthoven.bench.model import model_of, pretraining_overlap, refuse_the_taught
from einthoven.bench.pairs import FOLD, refuse_pairs_twice
from einthoven.bench.plan import must_measure, plan
from einthoven.bench.progress import Meter, announce
from einthoven.bench.result import result_of
from einthoven.bench.resume import known_rows, refuse_another_run, refuse_to_drop, run_identity, set_aside
from einthoven.bench.rows import answer_row, measurers, prompt_id, record_row
from einthoven.bench.selection import select
from einthoven.bench.settings import Settings, default_folder
from einthoven.bench.showing import Showing
from einthoven.bench.sources.check import fingerprint
from einthoven.bench.sources.registry import open_source
from einthoven.ecg.measurements import Measurements
from einthoven.errors import EinthovenError, Exit, RecordingFault
from einthoven.exchange import Adapter, Example, FactualAdapter, FittedAdapter, Input, PacedAdapter, Request, Status
from einthoven.renderers.registry import view
from einthoven.tasks.measurement_text import measurement_text
from einthoven.tasks.registry import task

__all__ = ["run"]


def _at(question: Question) -> tuple[str, str]:
    """Return where a question's answer belongs."""
    return question.entry.id, question.arm.name


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
    chosen = task(settings.task)
    view(settings.view)  # an unknown name is refused before anything is read
    refuse_pairs_twice(settings)
    adapter = model_of(settings)
    source = open_source(settings.data)
    folder = settings.out or default_folder(settings)
    measure, measure_learnt = must_measure(source, settings, adapter)
    chosen_records = select(source, settings, measure=measure, measure_learnt=measure_learnt)
    entries, report = chosen_records.entries, chosen_records.report
    refuse_the_taught(adapter, source, entries)
    fold_of, learn = chosen_records.fold_of, chosen_records.learn
    majorities = [majority_reading(examples, chosen) for examples in learn]
    identity = run_identity(settings, adapter, source, chosen, learn)
    planned = plan(settings, chosen, chosen_records)
    arms, questions, paired = planned.arms, planned.questions, planned.pairs
    variants = {_at(q): q.variant for q in questions if q.variant}
    digests = {entry.id: report.looks[entry.id].digest[:16] for entry in entries} | paired.digests()
    if settings.fresh and folder.is_dir():
        set_aside(folder)
    refuse_another_run(folder, identity)

    with Journal(folder) as journal:
        rows = known_rows(folder, journal)
        if isinstance(adapter, Capped):
            adapter.count(rows)
        told = {
            (row["record"], row["arm"]): row
            for row in rows
            # An answer about another signal under the same id is no answer to this question, nor one to another draw.
            if Status(row["status"]).final
            and digests.get(row["record"], row["digest"]) == row["digest"]
            and variants.get((row["record"], row["arm"]), row.get("variant", "")) == row.get("variant", "")
        }
        by_key = {row["key"]: row for row in told.values()}
        refuse_to_drop(told.keys() - {_at(q) for q in questions}, folder)
        open_ones = [q for q in questions if _at(q) not in told]
        if not journal.path.stat().st_size:
            journal.append({"identity": identity})
        announce(announcement(adapter, chosen, settings, source, chosen_records, planned, open_ones))

        showing = Showing(adapter, source, settings, paired, len(open_ones))
        empty = showing.blank() if any(one.pictures == "blank" for one in arms) else ()

        schema = chosen.schema()
        prompts = {one.name: chosen.prompt(one.intro) for one in arms}

        async def prepare(question: Question) -> tuple[Request, str, str]:
            try:
                return await request_of(question)
            except RecordingFault as error:  # it was usable when it was read before
                raise EinthovenError(
                    f"the files of record {question.entry.id} have changed: {error.fault.detail}",
                    "run the same command again: they are read anew, and nothing is asked twice",
                    Exit.INCOMPLETE,
                ) from None
            except BrokenExecutor:
                raise EinthovenError(
                    "a process that rendered pages was killed (out of memory?)",
                    "run the same command again with --jobs 1: nothing is asked twice",
                    Exit.INCOMPLETE,
                ) from None

        async def request_of(question: Question) -> tuple[Request, str, str]:
            entry, numbers = question.entry, question.printed or question.entry.measurements
            seen = question.shown or entry
            shown = await showing.of(question)
            prompt = prompts[question.arm.name]
            if question.arm.text:
                prompt = chosen.prompt(question.arm.intro, measurement_text(numbers or Measurements(), entry.patient))
            request = Request(
                record_id=entry.id,
                arm=question.arm.name,
                task=chosen.name,
                prompt=prompt,
                schema=schema,
                images=tuple(page.png for page in shown),
                image_ids=tuple(page.pixel_id for page in shown),
                recording=showing.recording(question),
                measurements=numbers if question.arm.text else None,
                patient=entry.patient if question.arm.text else None,
                truth=seen.truth if Input.TRUTH in adapter.inputs and question.arm.pictures == "view" else None,
            )
            key = cache_key(adapter, request, question.fold, chosen.version, digests[seen.id])
            return request, key, digests[entry.id]

        shown = "image" if "image" in settings.arms else ""
        live = LiveScore(chosen, entries, [majorities[fold_of[entry.id]] for entry in entries], shown)
        with Meter(f"asking {adapter.name}", len(questions)) as meter:
            for row in told.values():
                live.count(row)
            meter.advance(len(questions) - len(open_ones), live.line())

            def note() -> str:
                pace = adapter.pace() if isinstance(adapter, PacedAdapter) else ""
                return ", ".join(part for part in (live.line(), pace) if part)

            def arrived(row: Mapping[str, Any]) -> None:
                rows.append(dict(row))
                if Status(row["status"]).final:
                    told[row["record"], row["arm"]] = rows[-1]
                    by_key.setdefault(row["key"], rows[-1])
                live.count(row)
                meter.advance(1, note())

            try:
                asyncio.run(_ask_all(adapter, open_ones, learn, prepare, journal, by_key, arrived))
            finally:
                showing.close()
        journal.sync()
        failed = [q for q in questions if _at(q) not in told]
        if failed:
            last = next(row for row in reversed(rows) if not Status(row["status"]).final)
            raise EinthovenError(
                f"{len(failed)} of {len(questions)} requests failed, the last: {last.get('detail', 'no reason')}",
                "run the same command again: it asks only those",
                Exit.INCOMPLETE,
            )
        attempts: Counter[tuple[str, str]] = Counter()
        for row in rows:
            attempts[row["record"], row["arm"]] += row.get("attempts", 1)
        bundle = Bundle(
            run={
                "bundle_version": BUNDLE_VERSION,
                "identity": identity,
                "model": {"name": adapter.name, "inputs": sorted(adapter.inputs)},
                "provider": adapter.facts() if isinstance(adapter, FactualAdapter) else None,
                "data": {
                    "name": source.name,
                    "simulated": source.simulated,
                    "fingerprint": fingerprint(report),
                    "limit": settings.limit,
                    "folds": chosen_records.folds,
                    "measurers": measurers(entries, arms),
                    "faults": [{"id": f.record_id, "reason": f.reason, "detail": f.detail} for f in report.faults],
                },
                "arms": [one.name for one in arms],
                "prompts": {prompt_id(text): text for text in prompts.values()},
                "blank": [page.pixel_id for page in empty],
                **paired.facts(),
                "resolution": eyesight(adapter, showing.pages, source, entries, settings),
                "majority": [
                    {"fold": k, "train_records": len(learn[k]), "answer": chosen.target(reading)}
                    for k, reading in enumerate(majorities)
                ],
                "pretraining_overlap": pretraining_overlap(adapter.name),
                "versions": versions(),
                "environment": environment(),
            },
            records=[
                record_row(e, fold_of.get(e.id, FOLD), digests[e.id], told, planned.contradictions.row(e))
                for e in (*entries, *paired.entries)
            ],
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
