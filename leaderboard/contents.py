"""The contents of the site: every module that writes pages, in one place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module

from einthoven.leaderboard.site import Site

__all__ = ["SECTIONS", "Section", "all_pages"]


@dataclass(frozen=True, slots=True)
class Section:
    """A module of pages.

    Attributes
    ----------
    module : str
        Under ``einthoven.leaderboard.pages``; its ``pages(site)`` yields paths and contents; empty where another
        module writes the page.
    title : str
        As it stands in the navigation; empty for pages that are reached from others.
    path : str
        Where the navigation leads.
    """

    module: str
    title: str = ""
    path: str = ""


#: In the order of the navigation.
SECTIONS = (
    Section("home", "Home", "index.html"),
    Section("ecgs", "ECGs", "ecg/index.html"),
    Section("", "Data", "data.html"),
    Section("assets"),
)


def all_pages(site: Site) -> Iterator[tuple[str, bytes]]:
    """Yield every file of the site: relative path, content."""
    for section in filter(lambda section: section.module, SECTIONS):
        yield from import_module(f"einthoven.leaderboard.pages.{section.module}").pages(site)
