import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from itertools import pairwise

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from einthoven.ecg.recording import Recording
from einthoven.errors import EinthovenError
from einthoven.renderers import identity
from einthoven.renderers.degrade import KINDS, SEVERITIES, degraded, seed_of
from einthoven.renderers.grid import render
from einthoven.renderers.page import FLAT, Geometry, Page

ALL = [(kind, severity) for kind in KINDS for severity in SEVERITIES]


def page_of(image: Image.Image, px_per_mm: float = 8.0) -> Page:
    file = BytesIO()
    image.save(file, "PNG", compress_level=1)
    geometry = Geometry(image.width, image.height, px_per_mm, px_per_mm, (), ())
    return Page(file.getvalue(), identity.of_image(image), geometry, "grid", "1")


def grey(page: Page) -> NDArray[np.uint8]:
    with Image.open(BytesIO(page.png)) as image:
        return np.asarray(image.convert("L"))


@pytest.fixture(scope="module")
def sheet(recording_of: Callable[..., Recording], fixed_signal: NDArray[np.float32]) -> Page:
    return render(recording_of(fixed_signal))[0]


def test_severity_0_is_the_page_itself(sheet: Page) -> None:
    for kind in KINDS:
        assert degraded(sheet, kind, 0, 7) is sheet


@pytest.mark.parametrize(("kind", "severity"), ALL)
def test_a_worn_page_says_what_it_is(sheet: Page, kind: str, severity: int) -> None:
    page = degraded(sheet, kind, severity, 3)
    with Image.open(BytesIO(page.png)) as image:
        assert image.mode == ("1" if kind == "fax" else "RGB")
        assert image.size == (page.geometry.width, page.geometry.height)
    assert page.pixel_id == identity.of_png(page.png) != sheet.pixel_id
    assert page.degraded == f"{kind}:{severity}:3"
    assert (page.view, page.version) == (sheet.view, sheet.version)
    assert page.geometry.segments == sheet.geometry.segments
    assert page.geometry.homography != FLAT
    assert page.geometry.homography[8] == 1.0
    if kind != "scan":
        assert image.size == (2200, 1700)


@pytest.mark.parametrize(("kind", "severity"), ALL)
def test_the_whole_sheet_is_in_the_image(sheet: Page, kind: str, severity: int) -> None:
    for seed in range(12):
        geometry = degraded(page_of(Image.new("L", (220, 170), 255), 0.8), kind, severity, seed).geometry
        for x in (-0.5, 219.5):
            for y in (-0.5, 169.5):
                u, v = geometry.to_image(x, y)
                # A fax is fed askew into a receiver of the sheet's own width: it may lose its very corners.
                spare = 2.5 if kind == "fax" else 1e-6
                assert -0.5 - spare <= u <= geometry.width - 0.5 + spare
                assert -0.5 - spare <= v <= geometry.height - 0.5 + spare


def test_pages_of_every_kind_of_png_are_worn_alike(sheet: Page) -> None:
    rgb = Image.open(BytesIO(sheet.png)).convert("RGB")
    black = rgb.convert("L").point(lambda value: 255 * (value > 128), "1")
    for one, other in ((sheet, page_of(rgb)), (page_of(black), page_of(black.convert("L")))):
        for kind in KINDS:
            assert degraded(one, kind, 3, 5).pixel_id == degraded(other, kind, 3, 5).pixel_id


def test_a_small_page_and_one_of_unknown_scale_are_worn_too() -> None:
    small = Image.new("L", (1000, 640), 255)
    for kind, severity in ALL:
        page = degraded(page_of(small, 16.0), kind, severity, 1)
        assert page.pixel_id == identity.of_png(page.png)
    # 2200 pixels of unknown scale are taken for 275 mm: 8 pixels a millimetre.
    flat = Image.new("L", (2200, 1700), 255)
    assert degraded(page_of(flat, 0.0), "scan", 4, 1).pixel_id == degraded(page_of(flat, 8.0), "scan", 4, 1).pixel_id


