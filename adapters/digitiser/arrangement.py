"""Which lead stands where: rows and columns held against the arrangements that carts print, by the names on the page.

The conventional orders are those of AHA/ACC/HRS 2007, part I: I II III, aVR aVL aVF, V1-V6, or Cabrera's
aVL I -aVR II aVF III for the limb leads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from einthoven.adapters.digitiser.rows import Rows
from einthoven.adapters.digitiser.undigitisable import Undigitisable
from einthoven.adapters.digitiser.words import NAMES, Word
from einthoven.ecg.recording import LEADS

__all__ = ["Arrangement", "arrangement", "leads_of_images"]

_CABRERA = ("aVL", "I", "-aVR", "II", "aVF", "III")
_CHEST = LEADS[6:]

#: Rows by columns of leads, filled column by column.
_SHAPES = {"3x4": (3, 4), "6x2": (6, 2), "12x1": (12, 1)}

#: Rhythm strips that a page may have below, and what they usually show.
_STRIPS: Mapping[int, tuple[str, ...]] = {0: (), 1: ("II",), 2: ("II", "V1"), 3: ("V1", "II", "V5")}

#: Share of a column that a name may stand left of its beginning, and of a row distance below its row's line.
_LEFT, _BELOW = 0.16, 0.12

#: Likeness above which a name is read, whatever the order says; by how much another name may look more like it; and
#: above which a word that names another lead speaks against an arrangement.
_READ, _CLOSE, _CONTRADICTS = 0.72, 0.1, 0.85


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What stands where.

    Attributes
    ----------
    name : str
        ``3x4``, ``6x2``, ``12x1``.
    cells : tuple of tuple of str
        Row by row the names of the leads, from the left; ``-aVR`` is upside down.
    strips : tuple of str
        The rhythm strips below.
    read : float
        Share of the names that were read on the page; the rest follows the usual order.
    """

    name: str
    cells: tuple[tuple[str, ...], ...]
    strips: tuple[str, ...]
    read: float


def arrangement(found: Rows, seen: Sequence[Word]) -> Arrangement:
    """Find the arrangement of a page with all leads.

    Parameters
    ----------
    found : Rows
        The rows.
    seen : sequence of Word
        What may be names.

    Raises
    ------
    Undigitisable
        The number of rows fits none.
    """
    count = len(found.line)
    options = []
    for name, (high, columns) in _SHAPES.items():
        strips = count - high
        if strips not in _STRIPS or (name == "12x1" and strips > 2):
            continue
        for order in (LEADS, _CABRERA + _CHEST):
            cells = tuple(tuple(order[row + high * k] for k in range(columns)) for row in range(high))
            expected = [*cells, *((lead,) for lead in _STRIPS[strips])]
            score, read = _held_against(found, seen, expected, columns)
            options.append((score, Arrangement(name, cells, _STRIPS[strips], read)))
    if not options:
        rows = "1 row of traces is" if count == 1 else f"{count} rows of traces are"
        raise Undigitisable(f"{rows} no arrangement of twelve leads that is known")
    best = max(options, key=lambda option: option[0])[1]
    strips_read = tuple(_name_at(found, seen, len(best.cells) + k) or lead for k, lead in enumerate(best.strips))
    return Arrangement(best.name, best.cells, strips_read, best.read)


def leads_of_images(seen: Sequence[Sequence[Word]]) -> tuple[list[str], float]:
    """Name twelve images of a lead each, every lead once: by the names on them, else in the usual order.

    Parameters
    ----------
    seen : sequence of sequences of Word
        What may be names on each image.

    Returns
    -------
    (leads, read)
        The names, ``-aVR`` for a lead upside down, and the share of them that was read.
    """
    from scipy.optimize import linear_sum_assignment

    likeness = np.zeros((len(seen), len(LEADS)))
    upside_down = np.zeros(len(seen), dtype=np.bool_)
    for k, words in enumerate(seen):
        for word in words:
            like = np.where(word.likeness[: len(LEADS)] > _READ, word.likeness[: len(LEADS)], 0.0)
            turned = float(word.likeness[NAMES.index("-aVR")])
            if turned > max(_READ, float(like.max())):
                like[LEADS.index("aVR")] = turned
                upside_down[k] = True
            likeness[k] = np.maximum(likeness[k], like)
    # The usual order decides what cannot be read, or reads like two names.
    usual = _CLOSE * np.eye(len(seen), len(LEADS))
    _, chosen = linear_sum_assignment(-(likeness + usual))
    leads = [("-" if upside_down[k] and LEADS[c] == "aVR" else "") + LEADS[c] for k, c in enumerate(chosen)]
    return leads, float(np.mean([likeness[k, c] > 0 for k, c in enumerate(chosen)]))


def _place(found: Rows, word: Word, columns: int) -> tuple[int, int] | None:
    """Give the row and the column a word belongs to: names stand above their trace and at its beginning."""
    x = (word.x0 - found.x0) / (found.x1 - found.x0) * columns
    column = int(np.floor(x + _LEFT * (columns if x < 0 else 1)))
    if not 0 <= column < columns:
        return None
    at = int(np.clip(word.x0, 0, found.line.shape[1] - 1))
    y = (word.y0 + word.y1) / 2.0 - _BELOW * found.spacing
    below = np.flatnonzero(found.line[:, at] >= y)
    return (int(below[0]), column) if below.size else None


def _held_against(
    found: Rows, seen: Sequence[Word], expected: Sequence[tuple[str, ...]], columns: int
) -> tuple[float, float]:
    """Add up how well names fit their places; words that clearly name another lead count against it."""
    best: dict[tuple[int, int], float] = {}
    wrong = 0.0
    for word in seen:
        place = _place(found, word, columns)
        if place is None or place[0] >= len(expected):
            continue
        row, column = place
        if len(expected[row]) == 1:
            column = 0
        name = expected[row][column]
        like = float(word.likeness[NAMES.index(name)])
        top = float(word.likeness.max())
        if like > _READ and like > top - _CLOSE:
            best[row, column] = max(best.get((row, column), 0.0), like)
        elif top > _CONTRADICTS and word.name != "I":  # a stroke is no name
            wrong += 0.5
    number = sum(len(row) for row in expected)
    return (sum(best.values()) - wrong) / number, len(best) / number


def _name_at(found: Rows, seen: Sequence[Word], row: int) -> str | None:
    """Read the name of a strip."""
    names = [word for word in seen if _place(found, word, 8) == (row, 0) and word.likeness.max() > _READ]
    return max(names, key=lambda word: float(word.likeness.max())).name if names else None
