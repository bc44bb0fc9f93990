"""The whole procedure on this project's pages, and on what is no page."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from einthoven.adapters.digitiser.digitise import digitised
from einthoven.adapters.digitiser.digitised import Digitised
from einthoven.adapters.digitiser.undigitisable import Undigitisable
from einthoven.ecg.recording import LEADS, Recording
from einthoven.renderers.registry import view

Likeness = Callable[[Digitised], list[float]]

#: Made with: python tests/adapters/digitiser/test_digitise.py
GOLDEN = Path(__file__).parents[2] / "golden" / "digitised_sim.json"


def png(pixels: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, format="PNG")
    return file.getvalue()


def decoded(file: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(file)) as image:
        return np.asarray(image.convert("RGB"))


@pytest.fixture(scope="module")
def page(recording: Recording) -> bytes:
    return view("grid")(recording)[0].png


def test_the_grid_view(recording: Recording, likeness: Likeness, page: bytes) -> None:
    found = digitised(page)
    assert found.layout == "3x4+1"
    assert list(found.strips) == ["II"]
    assert found.confidence > 0.75
    assert found.scale.px_per_second == pytest.approx(200.0, rel=1e-4)
    assert found.scale.px_per_mv == pytest.approx(80.0, rel=1e-3)
    assert min(likeness(found)) > 0.98
    shown = np.isfinite(found.signal).mean(axis=1)
    assert shown[LEADS.index("II")] == pytest.approx(1.0, abs=0.02)
    assert np.delete(shown, LEADS.index("II")) == pytest.approx(0.25, abs=0.01)
    assert [(one.t0, one.t1) for one in found.stretches if one.lead == "V6"] == [(7.5, 10.0)]
    read = found.signal[1][np.isfinite(found.signal[1])]
    true = recording.signal[1][np.isfinite(found.signal[1])]
    assert np.median(np.abs(read - true)) < 0.005  # mV


def golden_rows(found: Digitised) -> list[list[float | None]]:
    """Every 40 ms of every lead, in hundredths of a millivolt."""
    return [[None if np.isnan(v) else round(float(v) * 100) for v in row[::20]] for row in found.signal]


def test_golden(page: bytes) -> None:
    golden = json.loads(GOLDEN.read_text())
    now = golden_rows(digitised(page))
    for lead, row, kept in zip(LEADS, now, golden, strict=True):
        gaps = [a is None for a in row], [b is None for b in kept]
        assert gaps[0] == gaps[1], lead
        apart = [abs(a - b) for a, b in zip(row, kept, strict=True) if a is not None]
        assert np.median(apart) <= 1 and max(apart) <= 10, lead


@pytest.mark.parametrize("name", ["clean", "stacked", "patches"])
def test_other_views(recording: Recording, likeness: Likeness, name: str) -> None:
    found = digitised([one.png for one in view(name)(recording)])
    assert np.median(likeness(found)) > 0.97
    # The leads' own seconds, also where the page does not say them.
    assert [place.t0 for place in found.stretches if place.lead == "V4"] == [7.5]


def test_leads_that_were_widened_after_they_were_drawn(recording: Recording, likeness: Likeness) -> None:
    """No grid: rows and pulses, 20 mm apart, passed for one; and upright strokes are four times as wide."""
    found = digitised(view("stacked-page")(recording)[0].png)
    assert found.scale.px_per_second == pytest.approx(800.0, rel=0.002)
    assert found.scale.px_per_mm_x == 0.0
    assert np.median(likeness(found)) > 0.9


def test_a_page_askew_is_laid_straight(likeness: Likeness, page: bytes) -> None:
    pixels = decoded(page)
    height, width = pixels.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), 2.0, 0.97)
    found = digitised(png(cv2.warpAffine(pixels, turn, (width, height), borderValue=(255, 250, 248))))
    assert found.scale.px_per_second == pytest.approx(194.0, rel=0.005)
    assert np.median(likeness(found)) > 0.97
    moved = found.papers[0].homography @ np.array([width / 2, height / 2, 1.0])
    assert np.isfinite(moved).all()


def test_a_photographed_page_is_laid_straight(likeness: Likeness, page: bytes) -> None:
    pixels = decoded(page)
    height, width = pixels.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
    seen = np.array([[70, 40], [width - 40, 90], [width - 90, height - 50], [50, height - 30]], dtype=np.float32)
    desk = (110, 80, 60)
    photo = cv2.warpPerspective(pixels, cv2.getPerspectiveTransform(corners, seen), (width, height), borderValue=desk)
    shade = np.linspace(1.0, 0.8, width)[None, :, None]
    found = digitised(png((photo * shade).astype(np.uint8)))
    assert found.layout == "3x4+1"
    assert np.median(likeness(found)) > 0.95


def test_jpeg_and_half_size(likeness: Likeness, page: bytes) -> None:
    small = cv2.resize(decoded(page), None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA)
    ok, file = cv2.imencode(".jpg", small[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 80])
    assert ok
    found = digitised(file.tobytes())
    assert np.median(likeness(found)) > 0.97


@pytest.mark.parametrize("what", ["nothing", "text", "cut", "tiny", "white", "black", "noise", "grey", "letters"])
def test_what_is_no_page_is_refused_with_a_reason(what: str, page: bytes) -> None:
    random = np.random.RandomState(3)
    sheet = np.full((900, 1200, 3), 255, dtype=np.uint8)
    if what == "letters":
        for row in range(20):
            cv2.putText(sheet, "lorem ipsum dolor sit amet", (40, 60 + 40 * row), 0, 1.0, (0, 0, 0), 2)
    files = {
        "nothing": b"",
        "text": b"this is no image",
        "cut": page[:3000],
        "tiny": png(np.full((40, 60, 3), 255, dtype=np.uint8)),
        "white": png(sheet),
        "black": png(sheet * 0),
        "noise": png(random.randint(0, 256, (700, 900, 3)).astype(np.uint8)),
        "grey": png(np.full((700, 900), 128, dtype=np.uint8)),
        "letters": png(sheet),
    }
    with pytest.raises(Undigitisable) as why:
        digitised(files[what])
    assert why.value.reason and "\n" not in why.value.reason


def test_an_empty_sheet_is_refused(recording: Recording) -> None:
    with pytest.raises(Undigitisable):
        digitised(view("grid", blank=True)()[0].png)


@pytest.mark.parametrize("turns", [1, 3])
def test_a_page_on_its_side_is_refused(page: bytes, turns: int) -> None:
    with pytest.raises(Undigitisable):
        digitised(png(np.ascontiguousarray(np.rot90(decoded(page), turns))))


def test_a_dark_screen_is_refused(page: bytes) -> None:
    with pytest.raises(Undigitisable):
        digitised(png(255 - decoded(page)))


@pytest.mark.parametrize("count", [0, 2, 13])
def test_a_number_of_images_that_is_no_page(page: bytes, count: int) -> None:
    with pytest.raises(Undigitisable):
        digitised([page] * count)


if __name__ == "__main__":
    from conftest import recording

    drawn = view("grid")(recording.__wrapped__())[0].png
    GOLDEN.write_text(json.dumps(golden_rows(digitised(drawn)), separators=(",", ":")) + "\n")
