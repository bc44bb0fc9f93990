"""One call for all wear: kind, severity and seed in, page out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from einthoven.errors import EinthovenError, unknown_name

if TYPE_CHECKING:
    from einthoven.renderers.page import Geometry, Page

__all__ = ["KINDS", "SEVERITIES", "degraded", "seed_of"]

#: What a sheet may go through.
KINDS = ("scan", "photo", "fax")

#: From hardly touched to what a person can just read. 0, the page itself, is allowed too.
SEVERITIES = (1, 2, 3, 4, 5)

#: Millimetres of the longer side where a page's scale is not known: that of the view `grid` (2200 px at 8 px/mm).
_LONGER_SIDE = 275.0


def degraded(page: Page, kind: str, severity: int, seed: int) -> Page:
    """Wear a page down.

    Every shift of the image is an exact homography and is multiplied onto `Geometry.homography`; folds, shadows,
    blur and compression change colours only. A seed draws the same folds, dust and shadows at every severity; a
    higher severity makes more of them. The result is a function of the page's pixels and the three arguments alone.

    Parameters
    ----------
    page : Page
        Of any view; one that is worn already is worn further.
    kind : {"scan", "photo", "fax"}
        A flat-bed scan, a telephone's photograph (both RGB), or a fax (1 bit).
    severity : int
        0 to 5; 0 gives `page` itself.
    seed : int
        Of all that is random: see `seed_of`.

    Returns
    -------
    Page
        ``degraded`` says ``KIND:SEVERITY:SEED``, joined by ``+`` where it was worn before.

    Raises
    ------
    EinthovenError
        There is no such kind, or the severity is not a whole number from 0 to 5.
    """
    if kind not in KINDS:
        raise unknown_name("kind of wear", kind, KINDS)
    if isinstance(severity, bool) or severity not in (0, *SEVERITIES):
        raise EinthovenError(f"severity cannot be {severity!r}", "give a whole number from 0 (unchanged) to 5")
    severity = int(severity)
    if severity == 0:
        return page

    from einthoven.renderers.degrade.fax import fax
    from einthoven.renderers.degrade.homography import Matrix, composed
    from einthoven.renderers.degrade.photo import photo
    from einthoven.renderers.degrade.pixels import Pixels, decoded, encoded
    from einthoven.renderers.degrade.scan import scan
    from einthoven.renderers.degrade.severity import numbers

    wears: dict[str, Callable[..., tuple[Pixels, Matrix]]] = {"scan": scan, "photo": photo, "fax": fax}
    px_per_mm = _px_per_mm(page.geometry)
    image, matrix = wears[kind](decoded(page.png), px_per_mm, numbers(kind, severity), seed)
    png, pixel_id = encoded(image, px_per_mm)
    height, width = image.shape[:2]
    return replace(
        page,
        png=png,
        pixel_id=pixel_id,
        geometry=replace(
            page.geometry, width=width, height=height, homography=composed(matrix, page.geometry.homography)
        ),
        degraded="+".join(filter(None, (page.degraded, f"{kind}:{severity}:{seed}"))),
    )


def seed_of(record_id: str, seed: int, number: int = 0) -> int:
    """Give each page of each record a draw of its own.

    Parameters
    ----------
    record_id : str
        The source's id of the recording.
    seed : int
        Of the whole export or run.
    number : int
        Which of the record's pages.

    Returns
    -------
    int
        0 to 2**32 - 1, the same on every machine.
    """
    return int.from_bytes(sha256(f"{seed}:{number}:{record_id}".encode()).digest()[:4], "big")


def _px_per_mm(geometry: Geometry) -> float:
    """Give the scale of the sheet: that of its voltage, since a stacked strip is stretched in time."""
    return geometry.px_per_mm_y or max(geometry.width, geometry.height) / _LONGER_SIDE
