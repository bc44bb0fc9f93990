"""The shared pause: when one request is told to wait, all wait."""

import asyncio
import time
from email.utils import formatdate

import pytest
from api_case import KEY, request
from api_server import ApiServer, chat, failure

from einthoven.adapters.pause import told_to_wait
from einthoven.adapters.provider import Line
from einthoven.adapters.registry import create
from einthoven.exchange import Status

MODEL = "openai/gpt-5.5"


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("openai", reason="the openai SDK is not installed: pip install 'einthoven[api]'")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)


def test_when_one_is_told_to_wait_all_wait() -> None:
    wait = 1.5
    with ApiServer(lambda seen: failure(429, retry_after=str(wait)) if seen.number == 0 else chat()) as server:

        async def one_then_the_others() -> list[Status]:
            adapter = create(MODEL, Line(base_url=server.url))
            first = asyncio.create_task(adapter.answer(request("first")))
            while not server.seen:
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.2)
            others = [asyncio.create_task(adapter.answer(request(f"r{k}"))) for k in range(8)]
            done = [(await one).status for one in (first, *others)]
            await adapter.close()
            return done

        statuses = asyncio.run(one_then_the_others())
        told, *later = [seen.at for seen in server.seen]
    assert statuses == [Status.OK] * 9
    assert len(later) == 9
    # Not one of the eight others was sent while the first was waiting.
    assert min(later) - told >= wait - 0.02
    assert max(later) - told < wait + 1.5


def test_the_pause_takes_milliseconds_and_dates() -> None:
    assert told_to_wait({"retry-after-ms": "250", "retry-after": "9"}) == 0.25
    assert told_to_wait({"retry-after": "2.5"}) == 2.5
    assert told_to_wait({"retry-after": formatdate(time.time() + 30, usegmt=True)}) == pytest.approx(30, abs=2)
    for nothing in (
        {},
        {"retry-after": "soon"},
        {"retry-after": "-3"},
        {"retry-after": "nan"},
        {"retry-after": "inf"},
    ):
        assert told_to_wait(nothing) is None
