"""All answers behind a site, board by board: gathered once, taken by the pages of the ECGs and by the downloads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from einthoven.errors import EinthovenError, Exit
from einthoven.leaderboard.boards import GROUPS, Board
from einthoven.leaderboard.gather import Gathered, gather
from einthoven.leaderboard.runs import Run
from einthoven.leaderboard.strangers import visible
from einthoven.leaderboard.truths import Truths

if TYPE_CHECKING:
    from einthoven.leaderboard.crew import Crew
    from einthoven.leaderboard.site import Site

__all__ = ["Answered", "BoardAnswers", "board_answers"]


@dataclass(frozen=True, slots=True)
class Answered:
    """One run with its rows.

    Attributes
    ----------
    run : Run
        The run.
    slug : str
        Its model's name as a file name.
    gathered : Gathered
        Its answers.
    """

    run: Run
    slug: str
    gathered: Gathered


@dataclass(frozen=True, slots=True)
class BoardAnswers:
    """The answers of a board.

    Attributes
    ----------
    board : Board
        The board.
    truths : Truths
        What is known of its ECGs.
    answered : tuple of Answered
        Runs with rows, by group and then by name, as on the board.
    """

    board: Board
    truths: Truths
    answered: tuple[Answered, ...]


def _gathered(scratch: Path, truths: Truths | None, job: tuple[int, Run]) -> tuple[Gathered, Truths | None] | None:
    number, run = job
    found = gather(run.path.parent, run.result, scratch / f"{number}.bin", truths)
    # Whoever sent the truths has them: they need not travel back.
    return None if found is None else (found[0], None if found[1] is truths else found[1])


def board_answers(site: Site, board: Board, scratch: Path, crew: Crew) -> BoardAnswers | None:
    """Gather the rows of a board.

    Parameters
    ----------
    site, board
        Whose.
    scratch : Path
        An empty folder for raw answers; to be kept as long as they are wanted.
    crew : Crew
        Who reads.

    Returns
    -------
    BoardAnswers or None
        `None` where no run of the board has rows that can be read.

    Raises
    ------
    EinthovenError
        Rows are damaged, make no sense, or are of other ECGs than those of the other runs.
    """
    runs = [run for group in GROUPS for run in board.group(group)]
    first: tuple[Run, Truths] | None = None
    answered = []
    for run, found in _all(runs, scratch, crew):
        if found is None:
            continue
        gathered, truths = found
        if first is None and truths is not None:
            first = (run, truths)
        if first is not None and gathered.digest != first[1].digest:
            raise EinthovenError(
                f"{visible(str(run.path.parent), 300)} and {visible(str(first[0].path.parent), 300)} name different "
                "ECGs or truths under the same fingerprint",
                "run one of them again, or leave it out",
                Exit.MISSING,
            )
        answered.append(Answered(run, site.model(run).slug, gathered))
    return None if first is None else BoardAnswers(board, first[1], tuple(answered))


def _all(runs: list[Run], scratch: Path, crew: Crew) -> Iterator[tuple[Run, tuple[Gathered, Truths | None] | None]]:
    """Gather runs in order: the first with rows alone, the others with its truths at hand."""
    truths: Truths | None = None
    jobs = list(enumerate(runs))
    while jobs and truths is None:
        number, run = jobs.pop(0)
        found = _gathered(scratch, None, (number, run))
        truths = None if found is None or found[1] is None else found[1].slim()
        yield run, found
    results = crew.map(partial(_gathered, scratch, truths), jobs)
    yield from zip([run for _, run in jobs], results, strict=True)
