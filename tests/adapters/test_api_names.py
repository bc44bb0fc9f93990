"""Names, parameters, keys and SDKs of the models behind an API: what is wrong is said before anyone is asked."""

import sys

import pytest
from api_case import KEY

from einthoven.adapters.provider import Line
from einthoven.adapters.registry import create
from einthoven.errors import EinthovenError, Exit

pytest.importorskip("openai", reason="the openai SDK is not installed: pip install 'einthoven[api]'")

MODEL = "openai/gpt-5.5"


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENROUTER_API_KEY", "GEMINI_API_KEY"):
        monkeypatch.setenv(name, KEY)


@pytest.mark.parametrize(
    ("model", "unset", "problem", "remedy"),
    [
        (
            "openai/gpt-5.5",
            ["OPENAI_API_KEY"],
            "no key for openai: OPENAI_API_KEY is not set",
            "export OPENAI_API_KEY",
        ),
        (
            "google/gemini-3.5-flash",
            ["GEMINI_API_KEY", "GOOGLE_API_KEY"],
            "GEMINI_API_KEY and GOOGLE_API_KEY are not set",
            "export GEMINI_API_KEY",
        ),
    ],
)
def test_a_missing_key(
    model: str, unset: list[str], problem: str, remedy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in unset:
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(EinthovenError) as caught:
        create(model)
    assert problem in caught.value.problem
    assert remedy in caught.value.remedy
    assert caught.value.exit_code == Exit.MISSING


def test_a_key_with_a_line_break_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY[:10] + "\r\n" + KEY[10:])
    with pytest.raises(EinthovenError, match="no HTTP header takes") as caught:
        create(MODEL)
    assert KEY[:10] not in str(caught.value)


def test_a_missing_sdk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openai", None)
    with pytest.raises(EinthovenError, match="needs the package openai") as caught:
        create(MODEL)
    assert "pip install 'einthoven[api]'" in caught.value.remedy
    assert caught.value.exit_code == Exit.MISSING


@pytest.mark.parametrize(
    ("model", "problem"),
    [
        ("openai/", "which model of OpenAI?"),
        ("openai", "which model of OpenAI?"),
        ("compatible/m", "needs the address of a server"),
        ("openai/m?temperature=hot", "temperature=hot is no float"),
        ("openai/m?temperature=3", "between 0 and 2"),
        ("openai/m?max_tokens=0", "at least 1"),
        ("openai/m?schema=loose", "neither strict nor none"),
        ("openai/m?top_q=1", "no parameter of openai/m 'top_q'"),
        ("opneai/gpt-5.5", "no model 'opneai/gpt-5.5'"),
    ],
)
def test_a_wrong_name_or_parameter(model: str, problem: str) -> None:
    with pytest.raises(EinthovenError) as caught:
        create(model)
    assert problem in str(caught.value)
    assert caught.value.exit_code == Exit.USAGE


def test_names_and_identity() -> None:
    adapter = create("openrouter/a/b?temperature=0.5&retries=1", Line(concurrency=3))
    assert adapter.name == "openrouter/a/b?temperature=0.5"  # how often it is asked again changes no answer
    assert adapter.parameters == {"temperature": 0.5, "max_tokens": 16384, "schema": "strict"}
    assert adapter.concurrency == 3
    with pytest.raises(EinthovenError, match="--base-url does not go with it"):
        create("baseline/majority", Line(base_url="http://localhost/v1"))
    with pytest.raises(EinthovenError, match="is no address"):
        create("compatible/m", Line(base_url="localhost:8000"))
