"""Effective resolution of a picture: arithmetic that can be done by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from einthoven.renderers.profile import profiles
from einthoven.renderers.resolution import COLUMNS, ViewResolution, resolution

#: What of the grid page is left, px/mm and what a token covers.
GRID = [
    ("qwen3-vl", 8.0, 8.0, 159, 0.40),
    ("qwen3-vl-1280", 4.7, 4.7, 275, 0.69),
    ("gemma-4", 3.3, 3.2, 579, 1.52),
    ("gemma-4-1120", 6.6, 6.6, 289, 0.73),
    ("gemma-3", 3.3, 4.2, 688, 1.33),
    ("claude-standard", 4.5, 4.5, 250, 0.62),
    ("claude-high", 7.9, 7.9, 141, 0.35),
]


@pytest.mark.parametrize(("name", "x", "y", "ms", "mv"), GRID)
def test_what_is_left_of_a_page(name: str, x: float, y: float, ms: float, mv: float) -> None:
    found = resolution(2200, 1700, 8, 8, 25, 10, profiles()[name])
    assert found.px_per_mm_x == pytest.approx(x, abs=0.05)
    assert found.px_per_mm_y == pytest.approx(y, abs=0.05)
    assert found.ms_per_token == pytest.approx(ms, abs=0.5)
    assert found.mv_per_token == pytest.approx(mv, abs=0.005)


def test_by_hand() -> None:
    # 896 px of 2200 are left: 8 px/mm become 3.258; 16 tokens across cover 275 mm, so 17.19 mm of 40 ms each.
    found = resolution(2200, 1700, 8, 8, 25, 10, profiles()["gemma-3"])
    assert (found.width, found.height, found.padded_width, found.padded_height, found.tokens) == (896,) * 4 + (256,)
    assert found.px_per_mm_x == pytest.approx(8 * 896 / 2200)
    assert found.ms_per_token == pytest.approx(2200 / 8 * 40 / 16)
    assert found.mv_per_token == pytest.approx(1700 / 8 * 0.1 / 16)


def test_a_millimetre_is_40_ms_by_a_tenth_of_a_millivolt_whatever_the_paper() -> None:
    profile = profiles()["qwen3-vl"]
    slow, fast = (resolution(2200, 1700, 8, 8, speed, 10, profile) for speed in (25, 50))
    assert slow.px_per_mm_x and fast.px_per_mm_x == pytest.approx(2 * slow.px_per_mm_x)
    assert slow.ms_per_token and fast.ms_per_token == pytest.approx(slow.ms_per_token / 2)
    assert fast.mv_per_token == slow.mv_per_token
    half = resolution(2200, 1700, 8, 8, 25, 5, profile)
    assert slow.px_per_mm_y and half.px_per_mm_y == pytest.approx(slow.px_per_mm_y / 2)
    assert slow.mv_per_token and half.mv_per_token == pytest.approx(slow.mv_per_token * 2)


@given(st.sampled_from(sorted(profiles())), st.integers(20, 6000), st.integers(20, 6000), st.floats(1, 40))
def test_a_token_covers_its_pixels(name: str, width: int, height: int, scale: float) -> None:
    found = resolution(width, height, scale, scale, 25, 10, profiles()[name])
    if found.refused or found.width is None or found.ms_per_token is None:
        return
    assert found.px_per_mm_x and found.px_per_mm_y and found.mv_per_token and found.tokens and found.padded_width
    assert found.padded_height is not None
    across = found.padded_width / (found.ms_per_token / 40 * found.px_per_mm_x)
    down = found.padded_height / (found.mv_per_token / 0.1 * found.px_per_mm_y)
    if profiles()[name].rule == "patches":  # the last patch of a row is not full
        assert across * down <= found.tokens + 1e-6
    else:
        assert across * down == pytest.approx(found.tokens)


def test_what_is_not_known_is_not_made_up() -> None:
    scan = resolution(2200, 1700, 0, 0, 25, 10, profiles()["qwen3-vl"])
    assert (scan.width, scan.tokens) == (2208, 3657)
    assert scan.px_per_mm_x is scan.px_per_mm_y is scan.ms_per_token is scan.mv_per_token is None
    gemini = resolution(2200, 1700, 8, 8, 25, 10, profiles()["gemini-3"])
    assert gemini.width is gemini.px_per_mm_x is gemini.ms_per_token is None
    assert gemini.tokens == 1120
    tiles = resolution(2200, 1700, 8, 8, 25, 10, profiles()["gpt-4o"])
    assert tiles.px_per_mm_x == pytest.approx(3.6, abs=0.05)
    assert tiles.ms_per_token is None


def test_of_a_refused_picture_nothing_is_left() -> None:
    found = resolution(2200, 1700, 8, 8, 25, 10, profiles()["claude-high"], images=21)
    assert found.refused == "a side is longer than 2000 px among 21 pictures"
    assert found.width is found.tokens is found.px_per_mm_x is None
    row = ViewResolution("grid", "claude-high", 21, 2200, 1700, found)
    assert row.tokens is None
    assert row.cells()[3:] == ("refused: a side is longer than 2000 px among 21 pictures", "-", "-", "-")


def test_cells_and_json() -> None:
    row = ViewResolution(
        "patches", "gemma-3", 12, 2200, 1700, resolution(2200, 1700, 8, 8, 25, 10, profiles()["gemma-3"])
    )
    assert len(row.cells()) == len(COLUMNS)
    assert row.cells() == ("patches", "12", "2200x1700", "896x896", "3.3 x 4.2", "3,072", "688 ms x 1.33 mV")
    found = row.to_json()
    assert (found["tokens"], found["seen"]["tokens"], found["seen"]["px_per_mm_x"]) == (3072, 256, 3.258182)
