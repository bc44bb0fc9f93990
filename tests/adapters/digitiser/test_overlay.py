"""The recovered line lies on the ink it was read off, in a color that the page does not have."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from einthoven.adapters.digitiser.digitise import digitised
from einthoven.adapters.digitiser.digitised import Digitised
from einthoven.adapters.digitiser.overlay import line, overlay
from einthoven.ecg.recording import LEADS, Recording
from einthoven.renderers.degrade import degraded
from einthoven.renderers.options import Options
from einthoven.renderers.registry import view

#: Levels by which a pixel of any color channel stands out from grey.
_COLORED = 60


def decoded(file: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(file)) as image:
        return np.asarray(image.convert("RGB")).astype(int)


def on_ink(found: Digitised, *, moved: float = 0.0) -> float:
    """Share of the recovered line, moved by so many millivolts, under which the page is dark."""
    hits = []
    for stretch in found.stretches:
        paper = found.papers[stretch.row if len(found.papers) > 1 else 0].pixels
        x, y = line(found, stretch)
        y = y + moved * found.scale.px_per_mv
        known = np.isfinite(y) & (x > 1) & (x < paper.shape[1] - 2) & (y > 1) & (y < paper.shape[0] - 2)
        column, row = x[known].round().astype(int), y[known].round().astype(int)
        dark = np.percentile(paper.max(axis=2), 0.5)
        hits.append((paper.max(axis=2)[row, column] < dark + 0.4 * (255 - dark)).mean())
    return float(np.mean(hits))


@pytest.fixture(scope="module")
def found(recording: Recording) -> Digitised:
    return digitised(view("grid")(recording)[0].png)


def test_every_stretch_lies_on_its_ink(found: Digitised) -> None:
    assert on_ink(found) > 0.97
    assert on_ink(found, moved=0.1) < 0.5  # so the check can fail
    strip = next(one for one in found.stretches if one.strip)
    x, _ = line(found, strip)
    assert x[0] == pytest.approx(strip.x0)
    assert x[-1] == pytest.approx(strip.x1, abs=1.0)
    late = next(one for one in found.stretches if one.lead == "V4")
    assert len(line(found, late)[0]) == 1250  # its own part of the signal, not all of it


def test_images_of_a_lead_each(recording: Recording) -> None:
    found = digitised([page.png for page in view("patches")(recording)])
    assert on_ink(found) > 0.97
    height, width = (max(paper.pixels.shape[k] for paper in found.papers) for k in (0, 1))
    assert decoded(overlay(found)).shape == (3 * height, 4 * width, 3)


def test_a_worn_page_is_drawn_on_as_it_was_laid_straight(recording: Recording) -> None:
    (page,) = view("grid")(recording)
    found = digitised(degraded(page, "photo", 1, 3).png)
    assert not np.array_equal(found.papers[0].homography, np.eye(3))
    assert on_ink(found) > 0.93
    assert decoded(overlay(found)).shape == found.papers[0].pixels.shape


def colored(pixels: np.ndarray, page: np.ndarray) -> np.ndarray:
    """Which pixels, shape (..., 3), have a hue that the page has nowhere."""

    def hue(pixels: np.ndarray) -> np.ndarray:
        return np.stack([pixels[..., 0] - pixels[..., 1], pixels[..., 1] - pixels[..., 2]], axis=-1)

    own = np.unique(hue(page[::5, ::5]).reshape(-1, 2) // 8 * 8, axis=0)
    apart = np.abs(hue(pixels)[..., None, :] - own).sum(axis=-1).min(axis=-1)
    return (apart > _COLORED) & (np.ptp(pixels, axis=-1) > _COLORED)


@pytest.mark.parametrize("look", [{}, {"grid": "green"}, {"grid": "blue", "ink": "blue"}, {"grid": "black"}])
def test_the_color_is_none_of_the_page(recording: Recording, look: dict[str, str]) -> None:
    page = view("grid", options=Options(**look))(recording)[0].png
    found = digitised(page)
    drawn, own = decoded(overlay(found)), decoded(page)
    for stretch in found.stretches:
        x, y = line(found, stretch)
        at = y.round().astype(int), x.round().astype(int).clip(0, drawn.shape[1] - 1)
        assert colored(drawn[at], own).mean() > 0.9, stretch.lead
    assert colored(drawn[::4, ::4], own).mean() < 0.05
    rows = {tuple(drawn[round(line(found, one)[1][9]), round(line(found, one)[0][9])]) for one in found.stretches}
    assert len(rows) >= 2  # neighbours differ


def test_what_was_not_recovered_is_not_drawn(found: Digitised, recording: Recording) -> None:
    page = decoded(view("grid")(recording)[0].png)
    signal = found.signal.copy()
    signal[LEADS.index("V2"), 2600:3700] = np.nan
    holed = replace(found, signal=signal)
    x, y = line(found, next(one for one in found.stretches if one.lead == "V2"))
    part = slice(150, 1150)
    rows, columns = y[part].round().astype(int), x[part].round().astype(int)
    assert colored(decoded(overlay(found))[rows, columns], page).mean() > 0.95
    assert colored(decoded(overlay(holed))[rows, columns], page).mean() < 0.02


def test_a_caption_stands_above(found: Digitised) -> None:
    plain, said = decoded(overlay(found)), decoded(overlay(found, ["wörld", "second line"]))
    high = said.shape[0] - plain.shape[0]
    assert 20 < high < 120
    assert np.array_equal(said[high:], plain)
    assert (said[:high] < 100).any()
