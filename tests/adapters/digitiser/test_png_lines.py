from __future__ import annotations

import io
import struct
import sys
import zlib

import cv2
import numpy as np
import pytest
from PIL import Image

from einthoven.adapters.digitiser.png_lines import png_lines

PIXELS = np.random.RandomState(2).randint(0, 256, (40, 30, 3)).astype(np.uint8)


def png(lines: np.ndarray, filters: list[int], kind: int, width: int, *more: tuple[bytes, bytes]) -> bytes:
    """Write a PNG whose lines have the filters 0 (none) or 2 (up)."""
    flat = lines.reshape(len(lines), -1)
    above = np.vstack([np.zeros_like(flat[:1]), flat[:-1]])
    stored = np.where(np.array(filters)[:, None] == 2, flat - above, flat).astype(np.uint8)
    data = zlib.compress(np.column_stack([np.array(filters, dtype=np.uint8), stored]).tobytes())
    header = struct.pack(">IIBBBBB", width, len(lines), 8, kind, 0, 0, 0)
    parts = [(b"IHDR", header), *more, (b"IDAT", data[:50]), (b"IDAT", data[50:]), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )


FILTERS = [0, 2, 2, 0] * 10
PALETTE = PIXELS.reshape(-1)[: 3 * 256].tobytes()
PLAIN = {
    "colour": png(PIXELS, FILTERS, 2, 30),
    "up from the first line": png(PIXELS, [2] * 40, 2, 30),
    "grey": png(PIXELS[..., 0], FILTERS, 0, 30),
    "palette": png(PIXELS[..., 0], FILTERS, 3, 30, (b"PLTE", PALETTE)),
}


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("isal", [True, False])
def test_plain_files_as_the_libraries_read_them(name: str, isal: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not isal:
        monkeypatch.setitem(sys.modules, "isal", None)
    found = png_lines(PLAIN[name])
    assert found is not None
    np.testing.assert_array_equal(found, cv2.imdecode(np.frombuffer(PLAIN[name], dtype=np.uint8), cv2.IMREAD_COLOR))


def saved(image: Image.Image, **how: object) -> bytes:
    file = io.BytesIO()
    image.save(file, **how)  # type: ignore[arg-type]
    return file.getvalue()


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        saved(Image.fromarray(PIXELS), format="JPEG"),
        saved(Image.fromarray(np.dstack([PIXELS, PIXELS[..., 0]])), format="PNG"),
        saved(Image.fromarray(PIXELS[..., 0] > 99), format="PNG"),
        saved(Image.fromarray(np.cumsum(np.ones_like(PIXELS), axis=1).astype(np.uint8)), format="PNG"),
        PLAIN["colour"][:-40],
        PLAIN["colour"][:60] + bytes(30) + PLAIN["colour"][90:],
        png(PIXELS[..., 0], FILTERS, 3, 30, (b"PLTE", PALETTE[:30])),
        png(PIXELS[..., 0], FILTERS, 3, 30),
        png(PIXELS, FILTERS, 2, 29),
    ],
)
@pytest.mark.parametrize("isal", [True, False])
def test_other_and_damaged_files_are_left_to_the_libraries(
    file: bytes, isal: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not isal:
        monkeypatch.setitem(sys.modules, "isal", None)
    assert png_lines(file) is None
