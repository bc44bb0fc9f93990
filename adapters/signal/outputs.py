"""What the outputs of a network mean: groups of logits, and superclasses that follow from statements.

A categorical axis is a group of logits under one softmax, a set axis a logit a label. PTB-XL's superclasses have no
logits of their own where statements have: a superclass is present unless every statement of it is absent, and with
the statements taken as independent (noisy-OR, Pearl 1988) its probability is 1 - prod(1 - p).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from einthoven.ecg.reading import AXES, AxisTruth
from einthoven.errors import unknown_name
from einthoven.tasks import taxonomy
from einthoven.tasks.statements.table import codes, superclasses_of
from einthoven.tasks.taxonomy import Kind

__all__ = ["ABSENT", "OUTPUTS", "PRESENT", "SUPERCLASS", "UNKNOWN", "Group", "Outputs", "outputs"]

#: What a target says of a class or label.
PRESENT, ABSENT, UNKNOWN = 1, 0, -1

#: The name of the superclasses' group.
SUPERCLASS = "superclass"

#: Name -> what a network of it answers.
OUTPUTS: Mapping[str, str] = {
    "axes": "the eight axes; superclasses from the diagnosis statements by noisy-OR",
    SUPERCLASS: "PTB-XL's five diagnostic superclasses, a logit each",
    "scp": "PTB-XL's 71 statement codes; superclasses from them by noisy-OR",
}


@dataclass(frozen=True, slots=True)
class Group:
    """Columns that answer one question.

    Attributes
    ----------
    name : str
        An axis, ``superclass`` or ``scp``.
    kind : {"categorical", "set"}
        One class a record, or any number of labels.
    values : tuple of str
        One a column.
    start : int
        The first column.
    """

    name: str
    kind: Kind
    values: tuple[str, ...]
    start: int

    @property
    def columns(self) -> slice:
        """Where the group stands."""
        return slice(self.start, self.start + len(self.values))


@dataclass(frozen=True, slots=True)
class Outputs:
    """The columns of a network's targets and probabilities.

    Attributes
    ----------
    name : str
        One of `OUTPUTS`.
    groups : tuple of Group
        With logits, in order.
    derived : Group or None
        The superclasses, behind the others, where they follow from statements.
    members : tuple of tuple of int
        The logits behind each derived column.
    """

    name: str
    groups: tuple[Group, ...]
    derived: Group | None = None
    members: tuple[tuple[int, ...], ...] = ()

    @property
    def logits(self) -> int:
        """How many logits a network has."""
        return sum(len(group.values) for group in self.groups)

    @property
    def every(self) -> tuple[Group, ...]:
        """All groups, the derived one last."""
        return self.groups if self.derived is None else (*self.groups, self.derived)

    @property
    def columns(self) -> int:
        """Of targets and probabilities: the logits and what is derived."""
        return sum(len(group.values) for group in self.every)

    def group(self, name: str) -> Group:
        """Return a group by its name; raises KeyError."""
        return {group.name: group for group in self.every}[name]

    def targets(self, truths: Mapping[str, AxisTruth]) -> NDArray[np.int8]:
        """Write what is known of a record as a row of targets.

        Parameters
        ----------
        truths : mapping of str to AxisTruth
            By group; one that is missing is unknown.

        Returns
        -------
        ndarray of int8, shape (columns,)
            `PRESENT`, `ABSENT` or `UNKNOWN`. On a categorical axis every accepted class is present.
        """
        row = np.full(self.columns, UNKNOWN, np.int8)
        for group in self.every:
            truth = truths.get(group.name)
            if truth is None or truth.value is None:
                continue
            found = truth.accepted if isinstance(truth.value, str) else truth.value
            row[group.columns] = [
                PRESENT if value in found else UNKNOWN if value in truth.open else ABSENT for value in group.values
            ]
        return row

    def probabilities(self, logits: NDArray[np.floating]) -> NDArray[np.float64]:
        """Turn logits, shape (records, logits), into probabilities, shape (records, columns)."""
        found = np.empty((len(logits), self.columns))
        for group in self.groups:
            part = logits[:, group.columns].astype(np.float64)
            if group.kind == "categorical":
                part = np.exp(part - part.max(axis=1, keepdims=True))
                found[:, group.columns] = part / part.sum(axis=1, keepdims=True)
            else:
                found[:, group.columns] = 0.5 * (1 + np.tanh(part / 2))
        if self.derived is not None:
            for column, members in enumerate(self.members, start=self.derived.start):
                # log(1 - sigmoid(z)) is -log(1 + e^z): exact where 1 - p would be rounded to 0
                silent = -np.logaddexp(0, logits[:, list(members)].astype(np.float64)).sum(axis=1)
                found[:, column] = -np.expm1(silent)
        return found


@cache
def outputs(name: str) -> Outputs:
    """Return the columns of that name.

    Raises
    ------
    EinthovenError
        There are none of that name.
    """
    classes = tuple(taxonomy.superclasses())
    if name == "axes":
        groups, start = [], 0
        for axis in (taxonomy.axes()[each] for each in AXES):
            groups.append(Group(axis.name, axis.kind, axis.values, start))
            start += len(axis.values)
        statements = groups[-1]
        belongs = [superclasses_of([value]) for value in statements.values]
        return Outputs(name, tuple(groups), *_derived(classes, statements, belongs))
    if name == "scp":
        known = codes("scp")
        group = Group(name, "set", tuple(known), 0)
        belongs = [superclasses_of(s for option in known[code].groups for s in option) for code in group.values]
        return Outputs(name, (group,), *_derived(classes, group, belongs))
    if name == SUPERCLASS:
        return Outputs(name, (Group(SUPERCLASS, "set", classes, 0),))
    raise unknown_name("set of outputs", name, OUTPUTS)


def _derived(
    classes: Sequence[str], of: Group, belongs: Sequence[frozenset[str]]
) -> tuple[Group, tuple[tuple[int, ...], ...]]:
    members = tuple(
        tuple(column for column, own in enumerate(belongs, start=of.start) if name in own) for name in classes
    )
    return Group(SUPERCLASS, "set", tuple(classes), of.columns.stop), members
