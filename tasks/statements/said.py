"""All that a record's codes say together, before it is put into axes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from einthoven.ecg.reading import AxisTruth
from einthoven.tasks.statements.dialect import Dialect
from einthoven.tasks.statements.effect import Effect
from einthoven.tasks.statements.table import EVERYTHING, statements

__all__ = ["Said", "said"]


@dataclass(frozen=True, slots=True)
class Said:
    """The codes of one record.

    Attributes
    ----------
    effects : tuple of Effect
        One a code, in the order of the table.
    stated : frozenset of str
        The statements made.
    denied : frozenset of str
        Axes that are stated to be "none", and that no other code leaves undecided.
    opens : mapping of str to frozenset of str
        Axis -> labels left undecided.
    masks : mapping of str to str
        Axis -> why it is hidden.
    silent : frozenset of str
        Axes on which what is not said is absent.
    unsaid : str
        Why silence says nothing on the other axes.
    covered : mapping of str to frozenset of str
        As of `Dialect`.
    because : str
        Why silence speaks where it does.
    """

    effects: tuple[Effect, ...]
    stated: frozenset[str]
    denied: frozenset[str]
    opens: Mapping[str, frozenset[str]]
    masks: Mapping[str, str]
    silent: frozenset[str]
    unsaid: str
    covered: Mapping[str, frozenset[str]]
    because: str

    def closed(self, axis: str) -> bool:
        """Whether what is not stated on an axis is absent."""
        return axis in self.denied or axis in self.silent

    def nothing(self, axis: str) -> AxisTruth:
        """Mask an axis on which nothing was stated and silence says nothing."""
        leaving = EVERYTHING in self.opens.get(axis, ())
        hidden = ", ".join(
            statements()[name].title for name in sorted(self.stated) if axis in statements()[name].opens
        )
        why = f"{hidden} leaves it undecided" if leaving and hidden else self.unsaid
        return AxisTruth(reason=f"nothing stated: {why}")


def said(spoken: Dialect, effects: Sequence[Effect], *, validated: bool) -> Said:
    """Put the effects of a record's codes together.

    Parameters
    ----------
    spoken : Dialect
        The data set's way of speaking.
    effects : sequence of Effect
        Each code's effect once, in the order of the table.
    validated : bool
        Whether a human validated the record: without that silence says nothing.
    """
    opens: dict[str, frozenset[str]] = {}
    masks: dict[str, str] = {}
    for one in effects:
        for axis, labels in one.opens.items():
            opens[axis] = opens.get(axis, frozenset()) | labels
        for axis in one.masks:
            masks.setdefault(axis, f"hidden by {spoken.codes[one.code].title}")
    left = frozenset(axis for axis, labels in opens.items() if EVERYTHING in labels)
    if not spoken.silent:
        unsaid = spoken.because
    elif validated:
        unsaid = f"{spoken.title} does not code it fully"
    else:
        unsaid = "no human validated the record"
    return Said(
        effects=tuple(effects),
        stated=frozenset(name for one in effects for name in one.stated),
        denied=frozenset(axis for one in effects for axis in one.denies) - left,
        opens=opens,
        masks={**masks, **spoken.masks},
        silent=(spoken.silent if validated else frozenset()) - left,
        unsaid=unsaid,
        covered=spoken.covered,
        because=spoken.because,
    )
