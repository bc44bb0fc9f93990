"""The page of the downloads, and their description for machines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from einthoven.leaderboard.answer_exports import ANSWERS, LEGENDS
from einthoven.leaderboard.boards import Board
from einthoven.leaderboard.changes import changes
from einthoven.leaderboard.croissant import croissant
from einthoven.leaderboard.exports import NO_PARQUET, SCORES, Described, parquet_there
from einthoven.leaderboard.render import render
from einthoven.leaderboard.site import Site

__all__ = ["download_pages"]


def download_pages(
    site: Site, scores: Sequence[Described], boards: Sequence[tuple[Board, Sequence[Described]]]
) -> Iterator[tuple[str, bytes]]:
    """Yield the page and the description.

    Parameters
    ----------
    site : Site
        The site.
    scores : sequence of Described
        Files about all boards.
    boards : sequence of (Board, sequence of Described)
        The files of each board whose runs came with answers.
    """
    said = changes(run for board in site.boards for run in board.runs)
    files = [*scores, *(one for _, those in boards for one in those)]
    yield "data/croissant.json", croissant(files, said[0].date if said else None)
    yield render(
        site,
        "data.html",
        "data.html.j2",
        parts=[(None, scores), *boards],
        size=_size,
        missing="" if parquet_there() else NO_PARQUET,
        tables=[("scores", SCORES), ("answers.csv.gz", ANSWERS), ("legends.csv.gz", LEGENDS)],
        changes=said,
    )


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{max(count / 1e3, 0.1):.1f} kB"