def test_seeds_draw_differently_and_again_the_same(sheet: Page) -> None:
    for kind in KINDS:
        seen = {degraded(sheet, kind, 2, seed).pixel_id for seed in (1, 2, 3, 1)}
        assert len(seen) == 3


def test_seeds_of_records_are_their_own_and_stay() -> None:
    assert seed_of("00001_hr", 0) == seed_of("00001_hr", 0) == seed_of("00001_hr", 0, 0) == 392773536
    drawn = {seed_of(name, seed, number) for name in ("a", "b", "1:a") for seed in (0, 1) for number in range(12)}
    assert len(drawn) == 72
    assert all(0 <= seed < 2**32 for seed in drawn)


def test_what_was_worn_is_worn_further(sheet: Page) -> None:
    first = degraded(sheet, "fax", 2, 8)
    second = degraded(first, "photo", 2, 9)
    assert second.degraded == "fax:2:8+photo:2:9"
    # The second homography alone is that of a flat page of the same size.
    alone = degraded(replace(first, geometry=replace(first.geometry, homography=FLAT)), "photo", 2, 9).geometry
    for point in ((100.0, 200.0), (2000.0, 1500.0)):
        twice = alone.to_image(*first.geometry.to_image(*point))
        np.testing.assert_allclose(second.geometry.to_image(*point), twice, atol=1e-8)


@pytest.mark.parametrize("kind", ["xerox", "", "Scan"])
def test_an_unknown_kind_is_refused_in_two_lines(sheet: Page, kind: str) -> None:
    with pytest.raises(EinthovenError, match="there is no kind of wear") as caught:
        degraded(sheet, kind, 1, 0)
    assert len(str(caught.value).splitlines()) == 2


@pytest.mark.parametrize("severity", [-1, 6, 2.5, True, "3"])
def test_a_severity_out_of_range_is_refused_in_two_lines(sheet: Page, severity: object) -> None:
    with pytest.raises(EinthovenError, match="severity cannot be") as caught:
        degraded(sheet, "scan", severity, 0)  # type: ignore[arg-type]
    assert len(str(caught.value).splitlines()) == 2


def test_damage_grows_with_severity(sheet: Page) -> None:
    """The PSNR near the ink falls at every step, over three seeds, after the image is turned back onto the page."""
    clean = grey(sheet)
    near = cv2.dilate((clean < 100).astype(np.uint8), np.ones((15, 15), dtype=np.uint8)) > 0
    for kind in KINDS:
        found = []
        for severity in SEVERITIES:
            errors = []
            for seed in (1, 2, 3):
                page = degraded(sheet, kind, severity, seed)
                back = np.linalg.inv(np.array(page.geometry.homography).reshape(3, 3))
                flat = cv2.warpPerspective(grey(page), back, (2200, 1700))
                errors.append(np.mean((flat.astype(float) - clean)[near] ** 2))
            found.append(10 * np.log10(255**2 / np.mean(errors)))
        assert all(high > low + 0.1 for high, low in pairwise(found)), (kind, found)


def test_other_processes_and_thread_counts_draw_the_same_pixels(sheet: Page) -> None:
    program = (
        "import sys, cv2; cv2.setNumThreads(int(sys.argv[1]));"
        "from einthoven.renderers.page import Geometry, Page;"
        "from einthoven.renderers.degrade import KINDS, degraded;"
        "page = Page(sys.stdin.buffer.read(), '', Geometry(2200, 1700, 8.0, 8.0, (), ()), 'grid', '1');"
        "print(*(degraded(page, kind, 4, 11).pixel_id for kind in KINDS))"
    )
    expected = [degraded(sheet, kind, 4, 11).pixel_id for kind in KINDS]
    for threads in ("1", "2", "7"):
        run = subprocess.run(
            [sys.executable, "-c", program, threads],
            input=sheet.png,
            env={**os.environ, "PYTHONHASHSEED": threads},
            capture_output=True,
            check=True,
        )
        assert run.stdout.decode().split() == expected


def test_the_names_cost_neither_numpy_nor_opencv() -> None:
    program = "import sys, einthoven.renderers.degrade; print(*({'numpy', 'cv2', 'PIL'} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == ""
