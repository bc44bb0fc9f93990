"""The pictures and traces that came with a bundle, a stranger's: every file held against its hash and its size."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from einthoven.bench.gallery import GALLERY
from einthoven.bench.media import FOLDER, INDEX, MEDIA_VERSION
from einthoven.ecg.recording import LEADS, PAGE_SECONDS
from einthoven.errors import EinthovenError, Exit
from einthoven.leaderboard.registry import inflated
from einthoven.leaderboard.strangers import visible

__all__ = ["Media", "Picture", "Trace", "media_of"]

#: Bytes of the index and of one file, and pictures of one ECG: far beyond what a run writes.
_LARGEST_INDEX, _LARGEST_FILE, _MOST_PICTURES = 2_000_000, 5_000_000, 24

#: Hz; a trace is ten seconds, so this bounds it too.
_FASTEST = 4000.0

_HASH = re.compile(r"[0-9a-f]{64}")
_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture as the model got it.

    Attributes
    ----------
    sha256, pixels : str
        Of the file; of its decoded pixels, which is the picture's identity in a bundle.
    width, height : int
        In pixels, by the file itself.
    path : Path
        The file.
    """

    sha256: str
    pixels: str
    width: int
    height: int
    path: Path = field(repr=False)


@dataclass(frozen=True, slots=True)
class Trace:
    """The recording behind the picture.

    Attributes
    ----------
    microvolts : ndarray of int16, shape (12, samples)
        In the order of `LEADS`.
    sampling_rate : float
        Hz.
    """

    microvolts: NDArray[np.int16] = field(repr=False)
    sampling_rate: float


@dataclass(frozen=True, slots=True)
class Media:
    """What an ECG of the gallery carries.

    Attributes
    ----------
    pictures : tuple of Picture
        In the order in which the model saw them.
    trace : Trace or None
        `None` where the source gives pictures only.
    """

    pictures: tuple[Picture, ...]
    trace: Trace | None


def media_of(folder: Path) -> tuple[str, Mapping[str, Media]]:
    """Read the media of a bundle.

    Parameters
    ----------
    folder : Path
        The bundle.

    Returns
    -------
    rule : str
        By which the ECGs were chosen; empty where the bundle has no media.
    media : mapping of str to Media
        By the ECG's id.

    Raises
    ------
    EinthovenError
        A file is missing, too large, no PNG, or not the one that its hash names.
    """
    place = folder / FOLDER
    if not (place / INDEX).is_file():
        return "", {}
    try:
        document = orjson.loads(_read(place / INDEX, _LARGEST_INDEX))
        if document["media_version"] != MEDIA_VERSION:
            raise ValueError(f"version {document['media_version']}, this einthoven reads {MEDIA_VERSION}")
        rows = document["records"]
        if len(rows) > GALLERY:
            raise ValueError(f"pictures of {len(rows)} ECGs, {GALLERY} at most")
        return str(document["rule"]), {str(record): _media(place, row) for record, row in rows.items()}
    except (OSError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise EinthovenError(
            f"{visible(str(place), 300)} is damaged: {visible(f'{type(error).__name__}: {error}', 300)}",
            "make it again with: einthoven data media BUNDLE --data SOURCE, or remove the folder",
            Exit.MISSING,
        ) from None


def _read(path: Path, most: int) -> bytes:
    if path.is_symlink() or not path.is_file():
        raise ValueError(f"{path.name} is no plain file")
    with path.open("rb") as stream:
        content = stream.read(most + 1)
    if len(content) > most:
        raise ValueError(f"{path.name} is larger than {most:,} bytes")
    return content


def _file(place: Path, name: Any, suffix: str) -> tuple[Path, bytes]:
    """Read a file by its hash; the name cannot lead out of the folder, because it is nothing but a hash."""
    if not isinstance(name, str) or not _HASH.fullmatch(name):
        raise ValueError("a name that is no SHA-256")
    path = place / f"{name}{suffix}"
    content = _read(path, _LARGEST_FILE)
    if hashlib.sha256(content).hexdigest() != name:
        raise ValueError(f"{path.name} is not what its name says")
    return path, content


def _media(place: Path, row: Mapping[str, Any]) -> Media:
    if not 1 <= len(row["pages"]) <= _MOST_PICTURES:
        raise ValueError(f"{len(row['pages'])} pictures of one ECG")
    return Media(
        tuple(_picture(place, one) for one in row["pages"]),
        _trace(place, row["trace"]) if "trace" in row else None,
    )


def _picture(place: Path, row: Mapping[str, Any]) -> Picture:
    path, content = _file(place, row["sha256"], ".png")
    # Its size as the browser will read it, from the header chunk; the pixels are the browser's business.
    if content[:8] != _PNG or content[12:16] != b"IHDR":
        raise ValueError(f"{path.name} is no PNG")
    width, height = int.from_bytes(content[16:20]), int.from_bytes(content[20:24])
    if not (0 < width <= 20_000 and 0 < height <= 20_000 and width * height <= 60_000_000):
        raise ValueError(f"{path.name} has {width}x{height} pixels")
    pixels = row["pixels"]
    if not isinstance(pixels, str) or not _HASH.fullmatch(pixels):
        raise ValueError("a picture's identity that is no SHA-256")
    return Picture(row["sha256"], pixels, width, height, path)


def _trace(place: Path, row: Mapping[str, Any]) -> Trace:
    rate, samples = row["sampling_rate"], row["samples"]
    if not isinstance(rate, int | float) or isinstance(rate, bool) or not 50 <= rate <= _FASTEST:
        raise ValueError("a sampling rate that no recorder has")
    if samples != round(PAGE_SECONDS * rate):
        raise ValueError(f"a trace that is not {PAGE_SECONDS:g} s long")
    size = 2 * len(LEADS) * samples
    content = inflated(_file(place, row["sha256"], ".i16")[1], size)
    if len(content) != size:
        raise ValueError("a trace of another length")
    return Trace(np.frombuffer(content, "<i2").reshape(len(LEADS), samples), float(rate))
