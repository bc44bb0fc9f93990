"""Data as classic scripts: one call with one string, because pages opened as files may load nothing else."""

from __future__ import annotations

import base64
import zlib
from typing import Any

import orjson

__all__ = ["deflated", "inflated", "registry_bytes"]

#: The strongest that zlib has: a file is written once and read often.
_LEVEL = 9


def deflated(content: bytes, level: int = _LEVEL) -> bytes:
    """Compress without a header, as ``DecompressionStream("deflate-raw")`` takes it."""
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush()


def inflated(content: bytes, most: int) -> bytes:
    """Decompress what `deflated` gave.

    Raises
    ------
    ValueError
        It is damaged, or larger than `most` bytes.
    """
    unpacker = zlib.decompressobj(-15)
    try:
        found = unpacker.decompress(content, most)
    except zlib.error as error:
        raise ValueError(str(error)) from None
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError(f"damaged, or more than {most:,} bytes")
    return found


def registry_bytes(key: str, document: Any, level: int = _LEVEL) -> bytes:
    """Return the script that hands a document over: ``einthovenData("KEY","BASE64")``.

    Nothing of the document stands there as text: whatever a stranger wrote, only letters of base64 are parsed.

    Parameters
    ----------
    key : str
        Its path below ``data/`` without suffix; of slugs, so of plain characters.
    document : Any
        What orjson can write.
    level : int
        Of the compression.
    """
    packed = base64.b64encode(deflated(orjson.dumps(document), level)).decode()
    return f'einthovenData("{key}","{packed}");\n'.encode()
