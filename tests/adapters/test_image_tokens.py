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
    [  # Anthropic's guide: 200x200 about 54, 1000x1000 about 1,334
        ((200, 200), 54),
        ((1000, 1000), 1334),
        ((2200, 1700), 1600),
    ],
)
def test_areas_as_anthropic_counts_them(size: tuple[int, int], tokens: int) -> None:
    assert image_tokens("claude-sonnet-4-6", *size) == (tokens, tokens)


def test_a_page_costs_a_later_claude_up_to_three_times_as_much() -> None:
    assert image_tokens("claude-opus-4-7", 2200, 1700) == (1600, 4784)


@pytest.mark.parametrize(
    "name", ["gpt-5.5", "qwen/qwen3-vl-8b", "google/gemma-4-4b", "gemini-3.1-flash-lite", "who-knows"]
)
@pytest.mark.parametrize("size", [(2200, 1700), (1000, 640), (64, 64), (20_000, 100)])
def test_a_guess_is_a_range_of_whole_tokens(name: str, size: tuple[int, int]) -> None:
    low, high = image_tokens(name, *size)
    assert 0 < low <= high <= 20_000


def test_the_first_family_that_fits_is_taken() -> None:
    assert image_tokens("google/gemma-3-27b", 2200, 1700) == (256, 256)
    assert image_tokens("medgemma-4b-it", 10, 10) == (256, 256)
    assert image_tokens("Qwen/Qwen3-VL-8B-Instruct", 2200, 1700)[1] == 79 * 61
