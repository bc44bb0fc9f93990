"""Methods and glossary, for cardiologist and engineer alike."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from importlib.resources import files

from einthoven.bench.arms import ARMS
from einthoven.leaderboard.false_reads import error_rates
from einthoven.leaderboard.render import render
from einthoven.leaderboard.site import Site

__all__ = ["pages"]


def pages(site: Site) -> Iterator[tuple[str, bytes]]:
    """Yield the page."""
    text = files("einthoven.leaderboard").joinpath("glossary.toml").read_text(encoding="utf-8")
    terms = sorted(tomllib.loads(text)["term"], key=lambda term: str(term["name"]).lower())
    yield render(site, "methods.html", "methods.html.j2", terms=terms, arms=ARMS.values(), rates=error_rates())
