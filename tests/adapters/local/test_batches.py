"""Requests gathered into batches; no model."""

import asyncio
import threading
import time
from collections.abc import Sequence
from typing import Any

import pytest

from einthoven.adapters.local.batches import Batches
from einthoven.adapters.local.generation import Generated
from einthoven.exchange import Request, Status


def request(number: int, pictures: int = 1) -> Request:
    return Request(f"r{number}", "image", "dense", f"prompt {number}", images=(b"png",) * pictures)


class Model:
    """Answers after a moment, and writes down what it was given."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds
        self.batches: list[list[str]] = []
        self.prepared_by: set[str] = set()
        self.worked_by: set[str] = set()

    def prepare(self, requests: Sequence[Request]) -> list[str]:
        self.prepared_by.add(threading.current_thread().name)
        return [one.record_id for one in requests]

    def work(self, requests: Sequence[Request], tensors: Any) -> list[Generated]:
        self.worked_by.add(threading.current_thread().name)
        assert tensors == [one.record_id for one in requests]
        assert len({len(one.images) for one in requests}) == 1
        self.batches.append(tensors)
        time.sleep(self.seconds)
        return [Generated(one.prompt, Status.OK, 1, 1) for one in requests]


def ask(model: Model, most: int, requests: Sequence[Request], apart: float = 0.0) -> list[Any]:
    batches = Batches(most, model.prepare, model.work)

    async def one(number: int, wanted: Request) -> Generated:
        await asyncio.sleep(number * apart)
        return await batches.answer(wanted)

    async def everything() -> list[Any]:
        try:
            return await asyncio.gather(*[one(k, r) for k, r in enumerate(requests)], return_exceptions=True)
        finally:
            await batches.close()

    return asyncio.run(asyncio.wait_for(everything(), 20))


def test_everyone_gets_their_own_answer_out_of_full_batches() -> None:
    model = Model()
    found = ask(model, 4, [request(k) for k in range(12)])
    assert [one.text for one in found] == [f"prompt {k}" for k in range(12)]
    assert [len(batch) for batch in model.batches] == [4, 4, 4]
    assert len(model.worked_by) == 1 and not model.worked_by & model.prepared_by


def test_a_part_of_a_batch_is_not_kept_waiting() -> None:
    model = Model()
    began = time.monotonic()
    assert len(ask(model, 8, [request(k) for k in range(3)])) == 3
    assert [len(batch) for batch in model.batches] == [3]
    assert time.monotonic() - began < 5


def test_while_the_model_works_a_full_batch_gathers() -> None:
    model = Model(seconds=0.4)
    ask(model, 4, [request(k) for k in range(9)], apart=0.02)
    # The first few start the idle model; those that come one by one while it works are answered in fours.
    assert len(model.batches[1]) == 4
    assert sum(map(len, model.batches)) == 9


def test_requests_with_and_without_pictures_are_kept_apart() -> None:
    model = Model()
    found = ask(model, 3, [request(k, pictures=k % 2) for k in range(8)])
    assert [one.text for one in found] == [f"prompt {k}" for k in range(8)]


@pytest.mark.parametrize("where", ["prepare", "work"])
def test_a_failure_reaches_its_batch_and_no_other(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    model = Model()
    real = getattr(model, where)

    def failing(requests: Sequence[Request], *rest: Any) -> Any:
        if any(one.record_id == "r1" for one in requests):
            raise RuntimeError("broken")
        return real(requests, *rest)

    monkeypatch.setattr(model, where, failing)
    found = ask(model, 2, [request(k) for k in range(4)])
    assert [isinstance(one, RuntimeError) for one in found] == [True, True, False, False]
