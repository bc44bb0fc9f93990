"""What a renderer gives: a PNG, the identity of its pixels, and where everything stands on it.

Page coordinates: x to the right and y downwards, in pixels, with the centre of the top left pixel at (0, 0). The
pixel of column i therefore covers i - 0.5 to i + 0.5, and a line "at x = 160" is centred on column 160.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

__all__ = ["Box", "Geometry", "Page", "Segment"]


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

    def x(self, seconds: float) -> float:
        """Give the page x of a time of the recording in seconds."""
        return self.x0 + (seconds - self.t0) * self.px_per_second

    def y(self, millivolts: float) -> float:
        """Give the page y of a voltage in millivolts."""
        return self.baseline - millivolts * self.px_per_mv


@dataclass(frozen=True, slots=True)
class Geometry:
    """Where everything stands on a page.

    Attributes
    ----------
    width, height : int
        Of the page, in pixels.
    px_per_mm : float
        Pixels a millimetre of paper, the same both ways; 0 where it is not known (a scan shown as it is).
    segments : tuple of Segment
        In reading order: row by row from the left, the rhythm strip last.
    pulses : tuple of Box
        The calibration pulses, one a row, from the centre of the rising edge to the centre of the falling edge and
        from the centre of the top to the baseline: 1 mV by 0.2 s.
    """

    width: int
    height: int
    px_per_mm: float
    segments: tuple[Segment, ...]
    pulses: tuple[Box, ...]

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form: plain dicts, lists, numbers and strings."""
        row = asdict(self)
        row["segments"] = list(row["segments"])
        row["pulses"] = list(row["pulses"])
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
    """

    png: bytes = field(repr=False)
    pixel_id: str
    geometry: Geometry = field(repr=False)
    view: str
    version: str

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form without the image itself."""
        return {
            "pixel_id": self.pixel_id,
            "view": self.view,
            "version": self.version,
            "geometry": self.geometry.to_json(),
        }
