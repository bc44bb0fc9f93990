"""The chat-completion adapters against a real server on this machine."""

import base64
import json

import pytest
from api_case import KEY, ask, png, request
from api_server import NORMAL, ApiServer, Deed, chat, failure

from einthoven.exchange import Status, Usage
from einthoven.tasks.registry import task
from einthoven.tasks.task import InvalidAnswer

pytest.importorskip("openai", reason="the openai SDK is not installed: pip install 'einthoven[api]'")

MODEL = "openai/gpt-5.5"


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENROUTER_API_KEY", "GEMINI_API_KEY"):
        monkeypatch.setenv(name, KEY)
    monkeypatch.delenv("COMPATIBLE_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_ORG_ID", raising=False)


@pytest.mark.parametrize("pictures", [1, 12])
def test_what_is_sent_and_what_comes_back(pictures: int) -> None:
    usage = {"prompt_tokens": 2000, "completion_tokens": 50, "prompt_tokens_details": {"cached_tokens": 1000}}
    with ApiServer(lambda seen: chat(usage=usage)) as server:
        [answer] = ask(f"{MODEL}?effort=low&seed=7&detail=high", server.url + "/v1", [request(pictures=pictures)])
        [seen] = server.seen
    assert (answer.status, answer.text) == (Status.OK, NORMAL)
    # 1,000 fresh at $5, 1,000 cached at $0.50, 50 out at $30 a million
    assert answer.usage.cost_usd == pytest.approx((1000 * 5 + 1000 * 0.5 + 50 * 30) / 1e6)
    assert answer.usage == Usage(2000, 50, answer.usage.cost_usd, 1000)
    assert answer.latency_s is not None and 0 < answer.latency_s < 10
    assert seen.path == "/v1/chat/completions"
    assert seen.headers["authorization"] == f"Bearer {KEY}"
    assert seen.headers["content-type"] == "application/json"
    assert [base64.b64decode(text) for text in seen.pictures] == [png(shade) for shade in range(pictures)]
    assert seen.content[0] == {"type": "text", "text": task("dense").prompt()}
    assert {part["image_url"]["detail"] for part in seen.content[1:]} == {"high"}
    body = {key: value for key, value in seen.body.items() if key not in ("messages", "response_format")}
    assert body == {"model": "gpt-5.5", "max_completion_tokens": 16384, "reasoning_effort": "low", "seed": 7}
    form = seen.body["response_format"]["json_schema"]
    assert form["strict"] is True and form["name"] == "dense_answer"
    assert "uniqueItems" not in json.dumps(form)


def test_what_each_provider_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "org-mine")
    with ApiServer() as server:
        ask("openrouter/qwen/qwen3-vl-8b?effort=low", server.url)
        ask("openrouter/qwen/qwen3-vl-8b?schema=none", server.url)
        ask("google/gemini-3.1-flash-lite?temperature=0", server.url)
        ask("compatible/Qwen/Qwen3-VL-8B", server.url)
        ask("openai/gpt-5.5", server.url)
        routed, plain, google, own, _ = server.seen
    assert routed.body["model"] == "qwen/qwen3-vl-8b"
    assert routed.body["reasoning"] == {"effort": "low"}
    assert routed.body["provider"] == {"require_parameters": True}
    assert routed.body["usage"] == {"include": True}
    assert "provider" not in plain.body and "response_format" not in plain.body
    assert google.body["max_tokens"] == 16384 and google.body["temperature"] == 0
    assert own.body["model"] == "Qwen/Qwen3-VL-8B"
    assert "max_tokens" not in own.body  # a server counts prompt and limit together
    assert own.headers["authorization"] == "Bearer none"
    # The organization is OpenAI's business only.
    assert [("openai-organization" in seen.headers) for seen in server.seen] == [False] * 4 + [True]


def test_a_charge_that_the_provider_names_is_taken_and_an_unknown_price_is_unknown() -> None:
    with ApiServer(lambda seen: chat(usage={"prompt_tokens": 10, "completion_tokens": 5, "cost": 0.0125})) as server:
        assert ask("openrouter/a/b", server.url)[0].usage == Usage(10, 5, 0.0125)
    with ApiServer(lambda seen: chat(usage={"prompt_tokens": 10, "completion_tokens": 5})) as server:
        assert ask("openrouter/a/b", server.url)[0].usage == Usage(10, 5, None)
        assert ask("compatible/a", server.url)[0].usage == Usage(10, 5, None)
    with ApiServer(lambda seen: chat(usage={"prompt_tokens": "many"})) as server:
        assert ask(MODEL, server.url)[0].usage == Usage()


