from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from einthoven.renderers import picture as module
from einthoven.renderers.picture import PictureError, picture, picture_size

#: Another value in every pixel, no symmetry, saturated and grey pixels.
COLORS = np.random.RandomState(7).randint(0, 256, (40, 60, 3)).astype(np.uint8)
RGB = Image.fromarray(COLORS)
GREY = Image.fromarray(COLORS[..., 0].copy())


def saved(path: Path, image: Image.Image, **options: object) -> Path:
    image.save(path, **options)
    return path


def fault(path: Path) -> PictureError:
    with pytest.raises(PictureError) as caught:
        picture(path)
    assert "\n" not in caught.value.detail
    assert path.name in caught.value.detail
    return caught.value


@pytest.mark.parametrize("name", ["a.png", "a.TIFF", "a.webp", "a.PNG"])
def test_lossless_formats_give_the_same_pixels(tmp_path: Path, name: str) -> None:
    found = picture(saved(tmp_path / name, RGB, **({"lossless": True} if name.endswith("webp") else {})))
    assert (found.mode, found.size) == ("RGB", (60, 40))
    assert np.array_equal(np.asarray(found), COLORS)


def test_a_jpeg_keeps_the_pixels_that_it_decodes_to(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.jpg", RGB, quality=60)
    with Image.open(path) as image:
        assert np.array_equal(np.asarray(picture(path)), np.asarray(image))


def test_the_content_tells_the_format_not_the_name(tmp_path: Path) -> None:
    saved(tmp_path / "a.png", RGB).rename(tmp_path / "a.jpg")
    assert np.array_equal(np.asarray(picture(tmp_path / "a.jpg")), COLORS)


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied(tmp_path: Path, orientation: int, suffix: str) -> None:
    quarters = np.zeros((64, 96, 3), np.uint8)
    quarters[:32, :48], quarters[:32, 48:], quarters[32:, :48] = (255, 0, 0), (0, 255, 0), (0, 0, 255)
    upright = Image.fromarray(quarters)
    turned = {  # what a camera stores so that its tag makes it upright again
        1: [],
        2: [Image.Transpose.FLIP_LEFT_RIGHT],
        3: [Image.Transpose.ROTATE_180],
        4: [Image.Transpose.FLIP_TOP_BOTTOM],
        5: [Image.Transpose.TRANSPOSE],
        6: [Image.Transpose.ROTATE_90],
        7: [Image.Transpose.TRANSVERSE],
        8: [Image.Transpose.ROTATE_270],
    }[orientation]
    stored = upright
    for turn in turned:
        stored = stored.transpose(turn)
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = saved(tmp_path / f"a.{suffix}", stored, exif=exif.tobytes())
    found = picture(path)
    assert found.size == upright.size == picture_size(path)
    near = np.abs(np.asarray(found.convert("RGB")).astype(int) - quarters).max(axis=2)
    assert np.median(near) < 12


def test_no_metadata_comes_along(tmp_path: Path) -> None:
    from PIL.PngImagePlugin import PngInfo

    text = PngInfo()
    text.add_text("Comment", "Jane Doe, atrial fibrillation")
    exif = Image.Exif()
    exif[0x010E] = "Jane Doe, atrial fibrillation"
    found = picture(saved(tmp_path / "a.png", RGB, pnginfo=text, exif=exif, dpi=(300, 300), icc_profile=b"Jane" * 40))
    assert found.info == {}
    assert not found.getexif()
    file = BytesIO()
    found.save(file, "PNG")
    assert b"Jane" not in file.getvalue()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGBA", "CMYK", "YCbCr", "I;16", "I"])
def test_every_mode_becomes_grey_or_rgb(tmp_path: Path, mode: str) -> None:
    suffix = "tif" if mode in ("CMYK", "YCbCr", "I", "PA") else "png"
    if mode in ("I;16", "I"):
        image = Image.fromarray(COLORS[..., 0].astype(np.uint16) * 257)
        image = image if mode == "I;16" else image.convert("I")
        expected = COLORS[..., 0]
    else:
        image = RGB.convert("L").convert(mode) if mode == "PA" else RGB.convert(mode)
        expected = np.asarray(image.convert("L" if mode in ("1", "L", "LA", "PA") else "RGB"))
    try:
        path = saved(tmp_path / f"a.{suffix}", image)
    except (OSError, KeyError):
        pytest.skip(f"this Pillow writes no {mode} {suffix}")
    found = picture(path)
    assert found.mode in ("L", "RGB")
    assert np.array_equal(np.asarray(found), expected)


def test_cmyk_jpegs_are_not_inverted(tmp_path: Path) -> None:
    white = Image.new("RGB", (50, 50), (250, 250, 250)).convert("CMYK")
    assert np.asarray(picture(saved(tmp_path / "a.jpg", white))).min() > 230


def test_twelve_bits_in_sixteen_are_not_dark(tmp_path: Path) -> None:
    deep = np.linspace(0, 4095, 400).astype(np.uint16).reshape(20, 20)
    found = np.asarray(picture(saved(tmp_path / "a.png", Image.fromarray(deep))))
    assert (found.min(), found.max()) == (0, 255)


def test_what_is_transparent_lies_on_white(tmp_path: Path) -> None:
    image = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    image.paste((200, 0, 0, 255), (0, 0, 10, 20))
    found = np.asarray(picture(saved(tmp_path / "a.png", image)))
    assert found[0, 0].tolist() == [200, 0, 0]
    assert found[0, 19].tolist() == [255, 255, 255]
    indexed = Image.new("P", (20, 20), 1)
    indexed.putpalette([0, 0, 0, 10, 10, 10])
    assert np.asarray(picture(saved(tmp_path / "b.png", indexed, transparency=1))).min() == 255


def test_grey_is_grey_whatever_it_was_stored_as(tmp_path: Path) -> None:
    both = [picture(saved(tmp_path / "a.png", GREY)), picture(saved(tmp_path / "b.png", GREY.convert("RGB")))]
    assert [image.mode for image in both] == ["L", "L"]
    assert both[0].tobytes() == both[1].tobytes()


@pytest.mark.parametrize("suffix", ["tif", "png", "webp"])
def test_several_pages_or_frames_are_refused(tmp_path: Path, suffix: str) -> None:
    path = saved(tmp_path / f"a.{suffix}", RGB, save_all=True, append_images=[RGB.rotate(180)])
    found = fault(path)
    assert found.reason == "unreadable"
    assert "2 pages or frames" in found.detail


def test_a_telephone_s_second_picture_is_no_page(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.jpg", RGB, format="MPO", save_all=True, append_images=[RGB.resize((30, 20))])
    assert picture(path).size == (60, 40)


def test_files_that_are_no_pictures(tmp_path: Path) -> None:
    assert fault(tmp_path / "none.png").reason == "missing"
    assert fault(tmp_path).reason == "unreadable"
    (tmp_path / "text.png").write_text("not a picture")
    assert "no PNG, JPEG, TIFF or WebP" in fault(tmp_path / "text.png").detail
    (tmp_path / "empty.jpg").write_bytes(b"")
    assert fault(tmp_path / "empty.jpg").reason == "unreadable"
    saved(tmp_path / "a.gif", RGB)
    assert fault(tmp_path / "a.gif").reason == "unreadable"
    for name in ("a.png", "a.jpg", "a.tif", "a.webp"):
        path = saved(tmp_path / name, RGB)
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        assert fault(path).reason == "unreadable"
    os.mkfifo(tmp_path / "pipe.png")
    assert fault(tmp_path / "pipe.png").reason == "unreadable"
    assert fault(tmp_path / "a.png" / "b.png").reason == "missing"


def test_huge_files_and_huge_pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for side in (8_100, 10_000, 20_000):  # ours; Pillow's warning; Pillow's error
        path = saved(tmp_path / f"{side}.png", Image.new("1", (side, side)))
        assert path.stat().st_size < 100_000
        assert fault(path).reason == "huge"
    with (tmp_path / "big.png").open("wb") as file:
        file.truncate(module.MOST_BYTES + 1)
    assert fault(tmp_path / "big.png").reason == "huge"


def test_damaged_exif_costs_no_picture(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.jpg", RGB, exif=b"Exif\0\0II*\0\xff\xff\xff\xff" + b"\xff" * 40)
    assert picture(path).size == (60, 40)
