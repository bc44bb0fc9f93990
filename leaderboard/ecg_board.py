"""What the pages of a board's ECGs are made from: it travels to worker processes once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from markupsafe import Markup, escape
from numpy.typing import NDArray

from einthoven.bench.arms import ARMS
from einthoven.leaderboard.answers import Answered, BoardAnswers
from einthoven.leaderboard.boards import GROUPS, Board, group_of
from einthoven.leaderboard.clinical import clinical, listed
from einthoven.leaderboard.gather import Verbatim
from einthoven.leaderboard.media import Media, media_of
from einthoven.leaderboard.sheets import Sheet
from einthoven.leaderboard.site import Site
from einthoven.leaderboard.strangers import visible
from einthoven.leaderboard.truths import Truths, Value

__all__ = ["EcgBoard", "ModelRow", "ecg_board"]

#: The headline arm, whose answers stand in the pages themselves.
IMAGE = "image"


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One model on the pages of ECGs.

    Attributes
    ----------
    name, slug, group : str
        Who it is.
    compared : bool
        Whether it is counted in "so many models": baselines and controls are not.
    arms : tuple of str
        Those it was asked in.
    words : mapping of str to tuple of Markup
        By axis, its distinct answers in words, escaped.
    places : mapping of str to ndarray of int32, shape (records,)
        By axis, its answers to the picture, as places in `words`.
    statuses : ndarray of int8, shape (records,)
        What became of the question with the picture.
    right : ndarray of int8, shape (arms, axes, records)
        1, 0, or negative where it does not count.
    verbatim : Verbatim
        Its raw answers.
    seen : tuple of (str, str)
        What its own resize leaves of a picture: (size as sent, size as seen); nothing where it is not known.
    """

    name: str
    slug: str
    group: str
    compared: bool
    arms: tuple[str, ...]
    words: Mapping[str, tuple[Markup, ...]] = field(repr=False)
    places: Mapping[str, NDArray[np.int32]] = field(repr=False)
    statuses: NDArray[np.int8] = field(repr=False)
    right: NDArray[np.int8] = field(repr=False)
    verbatim: Verbatim = field(repr=False)
    seen: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class EcgBoard:
    """A board and all its ECGs.

    Attributes
    ----------
    site, board
        Whose pages these are.
    truths : Truths
        What is known of the ECGs.
    models : tuple of ModelRow
        In the order of the board.
    arms : tuple of str
        All arms that any model was asked in, in the order of the protocol.
    rule : str
        How the ECGs with pictures were chosen; empty where none has any.
    media : mapping of str to Media
        By the ECG's id.
    """

    site: Site
    board: Board
    truths: Truths
    models: tuple[ModelRow, ...]
    arms: tuple[str, ...]
    rule: str
    media: Mapping[str, Media]

    @property
    def titles(self) -> list[str]:
        """The axes' titles, in the order of the truths."""
        by_name = {column.name: column.title for column in self.board.columns}
        return [by_name[axis.name] for axis in self.truths.axes]


def ecg_board(site: Site, found: BoardAnswers) -> EcgBoard:
    """Put together what the pages need; media of several runs are joined, of one ECG the first run's.

    Raises
    ------
    EinthovenError
        The media of a bundle are damaged.
    """
    rule = ""
    media: dict[str, Media] = {}
    known = set(found.truths.ids)
    for one in found.answered:
        said, pictures = media_of(one.run.path.parent)
        fresh = {record: each for record, each in pictures.items() if record in known and record not in media}
        rule = rule or (said if fresh else "")
        media |= fresh
    models = tuple(_row(site, found.truths, one) for one in found.answered)
    asked = {arm for model in models for arm in model.arms}
    return EcgBoard(site, found.board, found.truths, models, tuple(arm for arm in ARMS if arm in asked), rule, media)


def _row(site: Site, truths: Truths, one: Answered) -> ModelRow:
    sheet, group = one.gathered.sheet, group_of(one.run)
    names = [axis.name for axis in truths.axes]
    return ModelRow(
        name=site.shown(one.run.model),
        slug=one.slug,
        group=GROUPS[group],
        compared=group in ("vlm", "reference"),
        arms=sheet.arms,
        words={name: tuple(map(_words, sheet.axes[name].legend)) for name in names},
        places={name: sheet.axes[name].places[IMAGE] for name in names},
        statuses=sheet.statuses[IMAGE],
        right=_right(sheet, names),
        verbatim=one.gathered.verbatim,
        seen=_seen(one),
    )


@lru_cache(maxsize=100_000)
def _words(value: Value) -> Markup:
    """Return a value as it stands in a page; models give the same ones over and over."""
    return escape(visible(clinical(value) if isinstance(value, str) else listed(value), 300))


def _right(sheet: Sheet, names: list[str]) -> NDArray[np.int8]:
    return np.array([[sheet.axes[name].right[arm] for name in names] for arm in sheet.arms], dtype=np.int8)


def _seen(one: Answered) -> tuple[tuple[str, str], ...]:
    pages = (one.run.result.get("resolution") or {}).get("pages", [])
    found = []
    for page in pages:
        seen = page.get("seen") or {}
        if seen.get("width") and seen.get("height"):
            found.append((f"{page['width']}×{page['height']}", f"{seen['width']}×{seen['height']}"))
    return tuple(found)
