"""A Reading: one complete answer over the eight axes; a Truth: a Reading with masks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["AXES", "AxisTruth", "Ischemia", "Reading", "Truth"]

#: The eight questions, in the order of every table.
AXES = (
    "rate",
    "rhythm",
    "axis",
    "conduction",
    "ischemia_stage",
    "ischemia_territory",
    "other_findings",
    "diagnosis",
)


@dataclass(frozen=True, slots=True, order=True)
class Ischemia:
    """One ischaemic process: how old it is and where.

    Attributes
    ----------
    stage : str
        A value of the taxonomy's ``ischemia_stage``, never ``none``.
    walls : frozenset of str
        The walls it involves; empty where the territory is not stated.
    """

    stage: str
    walls: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer over the eight axes. A field that was not asked for is `None`.

    Attributes
    ----------
    rate, rhythm, axis : str or None
        Values of the taxonomy.
    conduction, other_findings, diagnosis : frozenset of str or None
        Labels of the taxonomy; the empty set says "none", which is an answer.
    ischemia : frozenset of Ischemia or None
        The empty set says "none". Stage and territory, two axes, are both read off it.
    label : str, frozenset of str, or None
        The answer in a task's own label space: a class, or any number of labels. `None` where the task has none.
    """

    rate: str | None = None
    rhythm: str | None = None
    axis: str | None = None
    conduction: frozenset[str] | None = None
    ischemia: frozenset[Ischemia] | None = None
    other_findings: frozenset[str] | None = None
    diagnosis: frozenset[str] | None = None
    label: str | frozenset[str] | None = None

    @property
    def stages(self) -> frozenset[str] | None:
        """The stages of all ischaemia entries."""
        return None if self.ischemia is None else frozenset(entry.stage for entry in self.ischemia)

    @property
    def walls(self) -> frozenset[str] | None:
        """The walls of all ischaemia entries together."""
        return None if self.ischemia is None else frozenset(wall for entry in self.ischemia for wall in entry.walls)


@dataclass(frozen=True, slots=True)
class AxisTruth:
    """What a source can say of one axis of one recording.

    Attributes
    ----------
    value : str, frozenset of str, or None
        A class (categorical axis), the labels that are present (set axis), or `None`: masked.
    accepted : frozenset of str
        Categorical axes: every class that counts as right, `value` among them. With more than one the record counts
        in accuracy only.
    open : frozenset of str
        Set axes: labels whose presence the source cannot tell; they count neither for nor against.
    implied : bool
        The normal or none value is implied by the source's silence, not stated.
    reason : str
        Why it is masked, implied or open; for people.
    """

    value: str | frozenset[str] | None = None
    accepted: frozenset[str] = frozenset()
    open: frozenset[str] = frozenset()
    implied: bool = False
    reason: str = ""

    def __post_init__(self) -> None:
        if isinstance(self.value, str) and self.value not in self.accepted:
            object.__setattr__(self, "accepted", self.accepted | {self.value})
        if isinstance(self.value, frozenset) and self.value & self.open:
            raise ValueError(f"labels both present and open: {sorted(self.value & self.open)}")

    @property
    def masked(self) -> bool:
        """Whether the source says nothing on this axis."""
        return self.value is None

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form, without what is empty; sets are sorted."""
        row: dict[str, Any] = {"value": sorted(self.value) if isinstance(self.value, frozenset) else self.value}
        if len(self.accepted) > 1:
            row["accepted"] = sorted(self.accepted)
        if self.open:
            row["open"] = sorted(self.open)
        if self.implied:
            row["implied"] = True
        if self.reason:
            row["reason"] = self.reason
        return row

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> AxisTruth:
        """Read what `to_json` gave."""
        value = row["value"]
        return cls(
            value=frozenset(value) if isinstance(value, list) else value,
            accepted=frozenset(row.get("accepted", ())),
            open=frozenset(row.get("open", ())),
            implied=row.get("implied", False),
            reason=row.get("reason", ""),
        )


@dataclass(frozen=True, slots=True)
class Truth:
    """What a source can say of a recording: one `AxisTruth` an axis.

    Attributes
    ----------
    axes : mapping of str to AxisTruth
        All of `AXES`.
    ischemia : frozenset of Ischemia
        The entries behind stage and territory; findings are counted over them.
    """

    axes: Mapping[str, AxisTruth]
    ischemia: frozenset[Ischemia] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        if set(self.axes) != set(AXES):
            raise ValueError(f"a truth has the axes {AXES}, not {tuple(self.axes)}")

    def __getitem__(self, axis: str) -> AxisTruth:
        return self.axes[axis]

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form."""
        entries = [{"stage": e.stage, "walls": sorted(e.walls)} for e in self.ischemia]
        entries.sort(key=lambda e: (e["stage"], e["walls"]))
        return {"axes": {axis: self.axes[axis].to_json() for axis in AXES}, "ischemia": entries}

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Truth:
        """Read what `to_json` gave."""
        return cls(
            axes={axis: AxisTruth.from_json(row["axes"][axis]) for axis in AXES},
            ischemia=frozenset(Ischemia(e["stage"], frozenset(e["walls"])) for e in row["ischemia"]),
        )
