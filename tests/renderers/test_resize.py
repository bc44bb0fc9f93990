"""The resize rules: against the processors of transformers, and the worked numbers of the providers' guides."""

import importlib.util
import json
import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from einthoven.renderers.profile import Profile, profiles
from einthoven.renderers.resize import Resized, refusal, resized

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "image_processors.json").read_text(encoding="utf-8"))
PROCESSOR = [name for name, one in profiles().items() if one.basis == "processor"]
SIDES = st.integers(1, 9000)


def seen(profile: Profile, width: int, height: int) -> list[int | None]:
    """What the golden file has of a picture: width, height, tokens; nothing where it is refused."""
    if refusal(width, height, 1, profile):
        return [None, None, None]
    found = resized(width, height, profile)
    assert found.size is not None
    return [*found.size, found.tokens]


@pytest.mark.parametrize("name", PROCESSOR)
def test_rules_do_what_the_processors_did(name: str) -> None:
    rows = GOLDEN["rows"][name]
    assert len(rows) >= 40
    assert [[w, h, *seen(profiles()[name], w, h)] for w, h, *_ in rows] == rows


def test_the_golden_file_holds_every_measured_profile_and_refusals() -> None:
    assert sorted(GOLDEN["rows"]) == sorted(PROCESSOR)
    assert any(row[2] is None for row in GOLDEN["rows"]["qwen3-vl"])


@pytest.mark.skipif(
    importlib.util.find_spec("transformers") is None or importlib.util.find_spec("torch") is None,
    reason="needs the extra `local`: transformers and torch",
)
@pytest.mark.parametrize("name", PROCESSOR)
def test_rules_do_what_the_processors_do(name: str) -> None:
    from real_processors import processors

    see, profile = processors()[name], profiles()[name]

    @settings(max_examples=12, deadline=None, derandomize=True)
    @given(st.integers(4, 1200), st.integers(4, 1200))
    def agree(width: int, height: int) -> None:
        if refusal(width, height, 1, profile):
            with pytest.raises(ValueError, match="aspect ratio"):
                see(width, height)
        else:
            assert list(see(width, height)) == seen(profile, width, height)

    agree()


@pytest.mark.parametrize(
    ("name", "size", "billed"),
    [
        # OpenAI: 1024x1024 is 765 tokens, 2048x4096 is 1,105; 1800x2400 is 1,452 patches, 1024x1024 is 1,024.
        ("gpt-4o", (1024, 1024), 765),
        ("gpt-4o", (2048, 4096), 1105),
        ("gpt-4o", (512, 512), 255),
        ("gpt-4o-low", (4096, 8192), 85),
        ("gpt-5-mini", (1024, 1024), math.ceil(1024 * 1.62)),
        ("gpt-5-mini", (1800, 2400), math.ceil(1452 * 1.62)),
        ("gpt-5-nano", (1800, 2400), math.ceil(1452 * 2.46)),
        # Anthropic: 64 blocks for 200x200, 1,296 for 1000x1000; 1,560 at most for 1920x1080 on the standard tier.
        ("claude-standard", (200, 200), 64),
        ("claude-standard", (1000, 1000), 1296),
        ("claude-standard", (1920, 1080), 1560),
        ("claude-high", (2560, 1440), 4784),
        ("claude-high", (2200, 1700), 4758),
        ("gpt-5.5", (2200, 1700), 4472),
        ("gemini-3", (2200, 1700), 1120),
    ],
)
def test_guides_bill_so(name: str, size: tuple[int, int], billed: int) -> None:
    assert resized(*size, profiles()[name]).billed == (billed, billed)


def test_patches_are_counted_after_the_resize_of_the_guide() -> None:
    found = resized(1800, 2400, profiles()["gpt-5-mini"])
    assert (found.size, found.tokens) == ((1056, 1408), 1452)


@pytest.mark.parametrize("name", ["claude-standard", "claude-high"])
@settings(max_examples=200, deadline=None)
@given(SIDES, SIDES)
def test_blocks_are_the_largest_that_fit(name: str, width: int, height: int) -> None:
    n = profiles()[name].numbers
    found = resized(width, height, profiles()[name])
    assert found.size is not None and found.padded is not None and found.tokens is not None
    assert max(found.padded) <= n["edge"] and found.tokens <= n["blocks"]
    if found.size != (width, height):  # one pixel more on the long side would not fit
        k = 0 if width >= height else 1
        long = found.size[k] + 1
        short = max(1, round(long * min(width, height) / max(width, height)))
        blocks = [math.ceil(side / n["token"]) for side in (long, short)]
        assert max(blocks) * n["token"] > n["edge"] or math.prod(blocks) > n["blocks"] or long > max(width, height)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(profiles())), SIDES, SIDES)
def test_what_holds_of_every_rule(name: str, width: int, height: int) -> None:
    profile = profiles()[name]
    n, found = profile.numbers, resized(width, height, profile)
    assert isinstance(found, Resized)
    assert 0 < found.billed[0] <= found.billed[1]
    assert (found.size is None) == (profile.rule == "unsized")
    if found.size is None:
        return
    assert found.padded is not None and found.tokens is not None
    assert min(found.size) >= 1 and found.tokens >= 1
    assert all(pad >= side for pad, side in zip(found.padded, found.size, strict=True))
    if profile.rule in ("multiples", "budget"):
        assert all(side % n["token"] == 0 for side in found.size)
    if profile.rule == "budget":
        assert found.tokens <= n["tokens"]
    if profile.rule == "patches":
        assert found.tokens <= n["patches"] or min(width, height) == 1 or min(found.size) <= n["token"]
        assert found.size[0] <= width and found.size[1] <= height


def test_what_is_turned_away() -> None:
    claude, qwen, gpt = (profiles()[name] for name in ("claude-standard", "qwen3-vl", "gpt-5.6"))
    assert refusal(8000, 8000, 1, claude) == ""
    assert refusal(8001, 10, 1, claude) == "a side is longer than 8000 px"
    assert refusal(2001, 10, 20, claude) == ""
    assert refusal(2001, 10, 21, claude) == "a side is longer than 2000 px among 21 pictures"
    assert refusal(2000, 10, 1, qwen) == ""
    assert refusal(10, 2001, 1, qwen) == "one side is more than 200 times the other"
    assert refusal(5536, 5536, 1, gpt) == ""
    assert refusal(5600, 5600, 1, gpt) == "more than 30,000 patches"
    assert all(refusal(90_000, 1, 100, profiles()[name]) == "" for name in ("gemma-3", "gpt-4o", "gemini-3"))
