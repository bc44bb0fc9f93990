"""The asking itself, with adapters made for one fault each."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from einthoven.bench.arms import arm
from einthoven.bench.ask import Question, ask, cache_key
from einthoven.bench.journal import Journal
from einthoven.bench.sources.source import Entry
from einthoven.ecg.patient import Patient
from einthoven.ecg.reading import AXES, AxisTruth, Truth
from einthoven.errors import EinthovenError
from einthoven.exchange import Answer, Input, Request, Status

NOTHING = Truth({axis: AxisTruth() for axis in AXES})


class Made:
    """Answers by a list of what to do; the last goes on."""

    name = "made/up"
    parameters: Mapping[str, Any] = {}
    concurrency = 16

    def __init__(self, *script: Answer | Exception, looks: frozenset[Input] = frozenset()) -> None:
        self.inputs = looks
        self.calls = 0
        self._script = script

    async def answer(self, request: Request) -> Answer:
        self.calls += 1
        now = self._script[min(self.calls, len(self._script)) - 1]
        await asyncio.sleep(0.01)
        if isinstance(now, Exception):
            raise now
        return now

    async def close(self) -> None:
        pass


def run(adapter: Made, folder: Path, count: int = 40) -> list[dict[str, Any]]:
    questions = [Question(Entry(str(k), Patient(str(k)), NOTHING, "test"), arm("image"), 0) for k in range(count)]
    rows: list[dict[str, Any]] = []

    async def prepare(question: Question) -> tuple[Request, str, str]:
        request = Request(question.entry.id, "image", "dense", "prompt")
        return request, cache_key(adapter, request, 0, "1", "d"), "d"

    with Journal(folder) as journal:
        asyncio.run(ask(adapter, questions, prepare, journal, {}, lambda row: rows.append(dict(row))))
        assert list(journal.rows()) == rows
    return rows


def test_equal_requests_are_asked_once(tmp_path: Path) -> None:
    adapter = Made(Answer("yes"))
    rows = run(adapter, tmp_path)
    assert adapter.calls == 1
    assert {row["status"] for row in rows} == {"ok"}
    assert len(rows) == 40


def test_a_shared_request_that_failed_counts_once_and_leaves_the_others_open(tmp_path: Path) -> None:
    adapter = Made(Answer("", Status.API_ERROR, detail="503"), Answer("yes"))
    rows = run(adapter, tmp_path)
    assert [row["status"] for row in rows].count("api_error") == 1
    assert adapter.calls == 2
    assert [row["status"] for row in rows].count("ok") >= 1


def test_an_adapter_that_raises_has_failed_at_that_request_alone(tmp_path: Path) -> None:
    adapter = Made(ValueError("no such\nthing"), Answer("yes"), looks=frozenset({Input.RECORD}))
    rows = run(adapter, tmp_path)
    failed = [row for row in rows if row["status"] == "api_error"]
    assert [row["detail"] for row in failed] == ["ValueError: no such thing"]
    assert len(rows) == 40


def test_an_error_for_people_goes_through_as_it_is(tmp_path: Path) -> None:
    adapter = Made(EinthovenError("the key is wrong", "set it"), looks=frozenset({Input.RECORD}))
    with pytest.raises(EinthovenError, match="the key is wrong"):
        run(adapter, tmp_path)


def test_who_looks_at_the_record_is_asked_for_each(tmp_path: Path) -> None:
    adapter = Made(Answer("yes"), looks=frozenset({Input.RECORD}))
    run(adapter, tmp_path, 7)
    assert adapter.calls == 7