@pytest.mark.parametrize(
    ("deed", "status", "text", "detail"),
    [
        (
            chat(None, refusal="I will not read this."),
            Status.DECLINED,
            "I will not read this.",
            "I will not read this.",
        ),
        (chat("", "content_filter"), Status.DECLINED, "", "content_filter"),
        (chat("", "content_filter: SAFETY"), Status.DECLINED, "", "content_filter: SAFETY"),
        (
            failure(400, "violates our policy", "content_policy_violation"),
            Status.DECLINED,
            "",
            "HTTP 400: violates our",
        ),
        (chat('{"rate": "nor', "length"), Status.TRUNCATED, '{"rate": "nor', "limit of output tokens"),
        (chat(""), Status.EMPTY, "", "finish_reason stop"),
        (chat(" \n"), Status.EMPTY, " \n", "finish_reason stop"),
        (Deed(body=b'{"choices": []}'), Status.EMPTY, "", "no choice"),
        (Deed(body=b'{"choices": [null]}'), Status.EMPTY, "", "no choice"),
        (
            chat(None, content=[{"type": "text", "text": "in "}, {"type": "text", "text": "parts"}]),
            Status.OK,
            "in parts",
            "",
        ),
        (chat("half of a pair: \ud83d"), Status.OK, "half of a pair: \ufffd", ""),
    ],
)
def test_what_an_answer_becomes(deed: Deed, status: Status, text: str, detail: str) -> None:
    with ApiServer(lambda seen: deed) as server:
        [answer] = ask(MODEL, server.url)
        assert len(server.seen) == 1  # none of these is asked again
    assert (answer.status, answer.text) == (status, text)
    assert detail in answer.detail
    answer.text.encode()


def test_prose_around_the_json_is_an_answer_and_the_parser_s_business() -> None:
    with ApiServer(lambda seen: chat(f"Looking at the ECG, I would say {NORMAL}. Consult a physician.")) as server:
        [answer] = ask(MODEL, server.url)
    assert answer.status is Status.OK
    try:
        assert task("dense").parse(answer.text).rhythm == "sinus"
    except InvalidAnswer as error:
        assert str(error)


@pytest.mark.parametrize(
    ("deed", "asked", "detail"),
    [
        (failure(401, f"Incorrect API key provided: {KEY}."), 1, "HTTP 401: Incorrect API key provided: [key]."),
        (failure(403, "your country is not supported"), 1, "HTTP 403: your country is not supported"),
        (failure(404, "The model `gpt-9` does not exist"), 1, "HTTP 404: The model `gpt-9` does not exist"),
        (failure(400, "image too\nlarge"), 1, "HTTP 400: image too large"),
        (failure(500, "internal"), 3, "HTTP 500: internal"),
        (failure(429, "slow down"), 3, "HTTP 429: slow down"),
        (failure(429, "come back in an hour", retry_after="3600"), 1, "HTTP 429: come back in an hour"),
        (
            Deed(502, b"<html><head><title>502 Bad Gateway</title></head><body><center>nginx</center></body></html>"),
            3,
            "HTTP 502: 502 Bad Gateway nginx",
        ),
        (Deed(307, b"", {"Location": "http://127.0.0.1:9/"}), 1, "HTTP 307"),
        (
            Deed(body=b"<!DOCTYPE html><html><body>Sign in to the hotel network</body></html>"),
            1,
            "no JSON: Sign in to",
        ),
        (Deed(body=b'{"choices": [{"message": {"content": "\xff\xfe"}}]}'), 1, "not UTF-8"),
        (Deed(body=b'{"choices": [{"mess'), 1, "no JSON"),
        (Deed(body=b""), 1, "no body"),
        (Deed(body=b"[1, 2]"), 1, "no object"),
        (Deed(body=b'{"object": "list"}'), 1, "no choices"),
        (Deed(body=b"[" * 100_000), 1, "no JSON"),
        (
            Deed(body=b'{"error": {"message": "upstream is down", "code": 502}}'),
            1,
            "the provider failed: upstream is down",
        ),
        (chat("{", "error"), 1, "the provider failed"),
        (Deed(200, chat().body, cut_at=40), 3, "connection failed"),
        (Deed(200, chat().body, latency=1.0), 3, "no answer within 0.3 s"),
    ],
)
def test_what_is_no_answer_is_an_attempt_with_its_reason(deed: Deed, asked: int, detail: str) -> None:
    with ApiServer(lambda seen: deed) as server:
        [answer] = ask(f"{MODEL}?retries=2", server.url, timeout=0.3 if deed.latency else 20)
        assert len(server.seen) == asked
    assert (answer.status, answer.text) == (Status.API_ERROR, "")
    assert detail in answer.detail
    assert "\n" not in answer.detail and KEY not in answer.detail


def test_nobody_is_there() -> None:
    with ApiServer() as server:
        url = server.url
    [answer] = ask(f"{MODEL}?retries=0", url)
    assert answer.status is Status.API_ERROR
    assert answer.detail.startswith("connection failed: ConnectError")


def test_a_server_that_fails_once_is_asked_again() -> None:
    with ApiServer(lambda seen: chat() if seen.number else failure(500)) as server:
        [answer] = ask(MODEL, server.url)
        assert len(server.seen) == 2
    assert answer.status is Status.OK
    assert answer.usage.cost_usd is not None
