"""The view `page`: the scans or photographs that a recording carries, as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import TypeVar

from PIL import Image

from einthoven.ecg.recording import Recording
from einthoven.errors import EinthovenError, Fault, RecordingFault
from einthoven.renderers import identity
from einthoven.renderers.page import Geometry, Page
from einthoven.renderers.picture import PictureError, picture, picture_size
from einthoven.renderers.registry import RENDERER_VERSION

__all__ = ["OPTIONS", "blank", "render"]

#: What it honours of `einthoven.renderers.options.Options`: nothing.
OPTIONS = ()

#: Pixels of the sheet that stands for a blank page where no recording is given: that of the view `grid`.
_SHEET = (2200, 1700)

#: zlib's fastest level: other bytes, the same pixels, a fifth of the default's time for a tenth more bytes.
_COMPRESSION = 1

_Look = TypeVar("_Look")


def render(recording: Recording) -> tuple[Page, ...]:
    """Give a recording's own pages, in order.

    Each is decoded, set upright and written anew as PNG: no pixel is changed after decoding, and nothing but pixels
    goes along (see `einthoven.renderers.picture`). Where the leads stand on it nobody knows: its geometry is a size.

    Parameters
    ----------
    recording : Recording
        With page images.

    Returns
    -------
    tuple of Page
        One page an image file.

    Raises
    ------
    EinthovenError
        There are no page images.
    RecordingFault
        One cannot be read: it has changed since it was checked.
    """
    return tuple(_page(one) for one in _each(recording, picture))


def blank(recording: Recording | None = None) -> tuple[Page, ...]:
    """Give empty white pages: as many as the recording has, each of the same size.

    Size and number are kept because they may tell something (a ward's scanner, a second page for the long rhythm
    strip): what a model makes of them is no reading.

    Parameters
    ----------
    recording : Recording, optional
        With page images; without one, a single sheet of 2200 x 1700 pixels.

    Raises
    ------
    RecordingFault
        As `render`.
    """
    sizes = [_SHEET] if recording is None else list(_each(recording, picture_size))
    return tuple(_page(Image.new("L", size, 255)) for size in sizes)


def _each(recording: Recording, look: Callable[[Path], _Look]) -> Iterator[_Look]:
    if not recording.pages:
        raise EinthovenError(
            f"{recording.id}: a signal has no page image to show as it is", "use the view grid, or an images: source"
        )
    for path in recording.pages:
        try:
            yield look(path)
        except PictureError as error:
            raise RecordingFault(Fault(recording.id, error.reason, error.detail)) from None


def _page(image: Image.Image) -> Page:
    file = BytesIO()
    image.save(file, "PNG", compress_level=_COMPRESSION)
    return Page(
        png=file.getvalue(),
        pixel_id=identity.of_image(image),
        geometry=Geometry(image.width, image.height, 0.0, 0.0, (), ()),
        view="page",
        version=RENDERER_VERSION,
    )
