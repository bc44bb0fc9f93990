"""Home: who reads the trace, at one glance."""

from __future__ import annotations

from collections.abc import Iterator

from einthoven.leaderboard.render import render
from einthoven.leaderboard.site import Site

__all__ = ["pages"]


def pages(site: Site) -> Iterator[tuple[str, bytes]]:
    """Yield the home page."""
    yield render(site, "index.html", "home.html.j2")
