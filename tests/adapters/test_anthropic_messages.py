"""The adapter of Anthropic's SDK against a real server on this machine."""

import base64
import json

import pytest
from api_case import KEY, ask, png, request
from api_server import NORMAL, ApiServer, Deed, failure, message

from einthoven.adapters.registry import create
from einthoven.errors import EinthovenError
from einthoven.exchange import Status, Usage
from einthoven.tasks.registry import task

pytest.importorskip("anthropic", reason="the anthropic SDK is not installed: pip install 'einthoven[anthropic]'")

MODEL = "anthropic/claude-opus-4-7"


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)


def test_what_is_sent_and_what_comes_back() -> None:
    with ApiServer() as server:
        [answer] = ask(f"{MODEL}?effort=low&max_tokens=900", server.url, [request(pictures=12)])
        [seen] = server.seen
    assert (answer.status, answer.text) == (Status.OK, NORMAL)
    assert answer.usage.cost_usd == pytest.approx((1500 * 5 + 60 * 25) / 1e6)
    assert seen.path == "/v1/messages"
    assert KEY in (seen.headers.get("x-api-key", "") + seen.headers.get("authorization", ""))
    assert [base64.b64decode(text) for text in seen.pictures] == [png(shade) for shade in range(12)]
    assert seen.content[-1] == {"type": "text", "text": task("dense").prompt()}
    assert (seen.body["model"], seen.body["max_tokens"]) == ("claude-opus-4-7", 900)
    assert seen.body["output_config"]["effort"] == "low"
    assert seen.body["output_config"]["format"]["type"] == "json_schema"
    assert "uniqueItems" not in json.dumps(seen.body["output_config"])


def test_cached_input_is_counted_and_cache_writes_have_no_known_price() -> None:
    with ApiServer(lambda seen: message(input_tokens=100, cache_read_input_tokens=900, output_tokens=10)) as server:
        [answer] = ask("anthropic/claude-opus-5", server.url)
    assert answer.usage == Usage(1000, 10, pytest.approx((100 * 5 + 900 * 0.5 + 10 * 25) / 1e6), 900)
    with ApiServer(lambda seen: message(input_tokens=100, cache_creation_input_tokens=9, output_tokens=1)) as server:
        assert ask(MODEL, server.url)[0].usage == Usage(109, 1, None)


@pytest.mark.parametrize(
    ("deed", "status", "text"),
    [
        (message("", "refusal"), Status.DECLINED, ""),
        (message("{", "max_tokens"), Status.TRUNCATED, "{"),
        (message("", "end_turn"), Status.EMPTY, ""),
        (message("Sure: {}", "end_turn"), Status.OK, "Sure: {}"),
    ],
)
def test_what_an_answer_becomes(deed: Deed, status: Status, text: str) -> None:
    with ApiServer(lambda seen: deed) as server:
        [answer] = ask(MODEL, server.url)
    assert (answer.status, answer.text) == (status, text)


@pytest.mark.parametrize(
    ("deed", "asked", "detail"),
    [
        (failure(401, f"invalid x-api-key {KEY}"), 1, "HTTP 401: invalid x-api-key [key]"),
        (failure(404, "model: claude-9"), 1, "HTTP 404: model: claude-9"),
        (failure(529, "Overloaded"), 2, "HTTP 529: Overloaded"),
        (failure(429, "an hour", retry_after="3600"), 1, "HTTP 429: an hour"),
        (Deed(body=b"<html>hello</html>"), 1, "no JSON: hello"),
        (Deed(body=b"\xff\xfe{}"), 1, "not UTF-8"),
        (Deed(body=b'{"type": "error", "error": {"message": "overloaded"}}'), 1, "the provider failed: overloaded"),
        (Deed(200, message().body, cut_at=30), 2, "connection failed"),
        (Deed(200, message().body, latency=1.0), 2, "no answer within 0.3 s"),
    ],
)
def test_what_is_no_answer_is_an_attempt_with_its_reason(deed: Deed, asked: int, detail: str) -> None:
    with ApiServer(lambda seen: deed) as server:
        [answer] = ask(f"{MODEL}?retries=1", server.url, timeout=0.3 if deed.latency else 20)
        assert len(server.seen) == asked
    assert answer.status is Status.API_ERROR
    assert detail in answer.detail
    assert KEY not in answer.detail


def test_parameters_without_a_place_are_refused() -> None:
    with pytest.raises(EinthovenError, match="anthropic takes no seed"):
        create(f"{MODEL}?seed=1")
