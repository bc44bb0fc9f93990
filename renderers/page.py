"""What a renderer gives: a PNG, the identity of its pixels, and where everything stands on it.

Page coordinates: x to the right and y downwards, in pixels, with the centre of the top left pixel at (0, 0). The
pixel of column i therefore covers i - 0.5 to i + 0.5, and a line "at x = 160" is centred on column 160. They are the
coordinates of the flat page as it was drawn; a scan or a photograph of it is reached through `Geometry.homography`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

__all__ = ["FLAT", "Box", "Geometry", "Page", "Segment"]

#: The homography of an image that is the page itself.
FLAT = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of whole pixels: columns ``x0 <= x < x1``, rows ``y0 <= y < y1``."""

    x0: int
    y0: int
    x1: int
    y1: int


@dataclass(frozen=True, slots=True)
class Segment:
    """One uninterrupted stretch of one lead on the page.

    Attributes
    ----------
    lead : str
        One of `einthoven.ecg.recording.LEADS`.
    t0, t1 : float
        The seconds of the recording it shows.
    x0 : float
        The page x of `t0`.
    baseline : float
        The page y of 0 mV.
    px_per_second, px_per_mv : float
        Paper speed and gain in pixels.
    box : Box
        The lead's own space. A trace may leave it, as on paper; it is cut at the edge of the page only.
    label : Box
        Where the lead's name stands.
    clipped : bool
        Whether the trace's centre line leaves the page, so that some of its amplitude cannot be read.
    sign : {1, -1}
        -1 where the lead is drawn upside down: -aVR in Cabrera's order.
    """

    lead: str
    t0: float
    t1: float
    x0: float
    baseline: float
    px_per_second: float
    px_per_mv: float
    box: Box
    label: Box
    clipped: bool = False
    sign: int = 1

    def x(self, seconds: float) -> float:
        """Give the page x of a time of the recording in seconds."""
        return self.x0 + (seconds - self.t0) * self.px_per_second

    def y(self, millivolts: float) -> float:
        """Give the page y of a voltage of the lead in millivolts."""
        return self.baseline - self.sign * millivolts * self.px_per_mv

    @property
    def affine(self) -> tuple[float, float, float, float, float, float]:
        """The inverse: ``(a, b, c, d, e, f)`` with seconds = a x + b y + c and millivolts = d x + e y + f.

        x and y are page coordinates; the voltage is the lead's own, with the right sign for -aVR too.
        """
        time, gain = 1.0 / self.px_per_second, self.sign / self.px_per_mv
        return (time, 0.0, self.t0 - self.x0 * time, 0.0, -gain, self.baseline * gain)


@dataclass(frozen=True, slots=True)
class Geometry:
    """Where everything stands on a page.

    Attributes
    ----------
    width, height : int
        Of the image, in pixels.
    px_per_mm_x, px_per_mm_y : float
        Pixels of the page a millimetre of paper, along time and along voltage; 0 where it is not known (a scan shown
        as it is).
    segments : tuple of Segment
        In reading order: row by row from the left, the rhythm strips last.
    pulses : tuple of Box
        The calibration pulses, one a row, from the centre of the rising edge to the centre of the falling edge and
        from the centre of the top to the baseline: 1 mV by 0.2 s.
    homography : tuple of nine float
        Row by row the 3x3 matrix that takes page coordinates to those of the image, `FLAT` where the image is the
        page itself; the last element is 1.
    """

    width: int
    height: int
    px_per_mm_x: float
    px_per_mm_y: float
    segments: tuple[Segment, ...]
    pulses: tuple[Box, ...]
    homography: tuple[float, ...] = FLAT

    def to_image(self, x: float, y: float) -> tuple[float, float]:
        """Give the image coordinates of a point of the page."""
        return _projected(self.homography, x, y)

    def to_page(self, x: float, y: float) -> tuple[float, float]:
        """Give the page coordinates of a point of the image."""
        return _projected(_inverse(self.homography), x, y)

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form: plain dicts, lists, numbers and strings, with every segment's `affine`."""
        row = asdict(self)
        row["segments"] = [asdict(one) | {"affine": list(one.affine)} for one in self.segments]
        row["pulses"] = list(row["pulses"])
        row["homography"] = list(self.homography)
        return row


@dataclass(frozen=True)
class Page:
    """One rendered page.

    Attributes
    ----------
    png : bytes
        The whole PNG file.
    pixel_id : str
        SHA-256 of the decoded pixels, in hex: see `einthoven.renderers.identity`.
    geometry : Geometry
        Where everything stands.
    view : str
        The view's name in `einthoven.renderers.registry.VIEWS`.
    version : str
        The renderer's version: pages of different versions are not compared silently.
    degraded : str
        What was done to the sheet afterwards, as ``KIND:SEVERITY:SEED``; empty for a page as it was drawn.
    """

    png: bytes = field(repr=False)
    pixel_id: str
    geometry: Geometry = field(repr=False)
    view: str
    version: str
    degraded: str = ""

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form without the image itself."""
        return {
            "pixel_id": self.pixel_id,
            "view": self.view,
            "version": self.version,
            "degraded": self.degraded,
            "geometry": self.geometry.to_json(),
        }


def _projected(matrix: tuple[float, ...], x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f, g, h, i = matrix
    scale = g * x + h * y + i
    return (a * x + b * y + c) / scale, (d * x + e * y + f) / scale


def _inverse(matrix: tuple[float, ...]) -> tuple[float, ...]:
    """Give the adjugate: the inverse but for a factor, which a projection does not see."""
    a, b, c, d, e, f, g, h, i = matrix
    return (
        *(e * i - f * h, c * h - b * i, b * f - c * e),
        *(f * g - d * i, a * i - c * g, c * d - a * f),
        *(d * h - e * g, b * g - a * h, a * e - b * d),
    )
