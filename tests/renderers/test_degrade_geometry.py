"""Landmarks that are printed on a page stand where the worn page's geometry says."""

from collections.abc import Callable
from io import BytesIO

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from einthoven.ecg.recording import Recording
from einthoven.renderers import identity
from einthoven.renderers.degrade import KINDS, SEVERITIES, degraded
from einthoven.renderers.grid import render
from einthoven.renderers.page import Geometry, Page

#: Clear of the corners with the staple.
DOTS = [(x, y) for x in (60, 330, 620, 1320, 1850, 2140) for y in (170, 330, 640, 1060, 1370, 1640)]


def grey(page: Page) -> NDArray[np.float64]:
    """Decode a page and smooth it a little, evenly to all sides; a fax is rid of its specks before."""
    with Image.open(BytesIO(page.png)) as image:
        pixels = np.asarray(image.convert("L"))
        if image.mode == "1":
            pixels = cv2.medianBlur(pixels, 5)
        return cv2.GaussianBlur(pixels, (5, 5), 0).astype(np.float64)


def dotted() -> Page:
    image = np.full((1700, 2200), 255, dtype=np.uint8)
    for center in DOTS:
        cv2.circle(image, center, 12, (0,), cv2.FILLED, cv2.LINE_AA)
    picture, file = Image.fromarray(image), BytesIO()
    picture.save(file, "PNG", compress_level=1)
    geometry = Geometry(2200, 1700, 8.0, 8.0, (), ())
    return Page(file.getvalue(), identity.of_image(picture), geometry, "grid", "1")


def offsets(page: Page) -> NDArray[np.float64]:
    """Give how far each dot's centre of darkness lies from where it should be, in pixels."""
    image, found = grey(page), []
    for x, y in DOTS:
        u, v = page.geometry.to_image(x, y)
        left, top = max(round(u) - 20, 0), max(round(v) - 20, 0)
        part = image[top : round(v) + 21, left : round(u) + 21]
        dark = np.clip((np.percentile(part, 80) + part.min()) / 2 - part, 0, None)
        rows, columns = np.indices(part.shape)
        found.append(((dark * columns).sum() / dark.sum() + left - u, (dark * rows).sum() / dark.sum() + top - v))
    return np.hypot(*np.array(found).T)


@pytest.mark.parametrize("severity", SEVERITIES)
@pytest.mark.parametrize("kind", KINDS)
def test_dots_stand_where_the_homography_says(kind: str, severity: int) -> None:
    for seed in (1, 2):
        page = degraded(dotted(), kind, severity, seed)
        off = offsets(page)
        if kind == "fax":  # a lost line through a dot takes a part of it away
            assert np.mean(off < 1.0) >= 0.9
        else:
            assert off.max() < 1.0, (seed, np.array(DOTS)[off >= 1.0])


def test_dots_of_a_page_worn_twice_stand_there_too() -> None:
    off = offsets(degraded(degraded(dotted(), "scan", 2, 1), "photo", 2, 2))
    assert off.max() < 1.0


@pytest.mark.parametrize("severity", SEVERITIES)
@pytest.mark.parametrize("kind", ["scan", "photo"])
def test_pulses_stand_where_the_geometry_says(
    recording_of: Callable[..., Recording], fixed_signal: NDArray[np.float32], kind: str, severity: int
) -> None:
    (sheet,) = render(recording_of(fixed_signal))
    page = degraded(sheet, kind, severity, 4)
    image = grey(page)
    height = np.arange(-5.0, 5.25, 0.25)
    for pulse in page.geometry.pulses:
        tops = []
        for x in np.linspace(pulse.x0 + 8, pulse.x1 - 8, 9):
            points = np.array([page.geometry.to_image(x, pulse.y0 + shift) for shift in height], dtype=np.float32)
            values = cv2.remap(image, points[None, :, 0], points[None, :, 1], cv2.INTER_LINEAR)[0]
            dark = np.clip((values.max() + values.min()) / 2 - values, 0, None)
            tops.append((dark * height).sum() / dark.sum())
        assert abs(np.median(tops)) < 0.5
