import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from einthoven.leaderboard.slugs import slug

_SAFE = re.compile(r"[a-z0-9][a-z0-9._~-]*")


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("openai/gpt-5.5", "openai--gpt-5.5"),
        ("openrouter/google/gemini-3.1-flash-lite", "openrouter--google--gemini-3.1-flash-lite"),
        ("baseline/majority", "baseline--majority"),
    ],
)
def test_ordinary_names_stay_readable(name: str, file: str) -> None:
    assert slug(name) == file


_NAMES = st.text(max_size=120) | st.text(st.sampled_from("ab-./~A\\: \0"), max_size=12)


@given(_NAMES)
@example("../../etc/passwd")
@example("..")
@example("con")
@example("a/../b")
@example("a/.git/b")
@example("")
@example("\ud800")
def test_no_name_leaves_the_folder(name: str) -> None:
    file = slug(name)
    assert _SAFE.fullmatch(file)
    assert ".." not in file.split("--")
    assert len(file) <= 100
    assert file.isascii()


@given(_NAMES, _NAMES)
@example("a/b-c", "a-b/c")
@example("a/b", "a--b")
@example("a/b", "A/b")
@example("a//b", "a/-b")
@example("x/a" * 40, "x/a" * 41)
def test_two_names_are_two_files(one: str, other: str) -> None:
    if one != other:
        assert slug(one) != slug(other)
