"""All answers of one run as positions in legends: what the site keeps of a run once its rows are let go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from einthoven.bench.arms import ARMS
from einthoven.bench.bundle import Bundle
from einthoven.bench.contradictions import ARMS as CONTRADICTING
from einthoven.bench.pairs import ARM as PAIRS
from einthoven.exchange import Status
from einthoven.leaderboard.alphabet import NOT_ASKED, UNUSABLE, written
from einthoven.leaderboard.truths import AxisTruths, Truths, Value
from einthoven.tasks.registry import task

__all__ = ["STATUSES", "AxisSheet", "Sheet", "sheet_of"]

#: In the order of their positions in `Sheet.statuses`.
STATUSES = tuple(str(status) for status in Status if status.final)


@dataclass(frozen=True, slots=True)
class AxisSheet:
    """The answers on one axis.

    Attributes
    ----------
    legend : tuple of Value
        Distinct answers: of a categorical axis its classes, of a set axis what was answered, the commonest first.
    places : mapping of str to ndarray of int32, shape (records,)
        By arm, each ECG's answer in the legend; `UNUSABLE`; `NOT_ASKED`.
    right : mapping of str to ndarray of int8, shape (records,)
        By arm: 1, 0, or `NOT_ASKED` where it does not count. Arms that contradict the picture have no right answer of
        their own and are all `NOT_ASKED`; so are refusals to read what is not there, which score as the majority.
    """

    legend: tuple[Value, ...]
    places: Mapping[str, NDArray[np.int32]] = field(repr=False)
    right: Mapping[str, NDArray[np.int8]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The answers of one run to the ECGs of its board.

    Attributes
    ----------
    arms : tuple of str
        Those asked about the ECGs of the board, in the order of the protocol.
    axes : mapping of str to AxisSheet
        By the axis's name.
    statuses : mapping of str to ndarray of int8, shape (records,)
        By arm, places in `STATUSES`; `NOT_ASKED`.
    """

    arms: tuple[str, ...]
    axes: Mapping[str, AxisSheet]
    statuses: Mapping[str, NDArray[np.int8]]

    def to_json(self, model: str) -> dict[str, Any]:
        """Return what a script needs: legends, and one character an answer."""
        return {
            "model": model,
            "arms": list(self.arms),
            "axes": {
                name: {
                    "values": [value if isinstance(value, str) else list(value) for value in axis.legend],
                    "answers": [written(axis.places[arm]) for arm in self.arms],
                    "right": [written(axis.right[arm]) for arm in self.arms],
                }
                for name, axis in self.axes.items()
            },
        }


def sheet_of(bundle: Bundle, truths: Truths) -> Sheet:
    """Read all answers of a run; each distinct text is parsed once.

    Raises
    ------
    KeyError, TypeError, ValueError, AttributeError, IndexError
        The rows make no sense. `InvalidAnswer`, a ValueError, where a text is called ``ok`` and is not.
    """
    chosen = task(bundle.run["identity"]["task"]["name"])
    column = {row: place for place, row in enumerate(truths.ids)}
    size = len(column)
    arms = tuple(name for name in ARMS if name in bundle.run["arms"] and name != PAIRS)
    distinct: dict[str, int] = {}
    texts = {name: np.full(size, NOT_ASKED, np.int32) for name in arms}
    statuses = {name: np.full(size, NOT_ASKED, np.int8) for name in arms}
    position = {status: place for place, status in enumerate(STATUSES)}
    for row in bundle.answers:
        name = row["arm"]
        if name not in texts:
            if name == PAIRS:
                continue
            raise ValueError("an answer in an arm that the run did not ask")
        place, status = column[row["record"]], row["status"]
        if texts[name][place] != NOT_ASKED:
            raise ValueError("two answers to one question")
        statuses[name][place] = position[status]
        texts[name][place] = distinct.setdefault(row["text"], len(distinct)) if status == "ok" else UNUSABLE
    readings = [chosen.parse(text) for text in distinct]
    axes = {}
    for axis in truths.axes:
        legend, of_text = _legend(axis, [axis.read(reading) for reading in readings], texts)
        # Texts that are not usable or not there keep their negative places: the last two of the table.
        table = np.concatenate([of_text, [NOT_ASKED, UNUSABLE]]).astype(np.int32)
        places = {name: table[texts[name]] for name in arms}
        right = {
            name: np.full(size, NOT_ASKED, np.int8) if name in CONTRADICTING else axis.right(legend, places[name])
            for name in arms
        }
        for name in arms:
            if ARMS[name].blind:
                right[name][statuses[name] == position[Status.DECLINED]] = NOT_ASKED
        axes[axis.name] = AxisSheet(legend, places, right)
    return Sheet(arms, axes, statuses)


def _legend(
    axis: AxisTruths, values: list[str | frozenset[str] | None], texts: Mapping[str, NDArray[np.int32]]
) -> tuple[tuple[Value, ...], NDArray[np.int32]]:
    """Return the distinct answers on an axis, and the place of each text's answer among them."""
    plain: list[Value | None] = [tuple(sorted(v)) if isinstance(v, frozenset) else v for v in values]
    if axis.kind == "categorical":
        legend: dict[Value, int] = {value: place for place, value in enumerate(axis.values)}
        for value in plain:
            if value is not None:
                legend.setdefault(value, len(legend))
    else:
        asked = np.concatenate([each[each >= 0] for each in texts.values()] or [np.zeros(0, np.int32)])
        times: dict[Value, int] = {}
        for value, count in zip(plain, np.bincount(asked, minlength=len(plain)).tolist(), strict=True):
            if value is not None:
                times[value] = times.get(value, 0) + count
        order = sorted(times, key=lambda value: (-times[value], value))
        legend = {value: place for place, value in enumerate(order)}
    return tuple(legend), np.array([UNUSABLE if value is None else legend[value] for value in plain], dtype=np.int32)
