"""What the site is made of, and the contract between it and the modules that write its pages.

A page module is one file in ``leaderboard/pages/`` with one function::

    def pages(site: Site) -> Iterator[tuple[str, bytes]]:
        yield render(site, "views.html", "views.html.j2", anything=...)

It yields pairs of a relative path and the content, in an order and with bytes that depend on the site alone. A row in
`contents.SECTIONS` makes it part of the site and, where it has a title, of the navigation. Nothing else needs to know
of it.

- `render.render(site, path, template, **context)` gives the pair of a page. Templates extend ``base.html.j2`` (blocks
  ``title``, ``description``, ``scripts``, ``main``) and have ``site``, ``path``, ``root`` (``"../"`` as often as the
  path is deep) and ``url(path)``, by which every link inside the site is written: ``url("models/x.html")``.
- Scripts and styles are all the files in ``leaderboard/assets/``; ``asset("site.js")`` gives their path in the site,
  which has their hash in it. The policy of every page allows the site's own files and nothing inline: no
  ``style="…"``, no ``<script>`` with a content. Data for scripts are classic scripts too, because ``fetch`` is
  blocked on ``file://``; they find the site's folder in ``document.documentElement.dataset.root``.
- Strangers' strings go through the filter ``visible`` (and stand in ``<bdi>``); names become paths by `slugs.slug`,
  which `Model.slug` and `Board.slug` already are.
- A `Run` holds ``result.json``; its rows are read by `Run.bundle` when a page wants them, anew each time: take what
  is needed and let go of the rest, or two hundred runs fill the memory.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import unquote

from einthoven.leaderboard.boards import GROUPS, Board, boards_of, group_of
from einthoven.leaderboard.runs import Run
from einthoven.leaderboard.slugs import slug
from einthoven.leaderboard.strangers import visible

if TYPE_CHECKING:  # numpy and scipy stay away from --help
    from einthoven.leaderboard.standing import Standing

__all__ = ["Model", "Site"]


def _decoded(name: str) -> str:
    """Decode the percent signs behind the question mark, but for those of characters that have a meaning there."""
    start, mark, query = name.partition("?")
    return start + mark + re.sub(r"%(?!2[356B]|3[BDF])[2-7][0-9A-F]", lambda found: unquote(found[0]), query)


@dataclass(frozen=True)
class Model:
    """One model, on all boards.

    Attributes
    ----------
    name : str
        A stranger's string.
    group : str
        A key of `boards.GROUPS`: ``vlm``, ``reference``, ``baseline`` or ``control``.
    runs : tuple of (Board, Run)
        In the order of the boards.
    """

    name: str
    group: str
    runs: tuple[tuple[Board, Run], ...]

    @cached_property
    def slug(self) -> str:
        """The name as a file name."""
        return slug(self.name)

    @property
    def path(self) -> str:
        """The model's page."""
        return f"models/{self.slug}.html"


@dataclass(frozen=True)
class Site:
    """All that the pages are made from.

    Attributes
    ----------
    boards : tuple of Board
        Real ECGs before simulated ones, whole sets before previews.
    models : tuple of Model
        By group, then by name.
    standings : dict of int to Standing
        By the board's number, who can be told apart; filled while the rows of the runs are at hand, before the pages
        that show it are made. Boards whose runs have no rows have none.
    """

    boards: tuple[Board, ...]
    models: tuple[Model, ...]
    standings: dict[int, Standing] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, runs: Sequence[Run]) -> Site:
        """Sort runs into boards and models: equal runs in any order give equal sites.

        Raises
        ------
        EinthovenError
            Two runs of one model on the same ECGs.
        """
        boards = tuple(boards_of(runs))
        found: dict[str, list[tuple[Board, Run]]] = {}
        for board in boards:
            for run in board.runs:
                found.setdefault(run.model, []).append((board, run))
        order = list(GROUPS)
        models = (Model(name, group_of(members[0][1]), tuple(members)) for name, members in found.items())
        return cls(boards, tuple(sorted(models, key=lambda model: (order.index(model.group), model.name))))

    @cached_property
    def _by_name(self) -> dict[str, Model]:
        return {model.name: model for model in self.models}

    def model(self, run: Run) -> Model:
        """Return the model of a run."""
        return self._by_name[run.model]

    @cached_property
    def _readable(self) -> dict[str, str]:
        """Names whose parameters are written as people write them, by names."""
        read = {model.name: _decoded(model.name) for model in self.models}
        times = Counter(read.values())
        return {name: plain for name, plain in read.items() if times[plain] == 1}

    def shown(self, name: str, limit: int = 80) -> str:
        """Return a model's name as pages show it: ``runs/tuned`` for ``runs%2Ftuned`` behind its question mark.

        Two names that would read alike both stand as they are: none may be taken for another.
        """
        return visible(self._readable.get(name, name), limit)

    @cached_property
    def lead(self) -> Board:
        """The board on the home page: the declared cell on whole test sets first, real ECGs, most VLMs, most runs."""

        def rank(board: Board) -> tuple[bool, bool, bool, bool, int, int]:
            test = board.identity["split"] == "test"
            sizes = (len(board.group("vlm")), len(board.runs))
            return (board.worded, not board.simulated, not board.preview, test, *sizes)

        return max(self.boards, key=rank)

    @property
    def simulated(self) -> bool:
        """Whether there is no real ECG behind any board."""
        return all(board.simulated for board in self.boards)
