"""PNG files of the plainest kind, decoded in half the time that image libraries take.

A worn page is 6 MB of noise, and to inflate it is a third of the whole digitising. Files of 8 bits a channel without
transparency or interlacing, whose lines are stored as they are or as the difference to the line above, are decoded
here, with `isal` where it is installed; everything else is left to the libraries.
"""

from __future__ import annotations

import struct
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["png_lines"]

Plane = NDArray[np.uint8]

_SIGNATURE = b"\x89PNG\r\n\x1a\n"

#: Channels of PNG's colour types: grey, colour, palette.
_CHANNELS = {0: 1, 2: 3, 3: 1}

#: PNG's filters of a line: none, and the difference to the line above.
_NONE, _UP = 0, 2


def png_lines(file: bytes) -> Plane | None:
    """Decode a PNG of the plainest kind.

    Parameters
    ----------
    file : bytes
        Any file.

    Returns
    -------
    ndarray of uint8, shape (height, width, 3), or None
        Blue, green, red; `None` where the file is of another kind, or damaged.
    """
    if not file.startswith(_SIGNATURE):
        return None
    try:
        chunks = _chunks(file)
        width, height, depth, kind, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
        if depth != 8 or kind not in _CHANNELS or interlaced or b"tRNS" in chunks or b"IEND" not in chunks:
            return None
        size = height * (1 + width * _CHANNELS[kind])
        stored = _inflated(chunks[b"IDAT"], size)
    except (KeyError, struct.error, zlib.error):
        return None
    if len(stored) != size:
        return None
    lines = np.frombuffer(stored, dtype=np.uint8).reshape(height, -1)
    filters = lines[:, 0].tolist()
    if not set(filters) <= {_NONE, _UP}:
        return None
    return _coloured(_summed(lines[:, 1:], filters).reshape(height, width, -1), kind, chunks.get(b"PLTE", b""))


def _chunks(file: bytes) -> dict[bytes, bytes]:
    """Give the file's chunks by name, those of one name joined."""
    found: dict[bytes, list[bytes]] = {}
    at = len(_SIGNATURE)
    while at + 12 <= len(file):
        length, name = struct.unpack_from(">I4s", file, at)
        found.setdefault(name, []).append(file[at + 8 : at + 8 + length])
        at += 12 + length
    return {name: parts[0] if len(parts) == 1 else b"".join(parts) for name, parts in found.items()}


def _inflated(data: bytes, size: int) -> bytes:
    """Inflate to no more than a size."""
    try:
        from isal import isal_zlib
    except ImportError:
        return zlib.decompressobj().decompress(data, size)
    damaged: Any = isal_zlib.error  # its stub calls the class an instance
    try:
        inflated: bytes = isal_zlib.decompressobj().decompress(data, size)
    except damaged as error:
        raise zlib.error(str(error)) from error
    return inflated


def _summed(lines: Plane, filters: list[int]) -> Plane:
    """Undo the filters."""
    found = np.empty(lines.shape, dtype=np.uint8)
    above = np.zeros(lines.shape[1], dtype=np.uint8)
    for line, own, kind in zip(lines, found, filters, strict=True):
        if kind == _UP:
            np.add(above, line, out=own)
        else:
            own[:] = line
        above = own
    return found


def _coloured(pixels: Plane, kind: int, palette: bytes) -> Plane | None:
    from cv2 import COLOR_GRAY2BGR, COLOR_RGB2BGR, LUT, cvtColor

    if kind == 2:
        return np.asarray(cvtColor(pixels, COLOR_RGB2BGR), dtype=np.uint8)
    three = np.asarray(cvtColor(pixels, COLOR_GRAY2BGR), dtype=np.uint8)
    if kind == 0:
        return three
    colours = np.frombuffer(palette, dtype=np.uint8)
    if not colours.size or colours.size % 3 or colours.size > 768 or int(pixels.max()) >= colours.size // 3:
        return None
    table = np.zeros((1, 256, 3), dtype=np.uint8)
    table[0, : colours.size // 3] = colours.reshape(-1, 3)[:, ::-1]
    return np.asarray(LUT(three, table), dtype=np.uint8)
