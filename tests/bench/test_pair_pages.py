"""The pages of a minimal pair differ where the traces do, or where the nuisance says, and in no other pixel."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import maximum_filter1d, minimum_filter1d

from einthoven.bench.export.drawing import Drawing
from einthoven.bench.export.picture import write_pictures
from einthoven.bench.pages import Pages
from einthoven.bench.settings import Settings
from einthoven.bench.sources.sim_pairs import PairSource, open_pairs
from einthoven.bench.sources.source import Entry
from einthoven.ecg.recording import LEADS
from einthoven.ecg.simulator.pairs import contrasts
from einthoven.renderers import grid
from einthoven.renderers.layout import laid_out
from einthoven.renderers.options import STANDARD, Options
from einthoven.renderers.page import Box, Page, Segment
from einthoven.renderers.paper import COVERAGE
from einthoven.renderers.registry import FOUR, VIEWS, looking

#: Pairs drawn of a nuisance: all of its values come up.
COUNT = 4

#: Half the pen's width and a pixel of smoothing on either side; a sample is 0.4 pixels long.
REACH = 3

SOURCE = open_pairs(per_contrast=COUNT)
GRID = Drawing(("grid",))
DRAWN = [name for name, contrast in contrasts().items() if contrast.parts]


def _pairs(contrast: str, source: PairSource = SOURCE) -> list[tuple[Entry, Entry]]:
    found = [entry for entry in source.entries if entry.side is not None and entry.side.contrast == contrast]
    return list(zip(found[::2], found[1::2], strict=True))


def _page(entry: Entry, drawing: Drawing = GRID) -> tuple[Page, NDArray[np.uint8]]:
    page = drawing.pages(SOURCE.load(entry), entry.look, entry.wear)[0]
    with Image.open(BytesIO(page.png)) as image:
        return page, np.asarray(image.convert("RGB"))


def _signal(entry: Entry) -> NDArray[np.float32]:
    signal = SOURCE.load(entry).signal
    assert signal is not None
    return signal


def _reached(segment: Segment, one: NDArray[np.float32], other: NDArray[np.float32], mask: NDArray[np.bool_]) -> None:
    """Mark the pixels that either trace may touch near the samples of a segment in which the two differ."""
    index = np.arange(round(segment.t0 * 500), round(segment.t1 * 500))
    wide = 2 * (2 * REACH) + 1
    low = np.minimum(*(minimum_filter1d(trace, wide) for trace in (one, other)))[index]
    high = np.maximum(*(maximum_filter1d(trace, wide) for trace in (one, other)))[index]
    for at, bottom, top in zip(index, low, high, strict=True):
        if one[at] == other[at]:
            continue
        x = round(segment.x(at / 500))
        rows = slice(max(0, int(segment.y(top)) - REACH), int(segment.y(bottom)) + REACH + 2)
        mask[rows, max(0, x - REACH) : x + REACH + 1] = True


@pytest.mark.parametrize("name", DRAWN)
def test_pixels_differ_only_where_the_traces_do(name: str) -> None:
    for a, b in _pairs(name)[:1]:
        (page, first), (_, second) = _page(a), _page(b)
        one, other = _signal(a), _signal(b)
        allowed = np.zeros(first.shape[:2], dtype=bool)
        for segment in page.geometry.segments:
            lead = LEADS.index(segment.lead)
            _reached(segment, one[lead], other[lead], allowed)
        differs = (first != second).any(axis=2)
        assert differs.any()
        assert not (differs & ~allowed).any()
        assert allowed.mean() < 0.25  # most of the page is not even near


#: Where the beats stay, whole columns of pixels are equal between them: of a lead, this share at least.
_QUIET = {"pr": 0.6, "voltage": 0.6, "t-inverted": 0.3, "lbbb": 0.1, "rbbb": 0.1}


@pytest.mark.parametrize("name", _QUIET)
def test_between_the_beats_the_pixels_of_a_lead_are_the_same(name: str) -> None:
    for a, b in _pairs(name)[:1]:
        (page, first), (_, second) = _page(a), _page(b)
        box = page.geometry.segments[-1].box  # the rhythm strip
        columns = (first != second).any(axis=2)[box.y0 : box.y1, box.x0 : box.x1].any(axis=0)
        assert columns.any()
        assert (~columns).mean() >= _QUIET[name]


def test_another_grid_lies_under_the_same_ink() -> None:
    seen = set()
    for a, b in _pairs("grid-color"):
        looks = [looking("grid", STANDARD, entry.look) for entry in (a, b)]
        planes = [grid.plane(SOURCE.load(entry), look)[0] for entry, look in zip((a, b), looks, strict=True)]
        assert np.array_equal(*planes)
        (_, first), (_, second) = _page(a), _page(b)
        whole = (planes[0] & COVERAGE) == COVERAGE
        assert whole.any()
        assert np.array_equal(first[whole], second[whole])
        assert (first[~whole] != second[~whole]).any()
        seen.add(b.look["grid"])
    assert seen == {"blue", "green", "grey", "orange"}


def test_another_ink_leaves_the_paper() -> None:
    for a, b in _pairs("ink"):
        plane = grid.plane(SOURCE.load(a))[0]
        (_, first), (_, second) = _page(a), _page(b)
        inked = (plane & COVERAGE) > 0
        assert np.array_equal(first[~inked], second[~inked])
        assert (first[inked] != second[inked]).any(axis=1).mean() > 0.99


def test_a_cropped_page_is_a_part_of_the_whole_one() -> None:
    for a, b in _pairs("crop"):
        (whole, first), (part, second) = _page(a), _page(b)
        there, here = whole.geometry.segments[0], part.geometry.segments[0]
        x, y = int(there.x0 - here.x0), int(there.baseline - here.baseline)
        height, width = second.shape[:2]
        assert (x, y) != (0, 0)
        # Coordinates that begin elsewhere round elsewhere: a few pixels in a million are one step of 63 apart.
        apart = np.abs(first[y : y + height, x : x + width].astype(int) - second).max(axis=2)
        assert apart.max() <= -(-255 // 63)
        assert (apart > 0).mean() < 20e-6
        outside = np.ones(first.shape[:2], dtype=bool)
        outside[y : y + height, x : x + width] = False
        inked = (grid.plane(SOURCE.load(a))[0] & COVERAGE) > 0
        assert not (inked & outside).any()  # no ink was cut off


@pytest.mark.parametrize(("name", "only_footer"), [("gain-label", True), ("lead-font", False)])
def test_letters_differ_in_their_boxes_only(name: str, only_footer: bool) -> None:
    for a, b in _pairs(name):
        (_, first), (_, second) = _page(a), _page(b)
        allowed = np.zeros(first.shape[:2], dtype=bool)
        for entry in (a, b):
            for text in laid_out(looking("grid", STANDARD, entry.look)).texts:
                if "mm/s" in text.text or not only_footer:
                    box: Box = text.box
                    allowed[box.y0 : box.y1, box.x0 : box.x1] = True
        differs = (first != second).any(axis=2)
        assert differs.any()
        assert not (differs & ~allowed).any()
        assert allowed.mean() < 0.01


@pytest.mark.parametrize("view", [*FOUR, "clean-chroma", "stacked-page", "patches-page"])
def test_a_view_leaves_out_what_it_does_not_know(view: str) -> None:
    known = {"crop": ("grid", "clean", "clean-chroma"), "gain-label": ("grid", "clean", "clean-chroma")}
    for name in ("crop", "gain-label", "lead-font"):
        a, b = _pairs(name)[0]
        pages = [Drawing((view,)).pages(SOURCE.load(entry), entry.look, entry.wear) for entry in (a, b)]
        same = [page.pixel_id for page in pages[0]] == [page.pixel_id for page in pages[1]]
        assert same == (view not in known.get(name, VIEWS))


def test_what_the_user_asks_for_stays_beside_what_the_pair_asks_for() -> None:
    a, b = _pairs("grid-color")[0]
    asked = Options(ink="blue", grid="green", layout="6x2")
    looks = [looking("grid", asked, entry.look) for entry in (a, b)]
    assert [look.grid for look in looks] == ["red", "blue"]
    assert all(replace(look, grid="green") == asked for look in looks)


@pytest.mark.parametrize("name", ["noise", "grid-color", "pr"])
def test_both_sides_are_worn_alike(name: str) -> None:
    a, b = _pairs(name)[0]
    worn = Drawing(("grid",), degrade="scan", severity=3)
    first, second = _page(a, worn)[0], _page(b, worn)[0]
    assert first.geometry.homography == second.geometry.homography
    assert first.degraded == second.degraded != ""
    assert first.pixel_id != second.pixel_id


@pytest.mark.parametrize("name", ["grid-color", "crop", "st-anterior"])
def test_a_run_shows_the_same_pages(name: str) -> None:
    pages = Pages(SOURCE, Settings("control/constant", "sim-pairs", degrade="fax", severity=2), 2)
    worn = Drawing(("grid",), degrade="fax", severity=2)
    try:
        for entry in _pairs(name)[0]:
            (shown,) = asyncio.run(pages.of(entry))
            assert shown.pixel_id == _page(entry, worn)[0].pixel_id
    finally:
        pages.close()


def test_render_writes_each_side_as_it_asks(tmp_path: Path) -> None:
    for name in ("png", "svg"):
        texts = []
        for entry in _pairs("grid-color")[0]:
            (written,) = write_pictures(SOURCE.load(entry), GRID, tmp_path / f"{entry.id}.{name}", look=entry.look)
            texts.append(written.path.read_bytes())
        assert texts[0] != texts[1], name
