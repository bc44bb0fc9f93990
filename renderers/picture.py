"""An image file becomes plain pixels: bounded in size, upright, 8-bit grey or RGB, without any metadata.

Nothing but the pixels leaves this module: neither EXIF (a name, a date, a place), nor text chunks, colour profiles,
thumbnails or the file's own name.
"""

from __future__ import annotations

import logging
import stat
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

__all__ = ["MOST_BYTES", "MOST_PIXELS", "PictureError", "picture", "picture_size"]

# Pillow logs what it dislikes about a damaged TIFF; we say it in one line ourselves.
logging.getLogger("PIL").addHandler(logging.NullHandler())

#: A file above this is no page: an uncompressed A4 scan at 600 dpi and 8-bit grey has 35 MB.
MOST_BYTES = 50 * 2**20

#: A4 at 600 dpi has 35 million pixels, the largest telephone photographs 50; decoded as RGB this is 192 MB.
MOST_PIXELS = 64_000_000

_FORMATS = ("PNG", "JPEG", "TIFF", "WEBP")

#: EXIF's Orientation, and the values of it that exchange width and height.
_ORIENTATION, _SIDEWAYS = 0x0112, (5, 6, 7, 8)

#: TIFF's NewSubfileType; bit 0 marks a reduced copy of another page.
_SUBFILE_TYPE = 254


class PictureError(Exception):
    """An image file that cannot be used.

    Attributes
    ----------
    reason : {"missing", "unreadable", "huge"}
        As in `einthoven.errors.Fault`.
    detail : str
        One line for people, with the file's name.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


def picture(path: Path) -> Image.Image:
    """Decode an image file.

    PNG, JPEG, TIFF or WebP, told by the content, not by the name. EXIF's orientation is applied. What is transparent
    is laid on white; CMYK, palettes and 1-bit fax pages become RGB or grey; 16-bit grey is brought to 8 bits by the
    highest bit that is used (12-bit scanners write four empty bits). Grey pixels stored as RGB become grey. A file
    with several pages or frames is refused: which of them is the ECG is not for us to guess, and a cart's second page
    may hold its own diagnosis. The small second pictures of telephones' JPEGs (MPO) and TIFF's reduced copies are not
    pages.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    PIL.Image.Image
        Mode ``L`` or ``RGB``; the same pixels give the same image whatever file they came from.

    Raises
    ------
    PictureError
        ``missing``, ``unreadable``, ``huge``.
    """
    with _opened(path) as image:
        upright = _upright(image)
        return _plain(path, upright)


def picture_size(path: Path) -> tuple[int, int]:
    """Give width and height of the upright picture in pixels without decoding it.

    Raises
    ------
    PictureError
        As `picture`, as far as the file's header shows it.
    """
    with _opened(path) as image:
        width, height = image.size
        # Pillow's TIFF reader has turned the size already.
        sideways = image.format != "TIFF" and image.getexif().get(_ORIENTATION) in _SIDEWAYS
        return (height, width) if sideways else (width, height)


@contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    """Open a file within its bounds; whatever Pillow raises becomes one line."""
    content = _content(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # remarks about EXIF and palettes are not the user's concern
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(BytesIO(content), formats=_FORMATS) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise PictureError(
                        "huge", f"{path.name} has {image.width}x{image.height} pixels, of 64 million allowed"
                    )
                if (pages := _pages(image)) > 1:
                    raise PictureError(
                        "unreadable", f"{path.name} holds {pages} pages or frames: save each as a file of its own"
                    )
                yield image
        except PictureError:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise PictureError("huge", f"{path.name} has more than 64 million pixels") from None
        except UnidentifiedImageError:
            raise PictureError("unreadable", f"{path.name} is no PNG, JPEG, TIFF or WebP image") from None
        except Exception as error:  # Pillow's plugins raise many kinds on a damaged file and give them no base class
            message = " ".join(str(error).split())[:120] or "no message"
            raise PictureError("unreadable", f"{path.name}: {type(error).__name__}: {message}") from None


def _content(path: Path) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):  # a pipe would never end
            raise PictureError("unreadable", f"{path.name} is no file")
        if status.st_size > MOST_BYTES:
            raise PictureError("huge", f"{path.name} has {status.st_size / 2**20:.0f} MB, of 50 allowed")
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise PictureError("missing", f"no file {path.name}") from None
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        detail = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise PictureError("unreadable", f"{path.name}: {detail}") from None


def _pages(image: Image.Image) -> int:
    """Count the pages or frames of a file, without reduced copies."""
    frames = int(getattr(image, "n_frames", 1))
    if frames == 1 or image.format == "MPO":
        return 1
    if image.format != "TIFF":
        return frames
    pages = 0
    for frame in range(frames):
        image.seek(frame)
        pages += not getattr(image, "tag_v2", {}).get(_SUBFILE_TYPE, 0) & 1
    image.seek(0)
    return pages


def _upright(image: Image.Image) -> Image.Image:
    image.load()
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # damaged EXIF says nothing about the orientation; the pixels are sound
        return image


def _plain(path: Path, image: Image.Image) -> Image.Image:
    """Give the pixels alone, in mode L or RGB."""
    if image.mode == "F" or image.mode in ("LAB", "HSV"):
        raise PictureError("unreadable", f"{path.name} has pixels of mode {image.mode}: save it as 8-bit RGB or grey")
    if image.mode.startswith("I"):
        deep = np.maximum(np.asarray(image).astype(np.int64), 0)
        shift = max(int(deep.max()).bit_length() - 8, 0)
        return Image.fromarray((deep >> shift).astype(np.uint8))
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        ground = Image.new("RGBA", layer.size, (255, 255, 255, 255))
        image = Image.alpha_composite(ground, layer)
    pixels = np.asarray(image.convert("L" if image.mode in ("1", "L", "LA", "La") else "RGB"))
    if pixels.ndim == 3 and (pixels[..., 0] == pixels[..., 1]).all() and (pixels[..., 0] == pixels[..., 2]).all():
        pixels = np.ascontiguousarray(pixels[..., 0])
    return Image.fromarray(pixels)  # a new image: nothing but pixels came along
