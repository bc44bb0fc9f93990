import struct
import sys
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from einthoven.renderers import identity, png
from einthoven.renderers.png import Deflate, deflate_isal, deflate_zlib, encoded, fastest_deflate, identified

PLANE = np.random.RandomState(2).randint(0, 256, (37, 53)).astype(np.uint8)
PALETTE = np.random.RandomState(3).randint(0, 256, 768).astype(np.uint8).tobytes()


def _decoded(file: bytes) -> Image.Image:
    image = Image.open(BytesIO(file))
    image.load()
    return image


def test_pillow_decodes_what_was_encoded() -> None:
    image = _decoded(encoded(PLANE, PALETTE, 8, 8, deflate_zlib))
    assert image.mode == "P"
    np.testing.assert_array_equal(np.asarray(image), PLANE)
    assert bytes(image.getpalette() or ()) == PALETTE
    colors = np.frombuffer(PALETTE, dtype=np.uint8).reshape(256, 3)
    np.testing.assert_array_equal(np.asarray(image.convert("RGB")), colors[PLANE])


def test_isal_and_zlib_decode_to_the_same_pixels() -> None:
    pytest.importorskip("isal", reason="isal is not installed: the extra `fast`")
    one, other = (_decoded(encoded(PLANE, PALETTE, 8, 8, deflate)) for deflate in (deflate_isal, deflate_zlib))
    np.testing.assert_array_equal(np.asarray(one), np.asarray(other))
    assert one.getpalette() == other.getpalette()
    assert fastest_deflate() is deflate_isal


def test_without_isal_the_standard_library_compresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "isal", None)
    monkeypatch.setitem(sys.modules, "isal.isal_zlib", None)
    assert fastest_deflate() is deflate_zlib
    np.testing.assert_array_equal(np.asarray(_decoded(encoded(PLANE, PALETTE, 8, 8))), PLANE)


def test_the_true_size_is_stated() -> None:
    file = encoded(PLANE, PALETTE, 8, 8, deflate_zlib)
    at = file.index(b"pHYs") + 4
    assert struct.unpack(">IIB", file[at : at + 9]) == (8000, 8000, 1)  # pixels a metre


def test_no_text_is_hidden_in_the_file() -> None:
    file = encoded(PLANE, PALETTE, 8, 8, deflate_zlib)
    kinds, at = [], 8
    while at < len(file):
        (length,) = struct.unpack(">I", file[at : at + 4])
        kinds.append(file[at + 4 : at + 8])
        at += 12 + length
    assert kinds == [b"IHDR", b"PLTE", b"pHYs", b"IDAT", b"IEND"]


@pytest.mark.parametrize("kind", [bool, np.uint8])
@pytest.mark.parametrize("width", [1, 7, 8, 53, 64])
def test_a_black_and_white_page_takes_one_bit_a_pixel(width: int, kind: type) -> None:
    white = np.random.RandomState(width).rand(37, width) > 0.3
    plane = white.astype(kind) * kind(1 if kind is bool else 7)
    file, pixel_id = identified(plane, None, 8, 16)
    image = _decoded(file)
    assert (image.mode, image.size) == ("1", (width, 37))
    np.testing.assert_array_equal(np.asarray(image), white)
    assert file[24:26] == b"\x01\x00"  # one bit, grey
    assert b"PLTE" not in file
    assert pixel_id == identity.of_plane(plane, None) == identity.of_png(file)
    at = file.index(b"pHYs") + 4
    assert struct.unpack(">IIB", file[at : at + 9]) == (8000, 16000, 1)


@pytest.mark.parametrize("deflate", [deflate_zlib, deflate_isal])
def test_written_and_identified_in_one_go_it_is_the_same(deflate: Deflate) -> None:
    if deflate is deflate_isal:
        pytest.importorskip("isal", reason="isal is not installed: the extra `fast`")
    file, pixel_id = identified(PLANE, PALETTE, 8, 8, deflate)
    assert file == encoded(PLANE, PALETTE, 8, 8, deflate)
    assert pixel_id == identity.of_plane(PLANE, PALETTE) == identity.of_png(file)


@pytest.mark.parametrize("band", [1, 54, 200, 54 * 36, 54 * 37, 10**6])
def test_bands_of_any_height_make_the_same_picture(band: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(png, "_BAND", band)
    for plane in (PLANE, PLANE[:1], PLANE[::2], PLANE[:, 3:40]):
        file, pixel_id = identified(plane, PALETTE, 8, 8)
        np.testing.assert_array_equal(np.asarray(_decoded(file)), plane)
        assert pixel_id == identity.of_png(file)
