"""The label space of a task that asks for something else than the eight axes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from einthoven.ecg.reading import AxisTruth, Reading, Truth
from einthoven.tasks.taxonomy import Kind

__all__ = ["LabelSpace"]


@dataclass(frozen=True, slots=True)
class LabelSpace:
    """What a task asks for in words of its own, and when an answer is right.

    Attributes
    ----------
    name, title : str
        The word in ``result.json`` and the words for people.
    kind : {"categorical", "set"}
        One class a record, or any number of labels.
    values : tuple of str
        All classes or labels.
    nothing : str or frozenset of str
        What is answered where nobody learnt anything: the normal class, the empty set.
    truth : callable
        Truth of a record -> what is right here, masked where the source cannot say.
    restated : callable
        Reading over the axes -> what it amounts to here; `None` where it says too little.
    """

    name: str
    title: str
    kind: Kind
    values: tuple[str, ...]
    nothing: str | frozenset[str]
    truth: Callable[[Truth], AxisTruth] = field(repr=False)
    restated: Callable[[Reading], str | frozenset[str] | None] = field(repr=False)

    def answer(self, reading: Reading) -> str | frozenset[str] | None:
        """Return a reading's answer: its label, else what its axes amount to."""
        return self.restated(reading) if reading.label is None else reading.label
