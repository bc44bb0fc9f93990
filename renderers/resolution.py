"""Effective resolution: how much of a page is left once a model has resized it.

Everything is in millimetres of standard paper, at 25 mm/s and 10 mm/mV: a millimetre is always 40 ms by 0.1 mV,
whatever the speed and gain of the page, so that views can be compared.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from einthoven.errors import EinthovenError
from einthoven.renderers.profile import Profile, profile_named
from einthoven.renderers.registry import FOUR, UNDRAWN, view
from einthoven.renderers.resize import refusal, resized

if TYPE_CHECKING:
    from einthoven.renderers.options import Options
    from einthoven.renderers.page import Geometry, Page

__all__ = ["COLUMNS", "Resolution", "ViewResolution", "resolution", "resolutions", "view_resolution"]

#: What a millimetre is: AHA/ACC/HRS 2007, part I (25 mm/s, 10 mm/mV).
_MM_PER_SECOND, _MM_PER_MV = 25.0, 10.0

#: Headings of `ViewResolution.cells`.
COLUMNS = ("view", "images", "sent, px", "seen, px", "seen, px/mm", "tokens", "a token covers")


@dataclass(frozen=True, slots=True)
class Resolution:
    """What is left of one picture; `None` is not published, not known of the page, or nothing because it is refused.

    Attributes
    ----------
    width, height : int or None
        Of the picture after the model's own resize, in pixels.
    padded_width, padded_height : int or None
        The same with the empty margin that some models add, right and below.
    px_per_mm_x, px_per_mm_y : float or None
        Pixels that are left of a millimetre, along time (40 ms) and along voltage (0.1 mV).
    tokens : int or None
        What it takes of the model's context.
    ms_per_token, mv_per_token : float or None
        What one token covers, in milliseconds and millivolts.
    refused : str
        Why the model turns the picture away; empty where it does not.
    """

    width: int | None
    height: int | None
    padded_width: int | None
    padded_height: int | None
    px_per_mm_x: float | None
    px_per_mm_y: float | None
    tokens: int | None
    ms_per_token: float | None
    mv_per_token: float | None
    refused: str = ""


@dataclass(frozen=True, slots=True)
class ViewResolution:
    """What is left of the pages of one view that are of one size.

    Attributes
    ----------
    view : str
        The view's name.
    profile : str
        The profile's name.
    images : int
        How many such pages a recording has.
    width, height : int
        Of each, as it is sent, in pixels.
    seen : Resolution
        What the model sees of each.
    """

    view: str
    profile: str
    images: int
    width: int
    height: int
    seen: Resolution

    @property
    def tokens(self) -> int | None:
        """What all of them take of the context."""
        return None if self.seen.tokens is None else self.images * self.seen.tokens

    def cells(self) -> tuple[str, ...]:
        """Give a table's row under `COLUMNS`; what is unknown is a dash."""
        seen = self.seen
        size = "not published" if seen.width is None else f"{seen.width}x{seen.height}"
        return (
            self.view,
            str(self.images),
            f"{self.width}x{self.height}",
            f"refused: {seen.refused}" if seen.refused else size,
            "-" if seen.px_per_mm_x is None else f"{seen.px_per_mm_x:.1f} x {seen.px_per_mm_y:.1f}",
            "-" if self.tokens is None else f"{self.tokens:,}",
            "-" if seen.ms_per_token is None else f"{seen.ms_per_token:.0f} ms x {seen.mv_per_token:.2f} mV",
        )

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form, floats rounded to six decimals: null where unknown."""
        seen = {
            key: round(value, 6) if isinstance(value, float) else value for key, value in asdict(self.seen).items()
        }
        return {
            "view": self.view,
            "profile": self.profile,
            "images": self.images,
            "width": self.width,
            "height": self.height,
            "tokens": self.tokens,
            "seen": seen,
        }


def resolution(
    width: int,
    height: int,
    px_per_mm_x: float,
    px_per_mm_y: float,
    mm_per_second: float,
    mm_per_mv: float,
    profile: Profile,
    images: int = 1,
) -> Resolution:
    """Work out what a model is left with of one picture.

    Parameters
    ----------
    width, height : int
        Of the picture as it is sent, in pixels.
    px_per_mm_x, px_per_mm_y : float
        Its pixels a millimetre of its own paper, along time and along voltage; 0 where that is not known.
    mm_per_second, mm_per_mv : float
        Speed and gain of its own paper.
    profile : Profile
        How the model sees.
    images : int
        How many pictures the request has: some models take smaller ones only where there are many.
    """
    refused = refusal(width, height, images, profile)
    if refused:
        return Resolution(None, None, None, None, None, None, None, None, None, refused)
    found = resized(width, height, profile)
    along_x = along_y = ms = mv = None
    if found.size is not None and px_per_mm_x > 0 and px_per_mm_y > 0:
        along_x = px_per_mm_x * mm_per_second / _MM_PER_SECOND * found.size[0] / width
        along_y = px_per_mm_y * mm_per_mv / _MM_PER_MV * found.size[1] / height
        if found.token is not None:
            ms = found.token[0] / along_x / _MM_PER_SECOND * 1000.0
            mv = found.token[1] / along_y / _MM_PER_MV
    (w, h), (padded_w, padded_h) = found.size or (None, None), found.padded or (None, None)
    return Resolution(w, h, padded_w, padded_h, along_x, along_y, found.tokens, ms, mv)


def _px_per_mm(geometry: Geometry) -> tuple[float, float]:
    """Give a picture's pixels a millimetre of standard paper; 0 where unknown.

    A scan or a photograph has its own scale, in a photograph another one everywhere: that in the middle of the first
    lead is taken.
    """
    if not geometry.segments:
        return 0.0, 0.0
    one = geometry.segments[0]
    x, y = (one.box.x0 + one.box.x1) / 2, (one.box.y0 + one.box.y1) / 2
    here = geometry.to_image(x, y)
    return (
        math.dist(here, geometry.to_image(x + 1.0, y)) * one.px_per_second / _MM_PER_SECOND,
        math.dist(here, geometry.to_image(x, y + 1.0)) * one.px_per_mv / _MM_PER_MV,
    )


def view_resolution(pages: Sequence[Page], profile: Profile) -> tuple[ViewResolution, ...]:
    """Work out what a model is left with of the pages of one recording.

    Parameters
    ----------
    pages : sequence of Page
        All that one request shows.
    profile : Profile
        How the model sees.

    Returns
    -------
    tuple of ViewResolution
        One for every size and scale among the pages, in the order in which they first appear.
    """
    alike: dict[tuple[str, int, int, float, float], int] = {}
    for page in pages:
        geometry = page.geometry
        key = (page.view, geometry.width, geometry.height, *_px_per_mm(geometry))
        alike[key] = alike.get(key, 0) + 1
    return tuple(
        ViewResolution(
            name,
            profile.name,
            images,
            width,
            height,
            resolution(width, height, x, y, _MM_PER_SECOND, _MM_PER_MV, profile, len(pages)),
        )
        for (name, width, height, x, y), images in alike.items()
    )


def resolutions(
    model: str, views: Sequence[str] = FOUR, options: Options | None = None
) -> tuple[ViewResolution, ...]:
    """Work out what a model is left with of each view.

    Parameters
    ----------
    model : str
        A model's name, or a profile's: see `einthoven.renderers.profile.profile_of`.
    views : sequence of str
        Names in `einthoven.renderers.registry.VIEWS`, of views that draw.
    options : Options, optional
        How the pages are drawn.

    Raises
    ------
    EinthovenError
        No profile is known for the model, there is no such view, it does not draw, or it has no such option.
    """
    profile = profile_named(model)
    for name in views:
        if name in UNDRAWN:
            raise EinthovenError(
                f"the view {name} shows each recording's own images: their size is not known beforehand",
                f"choose one that draws: {', '.join(FOUR)}",
            )
    return tuple(row for name in views for row in view_resolution(view(name, blank=True, options=options)(), profile))
