"""An index plane becomes a palette PNG, without an RGB pass."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = ["Deflate", "deflate_isal", "deflate_zlib", "encoded", "fastest_deflate"]

Deflate = Callable[[NDArray[np.uint8]], bytes]


def deflate_zlib(raw: NDArray[np.uint8]) -> bytes:
    """Compress with the standard library."""
    return zlib.compress(raw.data, 1)


def deflate_isal(raw: NDArray[np.uint8]) -> bytes:
    """Compress with ISA-L."""
    from isal import isal_zlib

    compressed: bytes = isal_zlib.compress(raw.data, 1)
    return compressed


def fastest_deflate() -> Deflate:
    """Give `deflate_isal` where ISA-L is installed, else `deflate_zlib`: other bytes, the same pixels."""
    try:
        import isal.isal_zlib  # noqa: F401
    except ImportError:
        return deflate_zlib
    return deflate_isal


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(data, zlib.crc32(kind)))


def encoded(plane: NDArray[np.uint8], palette: bytes, px_per_mm: float, deflate: Deflate | None = None) -> bytes:
    """Write a PNG.

    Parameters
    ----------
    plane : ndarray of uint8, shape (height, width)
        Palette indices.
    palette : bytes
        256 RGB triples.
    px_per_mm : float
        Printed at its true size, the paper's millimetres are millimetres.
    deflate : callable, optional
        Compresses the scan lines; the fastest there is unless given.

    Returns
    -------
    bytes
        The whole file.
    """
    height, width = plane.shape
    # The Up filter: most rows of the paper repeat the row above and become zeros.
    lines = np.empty((height, width + 1), dtype=np.uint8)
    lines[:, 0] = 2
    lines[0, 1:] = plane[0]
    np.subtract(plane[1:], plane[:-1], out=lines[1:, 1:])
    px_per_metre = round(px_per_mm * 1000)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", palette),
            _chunk(b"pHYs", struct.pack(">IIB", px_per_metre, px_per_metre, 1)),
            _chunk(b"IDAT", (deflate or fastest_deflate())(lines)),
            _chunk(b"IEND", b""),
        )
    )
