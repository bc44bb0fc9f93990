"""An index plane becomes a palette PNG, without an RGB pass; a black and white one a PNG of one bit a pixel."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from einthoven.renderers import identity

__all__ = ["Deflate", "Pixels", "deflate_isal", "deflate_zlib", "encoded", "fastest_deflate", "identified"]

Pixels = NDArray[np.uint8] | NDArray[np.bool_]
Deflate = Callable[[Iterable[NDArray[np.uint8]]], bytes]

#: Bytes of scan lines in one go: few enough to stay in the processor's cache from the filter to the compressor.
_BAND = 1 << 18


def deflate_zlib(bands: Iterable[NDArray[np.uint8]]) -> bytes:
    """Compress with the standard library."""
    stream = zlib.compressobj(1)
    parts = [stream.compress(band.data) for band in bands]
    return b"".join((*parts, stream.flush()))


def deflate_isal(bands: Iterable[NDArray[np.uint8]]) -> bytes:
    """Compress with ISA-L, at level 0: the one of its fast levels that gives the same bytes each time.

    At level 1 files are a fifth smaller, but where threads draw, one process in four writes some pages as other bytes
    of the same pixels (isal 1.9.1).
    """
    from isal import isal_zlib

    stream = isal_zlib.compressobj(0)
    parts = [stream.compress(band.data) for band in bands]
    return b"".join((*parts, stream.flush()))


def fastest_deflate() -> Deflate:
    """Give `deflate_isal` where ISA-L is installed, else `deflate_zlib`: other bytes, the same pixels."""
    try:
        import isal.isal_zlib  # noqa: F401
    except ImportError:
        return deflate_zlib
    return deflate_isal


def encoded(
    plane: Pixels, palette: bytes | None, px_per_mm_x: float, px_per_mm_y: float, deflate: Deflate | None = None
) -> bytes:
    """Write a PNG.

    Parameters
    ----------
    plane : ndarray of uint8 or bool, shape (height, width)
        Palette indices; without a palette 0 for black and anything else for white.
    palette : bytes or None
        256 RGB triples; None for a black and white page, which is written with one bit a pixel.
    px_per_mm_x, px_per_mm_y : float
        Printed at its true size, the paper's millimetres are millimetres.
    deflate : callable, optional
        Compresses the scan lines, which come in bands; the fastest there is unless given.

    Returns
    -------
    bytes
        The whole file. Pillow decodes it to mode ``P`` or, without a palette, to mode ``1``.
    """
    rows = _rows(plane, palette)
    compressed = (deflate or fastest_deflate())(lines for _, lines in _bands(rows))
    return _file(plane.shape, palette, px_per_mm_x, px_per_mm_y, compressed)


def identified(
    plane: Pixels, palette: bytes | None, px_per_mm_x: float, px_per_mm_y: float, deflate: Deflate | None = None
) -> tuple[bytes, str]:
    """Write a PNG and identify its pixels in the same go, which is faster than one after the other.

    Parameters
    ----------
    plane, palette, px_per_mm_x, px_per_mm_y, deflate
        As `encoded`.

    Returns
    -------
    png : bytes
        As `encoded` gives.
    pixel_id : str
        As `einthoven.renderers.identity.of_plane` gives.
    """
    digest = identity.begun(plane.shape, palette)

    def hashed() -> Iterator[NDArray[np.uint8]]:
        for seen, lines in _bands(_rows(plane, palette)):
            digest.update(np.ascontiguousarray(seen).data)
            yield lines

    compressed = (deflate or fastest_deflate())(hashed())
    return _file(plane.shape, palette, px_per_mm_x, px_per_mm_y, compressed), digest.hexdigest()


def _rows(plane: Pixels, palette: bytes | None) -> NDArray[np.uint8]:
    return np.packbits(plane, axis=1) if palette is None else plane.view(np.uint8)


def _bands(rows: NDArray[np.uint8]) -> Iterator[tuple[NDArray[np.uint8], NDArray[np.uint8]]]:
    """Give the rows band by band, with the scan lines that they become; the next band overwrites these."""
    height, width = rows.shape
    step = max(1, _BAND // (width + 1))
    room = np.empty((step, width + 1), dtype=np.uint8)
    # The Up filter: most rows of the paper repeat the row above and become zeros.
    room[:, 0] = 2
    for top in range(0, height, step):
        band = rows[top : top + step]
        lines = room[: len(band)]
        np.subtract(band[1:], band[:-1], out=lines[1:, 1:])
        lines[0, 1:] = band[0] - rows[top - 1] if top else band[0]
        yield band, lines


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(data, zlib.crc32(kind)))


def _file(
    shape: tuple[int, ...], palette: bytes | None, px_per_mm_x: float, px_per_mm_y: float, compressed: bytes
) -> bytes:
    height, width = shape
    depth, color_type = (1, 0) if palette is None else (8, 3)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, color_type, 0, 0, 0)),
            b"" if palette is None else _chunk(b"PLTE", palette),
            _chunk(b"pHYs", struct.pack(">IIB", round(px_per_mm_x * 1000), round(px_per_mm_y * 1000), 1)),
            _chunk(b"IDAT", compressed),
            _chunk(b"IEND", b""),
        )
    )
