"""What is said before a run asks anything: how many requests, what they may cost, what the answers can tell."""

from __future__ import annotations

from collections.abc import Sequence

from einthoven.bench.ask import Question
from einthoven.bench.declared import declared
from einthoven.bench.estimate import estimate, estimate_lines
from einthoven.bench.plan import Plan
from einthoven.bench.power_data import contrasts_by_axis
from einthoven.bench.power_plan import detectable, plan_lines
from einthoven.bench.scoring.deltas import frozen_deltas
from einthoven.bench.selection import Selection
from einthoven.bench.settings import Settings
from einthoven.bench.sources.check import fingerprint
from einthoven.bench.sources.source import Source
from einthoven.exchange import Adapter
from einthoven.tasks.task import Task

__all__ = ["announcement"]


def announcement(
    adapter: Adapter,
    chosen: Task,
    settings: Settings,
    source: Source,
    selection: Selection,
    planned: Plan,
    open_ones: Sequence[Question],
) -> list[str]:
    """Return the lines; nothing where nothing is left to ask.

    Only the declared cell is told what it can find, because only its axes are tested.
    """
    if not open_ones:
        return []
    lines = estimate_lines(estimate(adapter, chosen, settings, source, planned, open_ones))
    if declared(chosen.name, settings.view):
        truths = {axis: [entry.truth[axis] for entry in selection.entries] for axis in chosen.asked}
        patients = [entry.patient.id for entry in selection.entries]
        found = detectable(truths, patients, contrasts_by_axis(), frozen_deltas(fingerprint(selection.report)))
        lines += plan_lines(found, settings.pairs if planned.pairs.entries else None)
    return lines
