"""What every source gives: an index without signals, and one recording at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from einthoven.ecg.measurements import Measurements
from einthoven.ecg.patient import Patient
from einthoven.ecg.reading import Truth
from einthoven.ecg.recording import Recording
from einthoven.errors import Fault

__all__ = ["Entry", "Side", "Source", "Split"]

Split = Literal["train", "validation", "test"]


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a minimal pair: two recordings that differ in one factor, or in something that must not matter.

    Attributes
    ----------
    pair : str
        The pair's id, the same on both sides.
    contrast : str
        The factor's name.
    side : {"a", "b"}
        Which of the two.
    axis : str
        The axis whose truth differs between the sides; empty for a nuisance, which changes none.
    right, wrong : tuple of str
        The class or label that is right on this side and not on the other one, and the reverse, each with other words
        for the same behind it; empty where a side has none, and for nuisances.
    look : mapping of str to str
        How this side's page is drawn, where that is what differs: options of the renderer.
    """

    pair: str
    contrast: str
    side: Literal["a", "b"]
    axis: str = ""
    right: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    look: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form, without what is empty."""
        row = {name: getattr(self, name) for name in ("contrast", "side", "axis", "right", "wrong", "look")}
        as_lists = {name: list(value) if isinstance(value, tuple) else value for name, value in row.items()}
        return {"id": self.pair} | {name: value for name, value in as_lists.items() if value}


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a source's index: all that is known of a recording before its signal is read.

    Attributes
    ----------
    id : str
        The record's id, unique in the source.
    patient : Patient
        Whose it is; the unit of resampling.
    truth : Truth
        What the source says, with masks.
    split : {"train", "validation", "test"}
        The official split; a source without folds is all test.
    fold : int or None
        The official fold; `None` where there is none (baselines are then cross-fitted over five patient folds).
    statements : mapping of str to float
        The source's own codes and their likelihood in percent (0: not graded).
    site, device : str
        Where and with what it was recorded; empty where not stated.
    quality : str
        The annotators' remarks on signal quality; empty where there are none.
    locator : Any
        What `Source.load` needs to find the signal: a path, or a simulator's parameters.
    measurements : Measurements or None
        What the source says was measured, on this recording, by whoever it names; `None` where it says nothing.
    side : Side or None
        Which side of which minimal pair it is; `None` for a recording by itself.
    """

    id: str
    patient: Patient
    truth: Truth
    split: Split
    fold: int | None = None
    statements: Mapping[str, float] = field(default_factory=dict)
    site: str = ""
    device: str = ""
    quality: str = ""
    locator: Any = field(default=None, repr=False)
    measurements: Measurements | None = None
    side: Side | None = None

    @property
    def wear(self) -> str:
        """What the wear of its pages is drawn by: its id; the two sides of a pair are worn alike."""
        return self.id if self.side is None else self.side.pair

    @property
    def look(self) -> Mapping[str, str]:
        """How its pages ask to be drawn; mostly nothing."""
        return {} if self.side is None else self.side.look


class Source(Protocol):
    """A set of labelled recordings.

    Attributes
    ----------
    name : str
        As the user typed it, without the folder: ``ptbxl``, ``sim``.
    simulated : bool
        Simulated and real ECGs are never on one board.
    has_folds : bool
        Whether the split is the source's own; otherwise everything is test.
    entries : sequence of Entry
        The index, in the source's order.
    faults : sequence of Fault
        Rows of the index that could not be used at all; records whose signal is at fault are found by `load`.
    """

    name: str
    simulated: bool
    has_folds: bool
    entries: Sequence[Entry]
    faults: Sequence[Fault]

    def load(self, entry: Entry) -> Recording:
        """Read one recording.

        Raises
        ------
        RecordingFault
            With the id, the reason and one line of detail.
        """
        ...
