"""Effective resolution of real pages: every view that draws, and what a page's own paper does to it."""

import importlib.util
import math
from dataclasses import replace
from pathlib import Path

import pytest

from einthoven.errors import EinthovenError
from einthoven.renderers.options import Options
from einthoven.renderers.page import Page
from einthoven.renderers.profile import profile_named, profiles
from einthoven.renderers.registry import FOUR, UNDRAWN, VIEWS, view
from einthoven.renderers.resolution import resolutions, view_resolution

DOC = Path(__file__).parents[2] / "docs" / "resolution.md"


def drawn(name: str) -> str:
    """The view's name as a parameter, skipped while nobody draws it."""
    module = VIEWS[name].partition(":")[0]
    missing = importlib.util.find_spec(module) is None
    return pytest.param(name, marks=pytest.mark.skipif(missing, reason=f"{name} is not drawn yet"))  # type: ignore[return-value]


@pytest.mark.parametrize("name", [drawn(name) for name in VIEWS if name not in UNDRAWN])
def test_what_is_sent_is_what_the_view_draws(name: str) -> None:
    pages = view(name, blank=True)()
    rows = resolutions("qwen3-vl", [name])
    assert sum(row.images for row in rows) == len(pages)
    assert {(row.width, row.height) for row in rows} == {(p.geometry.width, p.geometry.height) for p in pages}
    for row in rows:
        seen = row.seen
        assert (row.view, row.profile) == (name, "qwen3-vl")
        assert seen.width and seen.ms_per_token and seen.px_per_mm_x
        one = pages[0].geometry.segments[0]
        assert seen.px_per_mm_x == pytest.approx(one.px_per_second / 25 * seen.width / row.width)
        assert seen.ms_per_token == pytest.approx(32 / seen.px_per_mm_x * 40)


def test_a_row_a_view_in_the_order_asked_for() -> None:
    assert [row.view for row in resolutions("gemma-3", ["grid", "grid"])] == ["grid", "grid"]
    assert resolutions("local/medgemma-4b-it+lora:x", ["grid"]) == resolutions("gemma-3", ["grid"])


def test_views_that_do_not_draw_and_names_nobody_knows_get_two_lines() -> None:
    with pytest.raises(EinthovenError, match="own images"):
        resolutions("qwen3-vl", ["page"])
    with pytest.raises(EinthovenError, match="there is no view 'gird'"):
        resolutions("qwen3-vl", ["gird"])
    with pytest.raises(EinthovenError, match="there is no profile for 'control/scripted'"):
        resolutions("control/scripted", ["grid"])


def test_many_pages_are_held_against_the_limits_of_a_crowd() -> None:
    page = view("grid", blank=True)()[0]
    few, many = (view_resolution([page] * count, profiles()["claude-high"])[0] for count in (20, 21))
    assert few.tokens == 20 * 4758
    assert "among 21 pictures" in many.seen.refused


def _turned(page: Page, degrees: float, scale: float) -> Page:
    a, b = scale * math.cos(math.radians(degrees)), scale * math.sin(math.radians(degrees))
    return replace(page, geometry=replace(page.geometry, homography=(a, -b, 300.0, b, a, 20.0, 0.0, 0.0, 1.0)))


def test_a_scan_is_measured_on_the_image() -> None:
    page = view("grid", blank=True)()[0]
    flat, turned = (view_resolution([p], profiles()["qwen3-vl"])[0].seen for p in (page, _turned(page, 30, 0.5)))
    assert flat.px_per_mm_x and flat.px_per_mm_y
    assert turned.px_per_mm_x == pytest.approx(flat.px_per_mm_x / 2)
    assert turned.px_per_mm_y == pytest.approx(flat.px_per_mm_y / 2)


def test_pages_of_other_sizes_have_rows_of_their_own() -> None:
    page = view("grid", blank=True)()[0]
    small = replace(page, geometry=replace(page.geometry, width=1100, height=850))
    rows = view_resolution([page, small, page], profiles()["gemma-3"])
    assert [(row.images, row.width) for row in rows] == [(2, 2200), (1, 1100)]


def test_an_image_without_geometry_has_a_size_and_no_scale() -> None:
    page = view("grid", blank=True)()[0]
    bare = replace(page, view="page", geometry=replace(page.geometry, segments=(), px_per_mm_x=0.0, px_per_mm_y=0.0))
    (row,) = view_resolution([bare], profiles()["qwen3-vl"])
    assert row.cells() == ("page", "1", "2200x1700", "2208x1696", "-", "3,657", "-")


@pytest.mark.skipif(importlib.util.find_spec("einthoven.renderers.sheet") is None, reason="grid takes no options yet")
def test_speed_and_gain_of_the_page_count() -> None:
    slow = resolutions("qwen3-vl", ["grid"])[0].seen
    fast = resolutions("qwen3-vl", ["grid"], Options(mm_per_second=50))[0].seen
    assert slow.ms_per_token and fast.ms_per_token == pytest.approx(slow.ms_per_token / 2)
    assert fast.mv_per_token == pytest.approx(slow.mv_per_token)


def documented() -> list[list[str]]:
    """The rows of the table in docs/resolution.md."""
    lines = DOC.read_text(encoding="utf-8").split("<!-- table -->")[1].strip().splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_the_table_in_the_docs_is_what_the_code_says() -> None:
    rows = documented()
    assert {row[0].strip("`") for row in rows} >= {"qwen3-vl", "gemma-3", "gemma-4", "claude-standard", "gpt-5.5"}
    there = [name for name in FOUR if importlib.util.find_spec(VIEWS[name].partition(":")[0]) is not None]
    columns = {"grid": 2, "stacked": 3, "patches": 4}
    for row in rows:
        name = row[0].strip("`")
        assert row[1] == profile_named(name).basis
        for found in resolutions(name, [one for one in columns if one in there]):
            cells = [cell if cell != "-" else "not published" for cell in found.cells()]
            assert row[columns[found.view]] == cells[4], (name, found.view)
            if found.view == "grid":
                assert row[5:] == cells[5:], name
