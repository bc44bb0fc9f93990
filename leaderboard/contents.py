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
    first : bool
        Its pages are made before the others': it reads the rows of all runs, once, and leaves in the site what other
        pages take of them.
    """

    module: str
    title: str = ""
    path: str = ""
    first: bool = False


#: In the order of the navigation.
SECTIONS = (
    Section("home", "Home", "index.html"),
    Section("model", "Models", "models/index.html"),
    Section("axis", "Axes", "axes/index.html"),
    Section("ecgs", "ECGs", "ecg/index.html", first=True),
    Section("views", "Views and conflict", "views.html"),
    Section("safety", "Safety", "safety.html"),
    Section("compare", "Compare", "compare.html"),
    Section("study", "The study, repeated", "study.html"),
    Section("", "Data", "data.html"),
    Section("methods", "Methods", "methods.html"),
    Section("assets"),
)


def all_pages(site: Site) -> Iterator[tuple[str, bytes]]:
    """Yield every file of the site: relative path, content."""
    written = [section for section in SECTIONS if section.module]
    for section in sorted(written, key=lambda section: not section.first):
        yield from import_module(f"einthoven.leaderboard.pages.{section.module}").pages(site)
