import struct
import sys
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from einthoven.renderers.png import deflate_isal, deflate_zlib, encoded, fastest_deflate

PLANE = np.random.RandomState(2).randint(0, 256, (37, 53)).astype(np.uint8)
PALETTE = np.random.RandomState(3).randint(0, 256, 768).astype(np.uint8).tobytes()


def _decoded(png: bytes) -> Image.Image:
    image = Image.open(BytesIO(png))
    image.load()
    return image


def test_pillow_decodes_what_was_encoded() -> None:
    image = _decoded(encoded(PLANE, PALETTE, 8, deflate_zlib))
    assert image.mode == "P"
    np.testing.assert_array_equal(np.asarray(image), PLANE)
    assert bytes(image.getpalette() or ()) == PALETTE
    colors = np.frombuffer(PALETTE, dtype=np.uint8).reshape(256, 3)
    np.testing.assert_array_equal(np.asarray(image.convert("RGB")), colors[PLANE])


def test_isal_and_zlib_decode_to_the_same_pixels() -> None:
    pytest.importorskip("isal", reason="isal is not installed: the extra `fast`")
    one, other = (_decoded(encoded(PLANE, PALETTE, 8, deflate)) for deflate in (deflate_isal, deflate_zlib))
    np.testing.assert_array_equal(np.asarray(one), np.asarray(other))
    assert one.getpalette() == other.getpalette()
    assert fastest_deflate() is deflate_isal


def test_without_isal_the_standard_library_compresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "isal", None)
    monkeypatch.setitem(sys.modules, "isal.isal_zlib", None)
    assert fastest_deflate() is deflate_zlib
    np.testing.assert_array_equal(np.asarray(_decoded(encoded(PLANE, PALETTE, 8))), PLANE)


def test_the_true_size_is_stated() -> None:
    png = encoded(PLANE, PALETTE, 8, deflate_zlib)
    at = png.index(b"pHYs") + 4
    assert struct.unpack(">IIB", png[at : at + 9]) == (8000, 8000, 1)  # pixels a metre


def test_no_text_is_hidden_in_the_file() -> None:
    png = encoded(PLANE, PALETTE, 8, deflate_zlib)
    kinds, at = [], 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        kinds.append(png[at + 4 : at + 8])
        at += 12 + length
    assert kinds == [b"IHDR", b"PLTE", b"pHYs", b"IDAT", b"IEND"]
