"""The leads one after the other: what views show that do not lay them out as a page, yet have the page's seconds."""

from __future__ import annotations

from functools import lru_cache

from einthoven.ecg.recording import LEADS
from einthoven.renderers.layout import Layout, laid_out
from einthoven.renderers.options import STANDARD, Options
from einthoven.renderers.page import Segment

__all__ = ["leads_of", "page_of"]

#: The options that decide on which seconds of which lead a page shows, where, and how large.
_DECISIVE = ("columns", "cabrera", "mm_per_second", "mm_per_mv")


@lru_cache(maxsize=64)
def page_of(options: Options = STANDARD) -> Layout:
    """Give the 3x4 page with nothing printed on it, to cut leads from: no names, ticks, pulses or footer.

    What a piece of it says of its lead is set anew beside the piece: most names stand outside their lead's space or
    at its edge, where the cut would halve them, and a pulse goes with a row.

    Parameters
    ----------
    options : Options
        Of which `columns`, `cabrera`, `mm_per_second` and `mm_per_mv` count.
    """
    layout = laid_out(Options(**{name: getattr(options, name) for name in _DECISIVE}))
    return Layout(layout.geometry, (), (), layout.origin)


@lru_cache(maxsize=64)
def leads_of(options: Options = STANDARD) -> tuple[Segment, ...]:
    """Give the twelve leads of the 3x4 page column by column, from the top: that is the order of the leads.

    It is the standard one or Cabrera's. Each lead has the seconds of its own column, so that a view made of them
    holds what the page holds, no more: only the rhythm strip is left out.

    Parameters
    ----------
    options : Options
        As `page_of`.
    """
    slots = page_of(options).geometry.segments[: len(LEADS)]
    return tuple(sorted(slots, key=lambda slot: (slot.x0, slot.baseline)))
