"""The truth of a data source, as planning needs it: what a run on it, or on more of the like, could tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from einthoven.bench.pair_scores import STATEMENTS
from einthoven.bench.power_plan import Detectable, detectable
from einthoven.bench.scoring.deltas import frozen_deltas
from einthoven.bench.selection import select
from einthoven.bench.settings import Settings
from einthoven.bench.sources.check import fingerprint
from einthoven.bench.sources.registry import open_source
from einthoven.bench.sources.source import Split
from einthoven.ecg.reading import AXES, AxisTruth

__all__ = ["DataPower", "contrasts_by_axis", "grown", "power_of"]

#: How many times as many records the plot looks at.
_TIMES = (1, 2, 4, 8, 16)


@dataclass(frozen=True, slots=True)
class DataPower:
    """What a data source can tell.

    Attributes
    ----------
    records, patients : int
        How many.
    axes : mapping of str to Detectable
        By axis.
    truths, people : mapping, sequence
        The truth by axis and the patient of each record.
    """

    records: int
    patients: int
    axes: Mapping[str, Detectable]
    truths: Mapping[str, Sequence[AxisTruth]] = field(repr=False)
    people: Sequence[str] = field(repr=False)


def contrasts_by_axis() -> dict[str, int]:
    """Return how many pair contrasts ask about each axis; where a statement changes, about `STATEMENTS` too."""
    from einthoven.ecg.simulator.pairs import contrasts

    found = Counter(contrast.axis for contrast in contrasts().values() if contrast.axis)
    found[STATEMENTS] += sum(bool(contrast.statements) for contrast in contrasts().values())
    return dict(found)


def power_of(data: str, split: str, limit: int | None, pairs: int, jobs: int) -> DataPower:
    """Read the truth of a source and say what a run on it could tell.

    Parameters
    ----------
    data, split, limit, jobs
        As of a run.
    pairs : int
        Pairs a contrast; 0 for none.

    Raises
    ------
    EinthovenError
        Unusable data.
    """
    settings = Settings("baseline/majority", data, split=cast("Split", split), limit=limit, jobs=jobs)
    source = open_source(data)
    told = [e.truth for e in source.entries if e.split == split] if not source.simulated else []
    selection = select(source, settings, measure=any(t["rate"].masked or t["axis"].masked for t in told))
    truths = {axis: [entry.truth[axis] for entry in selection.entries] for axis in AXES}
    people = [entry.patient.id for entry in selection.entries]
    frozen = frozen_deltas(fingerprint(selection.report))
    axes = detectable(truths, people, contrasts_by_axis() if pairs else {}, frozen)
    return DataPower(len(people), len(set(people)), axes, truths, people)


def grown(known: DataPower) -> dict[str, list[tuple[int, float | None]]]:
    """Return the detectable gain for more records of the like: every patient several times over.

    Returns
    -------
    dict of str to list of (int, float or None)
        By axis: records, and the MDE there.
    """
    found: dict[str, list[tuple[int, float | None]]] = {axis: [] for axis in known.truths}
    for times in _TIMES:
        people = [f"{person}/{copy}" for copy in range(times) for person in known.people]
        axes = detectable({axis: list(truths) * times for axis, truths in known.truths.items()}, people)
        for axis, one in axes.items():
            found[axis].append((known.records * times, one.mde))
    return found
