"""Two models side by side: paired differences and the ECGs on which they disagree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from einthoven.leaderboard.answers import BoardAnswers
from einthoven.leaderboard.registry import registry_bytes
from einthoven.leaderboard.render import render
from einthoven.leaderboard.site import Site
from einthoven.leaderboard.standing import Standing, standing_of

__all__ = ["answered", "pages", "paired_key"]


def paired_key(board: str, model: str) -> str:
    """Return the key of the registry of one model's differences from all others."""
    return f"{board}/paired/{model}"


def answered(site: Site, answers: BoardAnswers) -> Iterator[tuple[str, bytes]]:
    """Compare the models of a board while its rows are at hand; yield what the comparing page loads."""
    standing = site.standings[answers.board.number] = standing_of(answers)
    for one in answers.answered:
        key = paired_key(answers.board.slug, one.slug)
        yield f"data/{key}.js", registry_bytes(key, _differences(standing, one.slug))


def _differences(standing: Standing, slug: str) -> dict[str, Any]:
    """Return one model against all others: by axis and slug value, ends, and whether they are told apart."""
    axes: dict[str, dict[str, list[float | int]]] = {}
    for name, axis in standing.axes.items():
        axes[name] = {}
        for other in standing.names:
            found = axis.between(slug, other)
            if found is not None:
                numbers = [round(number, 4) for number in (found.value, found.low, found.high)]
                axes[name][other] = [*numbers, int(found.apart)]
    return {"scores": {name: axis.scores.get(slug) for name, axis in standing.axes.items()}, "axes": axes}


def pages(site: Site) -> Iterator[tuple[str, bytes]]:
    """Yield the page: scores of all models as a table, and two of them compared by a script."""
    boards = [(board, site.standings[board.number]) for board in site.boards if board.number in site.standings]
    yield render(site, "compare.html", "compare.html.j2", boards=boards)
