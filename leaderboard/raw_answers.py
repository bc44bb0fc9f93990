"""The raw answers to one ECG as a script's data: nearly all there is of a large site.

With 200 models and nine arms an ECG has 1,800 answers. What is the same for all ECGs of a board stands once, in a
registry of its own. Of the rest each distinct text stands once, sorted, so that neighbours begin alike; then what
became of it (status, marks, note), also distinct; and of each model in each arm only a place among those.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from einthoven.leaderboard.ecg_board import EcgBoard
from einthoven.leaderboard.sheets import STATUSES

__all__ = ["asked_board", "raw_answers"]

#: Of right, wrong, does not count, not asked: 1, 0, -1, -2.
_MARKS = "10--"

_NOT_ASKED = -1


def asked_board(ecgs: EcgBoard) -> dict[str, Any]:
    """Return what is the same for every ECG: who was asked, in which arms, and what marks are about."""
    return {
        "models": [[model.name, model.slug] for model in ecgs.models],
        "arms": list(ecgs.arms),
        "statuses": list(STATUSES),
        "axes": ecgs.titles,
    }


def raw_answers(ecgs: EcgBoard, column: int) -> dict[str, Any]:
    """Return all raw answers to one ECG.

    Parameters
    ----------
    ecgs : EcgBoard
        Its board.
    column : int
        Its place among the ids.

    Returns
    -------
    dict
        ``texts``; ``status``, ``text``, ``marks`` and ``note``, each a list over the distinct answers (``text`` a
        place in ``texts``, ``marks`` a character an axis, ``note`` why an answer is not usable or which variant was
        shown); ``given``, by arm, of each model the place of its answer among those, -1 where it was not asked.
    """
    given: list[tuple[int, int, tuple[str, int, str, str]]] = []
    for number, model in enumerate(ecgs.models):
        places = {arm: place for place, arm in enumerate(model.arms)}
        for arm, status, text, note in model.verbatim.of(column):
            marks = "".join(_MARKS[1 - good] for good in model.right[places[arm], :, column].tolist())
            given.append((ecgs.arms.index(arm), number, (text, STATUSES.index(status), marks, note)))
    distinct = {answer: place for place, answer in enumerate(sorted({answer for _, _, answer in given}))}
    texts = {text: place for place, text in enumerate(dict.fromkeys(text for text, *_ in distinct))}
    table = np.full((len(ecgs.arms), len(ecgs.models)), _NOT_ASKED)
    for arm_number, number, answer in given:
        table[arm_number, number] = distinct[answer]
    return {
        "texts": list(texts),
        "status": [status for _, status, _, _ in distinct],
        "text": [texts[text] for text, *_ in distinct],
        "marks": [marks for _, _, marks, _ in distinct],
        "note": [note for *_, note in distinct],
        "given": table.tolist(),
    }
