"""The asking: requests prepared ahead, so many in flight, every answer into the journal as it arrives."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from einthoven.adapters.local.twin import TWIN, TWINS
from einthoven.bench.arms import Arm
from einthoven.bench.journal import Journal
from einthoven.bench.sources.source import Entry
from einthoven.ecg.measurements import Measurements
from einthoven.errors import EinthovenError, Exit
from einthoven.exchange import Adapter, Answer, FittedAdapter, Input, Request, Status, Usage

__all__ = ["Question", "ask", "cache_key"]

#: So many failures in a row, and not one answer since the start: the key is wrong or the server is down.
_HOPELESS = 20

#: What an answer costs that was asked for another record already: nothing, and that is known.
_SHARED = Usage(0, 0, 0.0)


@dataclass(frozen=True, slots=True)
class Question:
    """One record in one arm.

    Attributes
    ----------
    entry : Entry
        The record under whose id the answer is filed.
    arm : Arm
        How it is asked about.
    fold : int
        Whose training records a fitted adapter has learnt from.
    shown : Entry or None
        Whose picture is shown, where it is not the record's own.
    printed : Measurements or None
        What is printed, where it is not what was measured.
    variant : str
        What of that was drawn, by name; an answer to another variant is no answer to this question.
    """

    entry: Entry
    arm: Arm
    fold: int
    shown: Entry | None = None
    printed: Measurements | None = None
    variant: str = ""


def cache_key(adapter: Adapter, request: Request, fold: int, task_version: str, digest: str) -> str:
    """Return what makes two requests the same to this adapter.

    It holds the model, its parameters, the task's version, and of the rest only what the adapter looks at.
    """
    looked_at: dict[str, Any] = {
        Input.PROMPT: request.prompt,
        Input.IMAGE: request.image_ids,
        Input.SIGNAL: digest if request.recording is not None else "",
        Input.MEASUREMENTS: repr(request.measurements),
        Input.PATIENT: repr(request.patient),
        Input.RECORD: request.record_id,
        Input.TRUTH: None if request.truth is None else request.truth.to_json(),
    }
    parts: list[Any] = [adapter.name, dict(adapter.parameters), request.task, task_version]
    parts.append(fold if isinstance(adapter, FittedAdapter) else None)
    if request.arm in TWINS:  # another model answers it
        parts.append(TWIN)
    parts.append({name: looked_at[name] for name in sorted(adapter.inputs)})
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:20]


def _row(question: Question, key: str, digest: str, request: Request, answer: Answer) -> dict[str, Any]:
    row: dict[str, Any] = {
        "record": question.entry.id,
        "arm": question.arm.name,
        "key": key,
        "status": str(answer.status),
        "text": answer.text,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    row["digest"] = digest
    if question.variant:
        row["variant"] = question.variant
    if request.image_ids:
        row["images"] = list(request.image_ids)
    if answer.latency_s is not None:
        row["latency_s"] = round(answer.latency_s, 3)
    usage = answer.usage
    if usage != Usage():
        row["usage"] = [usage.input_tokens, usage.output_tokens, usage.cost_usd]
        if usage.cached_tokens:
            row["usage"].append(usage.cached_tokens)
    if answer.detail:
        row["detail"] = answer.detail[:500]
    return row


async def ask(
    adapter: Adapter,
    questions: Sequence[Question],
    prepare: Callable[[Question], Awaitable[tuple[Request, str, str]]],
    journal: Journal,
    known: Mapping[str, Mapping[str, Any]],
    arrived: Callable[[Mapping[str, Any]], None],
) -> None:
    """Ask every question, `adapter.concurrency` at a time.

    Parameters
    ----------
    adapter : Adapter
        Who is asked.
    questions : sequence of Question
        What is still open; all of one fold.
    prepare : callable
        Makes the request of a question, its cache key, and the digest of the record's signal.
    journal : Journal
        Where every answer goes as it arrives.
    known : mapping of str to row
        Final answers by cache key: what is there is not asked again.
    arrived : callable
        Called with each row after it stands in the journal.

    Raises
    ------
    EinthovenError
        The journal cannot be written, or the first 20 attempts all failed.
    """
    asking: dict[str, asyncio.Future[Answer]] = {}
    gate = asyncio.Semaphore(adapter.concurrency)
    waiting = iter(questions)
    failures = 0
    answered = False

    async def answer_of(key: str, request: Request) -> Answer | None:
        """Return the answer; nothing where an equal request was under way and failed: it stays open, uncounted."""
        if key in known:
            row = known[key]
            return Answer(row["text"], Status(row["status"]), _SHARED if "usage" in row else Usage())
        if key in asking:
            found = await asyncio.shield(asking[key])
            if not found.status.final:
                return None
            return found if found.usage == Usage() else replace(found, usage=_SHARED, latency_s=None)
        future = asking[key] = asyncio.get_running_loop().create_future()
        try:
            async with gate:
                found = await adapter.answer(request)
        except (OSError, RuntimeError, ValueError, TypeError, LookupError, AttributeError) as error:
            # An adapter that raises has failed at this request; the others may still be answered.
            detail = " ".join(f"{type(error).__name__}: {error}".split())
            found = Answer("", Status.API_ERROR, detail=detail[:300])
        except BaseException as error:
            future.set_exception(error)
            future.exception()  # looked at: nobody may be waiting for it
            raise
        future.set_result(found)
        if not found.status.final:
            del asking[key]
        return found

    async def worker() -> None:
        nonlocal failures, answered
        for question in waiting:
            request, key, digest = await prepare(question)
            answer = await answer_of(key, request)
            if answer is None:
                continue
            row = _row(question, key, digest, request, answer)
            journal.append(row)
            arrived(row)
            answered = answered or answer.status.final
            failures += not answer.status.final
            if failures >= _HOPELESS and not answered:
                raise EinthovenError(
                    f"the first {failures} requests to {adapter.name} all failed: {answer.detail}",
                    "mend that and run the same command again: it goes on from here",
                    Exit.INCOMPLETE,
                )

    # Twice as many workers as may be in flight: while one half waits for answers, the other prepares its pages.
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(min(2 * adapter.concurrency + 2, len(questions))):
                group.create_task(worker())
    except BaseExceptionGroup as errors:
        first: BaseException = errors
        while isinstance(first, BaseExceptionGroup):
            first = first.exceptions[0]
        raise first from None
