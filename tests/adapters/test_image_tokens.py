"""Token estimates of pictures, against the providers' own worked numbers where there are any."""

import pytest
from api_case import png

from einthoven.adapters.image_tokens import image_tokens, png_size


def test_the_size_of_a_png_is_in_its_header() -> None:
    assert png_size(png(size=(2200, 17))) == (2200, 17)


@pytest.mark.parametrize(
    ("size", "tokens"),
    [  # OpenAI's guide: 1024x1024 is 765 tokens, 2048x4096 is 1,105
        ((1024, 1024), 765),
        ((2048, 4096), 1105),
        ((512, 512), 255),
    ],
)
def test_tiles_as_openai_counts_them(size: tuple[int, int], tokens: int) -> None:
    assert image_tokens("gpt-4o", *size) == (tokens, tokens)


@pytest.mark.parametrize(
    ("size", "tokens"),
    [  # Anthropic's guide: blocks of 28 px, 64 for 200x200, 1,296 for 1000x1000
        ((200, 200), 64),
        ((1000, 1000), 1296),
        ((2200, 1700), 44 * 34),
    ],
)
def test_blocks_as_anthropic_counts_them(size: tuple[int, int], tokens: int) -> None:
    assert image_tokens("claude-sonnet-4-6", *size) == (tokens, tokens)


def test_a_page_costs_a_later_claude_three_times_as_much() -> None:
    assert image_tokens("claude-opus-4-7", 2200, 1700) == (4758, 4758)


def test_a_page_costs_a_later_gpt_what_its_detail_asks_for() -> None:
    assert image_tokens("gpt-5.5", 2200, 1700) == (4472, 4472)
    assert image_tokens("openai/gpt-5.4?detail=original", 2200, 1700) == (4472, 4472)
    low, high = image_tokens("openai/gpt-5.4", 2200, 1700)
    assert low == high < 2500 * 1.2


@pytest.mark.parametrize(
    "name", ["gpt-5.5", "qwen/qwen3-vl-8b", "google/gemma-4-4b", "gemini-3.1-flash-lite", "who-knows"]
)
@pytest.mark.parametrize("size", [(2200, 1700), (1000, 640), (64, 64), (20_000, 100)])
def test_a_guess_is_a_range_of_whole_tokens(name: str, size: tuple[int, int]) -> None:
    low, high = image_tokens(name, *size)
    assert 0 < low <= high <= 20_000


def test_the_profile_that_fits_is_taken() -> None:
    assert image_tokens("google/gemma-3-27b", 2200, 1700) == (256, 256)
    assert image_tokens("medgemma-4b-it", 10, 10) == (256, 256)


def test_settings_of_a_server_widen_the_guess() -> None:
    low, high = image_tokens("Qwen/Qwen3-VL-8B-Instruct", 2200, 1700)
    assert (low, high) == (40 * 31, 69 * 53)
    low, high = image_tokens("google/gemma-4-4b", 2200, 1700)
    assert low <= 70 < 1000 < high <= 1120


def test_an_unknown_model_is_anything_with_open_weights() -> None:
    low, high = image_tokens("who-knows", 2200, 1700)
    assert low <= 70
    assert high == 79 * 61  # Qwen2.5-VL, at 28 px a token
