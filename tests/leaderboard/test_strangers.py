import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from einthoven.leaderboard.strangers import visible

_ANY = st.text(st.characters(), max_size=200)  # surrogates and unassigned characters too


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("openai/gpt-5.5", "openai/gpt-5.5"),
        ("a\u202egnp.exe", "a\\u202egnp.exe"),
        ("a\u200bb", "a\\u200bb"),
        ("one\ntwo\x1b[31m\x00", "one\\u000atwo\\u001b[31m\\u0000"),
        ("\ud800", "\\ud800"),
        ("", "(blank: 0 characters)"),
        ("  \t", "(blank: 3 characters)"),
        ("null", "null"),
        ("مرحبا", "مرحبا"),
        ("🫀 model", "🫀 model"),
        ("e\u0301", "e\u0301"),
        ("Z" + "\u0301" * 5, "Z\u0301\u0301\u0301\\u0301\\u0301"),
        ("x" * 5000, "x" * 80 + "… (5,000 characters)"),
    ],
)
def test_examples(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(_ANY, st.integers(1, 50))
def test_shown_is_short_printable_and_encodable(text: str, limit: int) -> None:
    shown = visible(text, limit)
    assert shown.strip()
    assert len(shown) <= 10 * limit + 40
    assert not {unicodedata.category(c) for c in shown} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    shown.encode()


@given(_ANY, _ANY)
def test_names_that_differ_look_different(one: str, other: str) -> None:
    if one != other and "\\" not in one + other and one.strip() and other.strip():
        assert visible(one, 200) != visible(other, 200)
