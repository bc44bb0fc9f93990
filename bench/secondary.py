"""Other ways to count the same answers: diagnosis by superclass, stages as a set, the primary conduction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from einthoven.bench.scoring.encode import AxisData
from einthoven.bench.scoring.label_spaces import grouped, most_severe
from einthoven.ecg.reading import AxisTruth, Reading, Truth
from einthoven.tasks import taxonomy
from einthoven.tasks.task import Task

__all__ = ["own_space", "secondary_axes"]

#: The axes on which a source's silence may imply "none".
_IMPLIED = ("conduction", "ischemia_stage", "ischemia_territory", "other_findings")


def _stage_set(truth: Truth) -> AxisTruth:
    """All stages that are there; where the source accepts several, none of these is known."""
    stage = truth["ischemia_stage"]
    if stage.masked:
        return stage
    unclear = stage.accepted - {"none"} if len(stage.accepted) > 1 else frozenset()
    stages = frozenset(entry.stage for entry in truth.ischemia)
    return AxisTruth(stages - unclear, open=unclear, implied=stage.implied)


def _explicit_only(axis: AxisData) -> AxisData:
    """Mask what silence implied: only what the source states counts."""
    truths = [AxisTruth(reason="implied by silence") if truth.implied else truth for truth in axis.truths]
    return replace(axis, name=f"{axis.name}_explicit", truths=truths, secondary=True)


def own_space(
    chosen: Task, truths: Sequence[Truth], readings: Mapping[str, Sequence[Reading | None]]
) -> tuple[AxisData, ...]:
    """Return the label space of a task that has one; it is not among the eight axes, so it gets no word."""
    space = chosen.space
    if space is None:
        return ()
    truth = [space.truth(one) for one in truths]
    answers = {arm: [None if one is None else one.label for one in rows] for arm, rows in readings.items()}
    return (AxisData(space.name, space.kind, space.values, truth, answers, secondary=True),)


def secondary_axes(
    axes: Mapping[str, AxisData], truths: Sequence[Truth], readings: Mapping[str, Sequence[Reading | None]]
) -> tuple[AxisData, ...]:
    """Return the secondary label spaces: measured beside the axes, neither tested nor given a word.

    Parameters
    ----------
    axes : mapping of str to AxisData
        The axes that were asked for; what rests on another is left out.
    truths : sequence of Truth
        One a record.
    readings : mapping of str to sequence of Reading or None
        By arm, one a record; `None` where the answer is not ok.

    Returns
    -------
    tuple of AxisData
        ``diagnosis_superclass`` (set), ``ischemia_stages`` (set), ``conduction_primary`` (categorical), and the axes
        on which silence may imply "none", each without the records where it does (``conduction_explicit`` ...): the
        sensitivity check on that rule.
    """
    found: list[AxisData] = []
    if "diagnosis" in axes:
        found.append(grouped(axes["diagnosis"], "diagnosis_superclass", taxonomy.superclasses()))
    if "ischemia_stage" in axes:
        stages = AxisData(
            "ischemia_stages",
            "set",
            tuple(value for value in taxonomy.axes()["ischemia_stage"].values if value != "none"),
            [_stage_set(truth) for truth in truths],
            {
                arm: [None if reading is None else reading.stages for reading in rows]
                for arm, rows in readings.items()
            },
            secondary=True,
        )
        found.append(stages)
    if "conduction" in axes:
        severity = taxonomy.axes()["conduction"].severity
        found.append(most_severe(axes["conduction"], "conduction_primary", severity))
    found += [_explicit_only(axes[name]) for name in _IMPLIED if name in axes]
    return tuple(found)
