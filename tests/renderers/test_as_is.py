from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from einthoven.ecg.patient import Patient
from einthoven.ecg.recording import Recording
from einthoven.errors import EinthovenError, RecordingFault
from einthoven.renderers.as_is import blank, render
from einthoven.renderers.identity import of_png


def recording(*pages: Path) -> Recording:
    return Recording("r1", None, 0.0, Patient("p"), pages=pages)


@pytest.fixture
def two(tmp_path: Path) -> Recording:
    stream = np.random.RandomState(3)
    for name, mode in (("one.png", "RGB"), ("two.jpg", "L")):
        Image.fromarray(stream.randint(0, 256, (70, 90, 3)).astype(np.uint8)).convert(mode).save(tmp_path / name)
    return recording(tmp_path / "one.png", tmp_path / "two.jpg")


def test_pages_come_in_order_as_png_with_the_pixels_of_their_files(two: Recording) -> None:
    pages = render(two)
    for page, path in zip(pages, two.pages, strict=True):
        assert page.png.startswith(b"\x89PNG")
        with Image.open(BytesIO(page.png)) as shown, Image.open(path) as stored:
            assert (shown.mode, shown.size, shown.info) == (stored.mode, stored.size, {})
            assert np.array_equal(np.asarray(shown), np.asarray(stored))
        assert page.pixel_id == of_png(page.png)
        assert (page.geometry.width, page.geometry.height, page.view) == (90, 70, "page")
        assert page.to_json()["geometry"]["px_per_mm_x"] == 0


def test_the_identity_is_that_of_the_pixels_not_of_the_file(two: Recording, tmp_path: Path) -> None:
    with Image.open(two.pages[0]) as image:
        exif = Image.Exif()
        exif[0x010E] = "another file"
        image.save(tmp_path / "again.tif", exif=exif)
    assert render(recording(tmp_path / "again.tif"))[0] == render(two)[0]


def test_blank_pages_are_white_and_of_the_same_sizes(two: Recording, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (50, 40)).save(tmp_path / "turned.jpg", exif=exif)
    shown = blank(recording(*two.pages, tmp_path / "turned.jpg"))
    sizes = []
    for page in shown:
        with Image.open(BytesIO(page.png)) as image:
            sizes.append(image.size)
            assert np.asarray(image).min() == 255
        assert page.pixel_id == of_png(page.png)
    assert sizes == [(90, 70), (90, 70), (40, 50)]
    assert shown[0] == shown[1]
    assert [(page.geometry.width, page.geometry.height) for page in blank()] == [(2200, 1700)]


def test_a_signal_has_no_page_and_a_file_may_have_gone() -> None:
    with pytest.raises(EinthovenError, match="no page image"):
        render(Recording("s", np.zeros((12, 5000), np.float32), 500, Patient("p")))
    with pytest.raises(RecordingFault, match="missing"):
        render(recording(Path("/nowhere/a.png")))
