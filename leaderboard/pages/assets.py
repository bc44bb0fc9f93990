"""The scripts and the style sheet."""

from __future__ import annotations

from collections.abc import Iterator

from einthoven.leaderboard.render import ASSETS, asset_bytes, asset_path
from einthoven.leaderboard.site import Site

__all__ = ["pages"]


def pages(site: Site) -> Iterator[tuple[str, bytes]]:
    """Yield the assets: the same for every site."""
    for name in ASSETS:
        yield asset_path(name), asset_bytes(name)
