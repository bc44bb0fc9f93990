"""The site of some results, in memory and taken apart."""

from pathlib import Path
from typing import Any

from read_page import ReadPage, read_page
from synthetic_result import make_result

from einthoven.leaderboard.contents import all_pages
from einthoven.leaderboard.runs import Run
from einthoven.leaderboard.site import Site


def make_run(*args: Any, **changes: Any) -> Run:
    """Return a run with a synthetic result and no rows."""
    return Run(Path("/secret/place/result.json"), make_result(*args, **changes))


def files_of(*runs: Run) -> dict[str, bytes]:
    """Return all files of the site of some runs."""
    found = list(all_pages(Site.of(runs)))
    assert len(dict(found)) == len(found)
    return dict(found)


def pages_of(*runs: Run) -> dict[str, ReadPage]:
    """Return the pages of the site of some runs, parsed."""
    return {path: read_page(content.decode()) for path, content in files_of(*runs).items() if path.endswith(".html")}


def words_of(read: ReadPage) -> str:
    """Return the text of a page, spaces made single."""
    return " ".join(read.text.split())
