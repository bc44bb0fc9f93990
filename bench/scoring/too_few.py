"""Why an axis cannot be scored: which classes or labels there are, and of how many patients."""

from __future__ import annotations

from collections.abc import Mapping

from einthoven.bench.scoring.counts import MIN_PATIENTS
from einthoven.tasks.taxonomy import Kind

__all__ = ["NAMED", "too_few"]

#: Classes, labels or contrasts named in a sentence.
NAMED = 5


def too_few(
    kind: Kind,
    cases: Mapping[str, int],
    others: Mapping[str, int],
    patients: Mapping[str, tuple[int, int]],
    min_cases: int,
) -> str:
    """Say in one sentence what is missing.

    Parameters
    ----------
    kind : {"categorical", "set"}
        Of the axis.
    cases, others : mapping of str to int
        By class or label: records that have it; set axes: records known to be without it.
    patients : mapping of str to (int, int)
        Of how many patients these are. Named only where the records would be enough and the patients are not; what
        is missing has as many patients as records.
    min_cases : int
        How many records are enough, of `MIN_PATIENTS` patients.
    """
    few = min(MIN_PATIENTS, min_cases)
    ranked = sorted((name for name, count in cases.items() if count), key=lambda name: (-cases[name], name))

    def people(name: str, which: int) -> int:
        return patients.get(name, (cases[name], others.get(name, 0)))[which]

    def crowded(name: str, which: int) -> bool:
        """Tell whether the records would be enough, and are of too few patients."""
        return (cases, others)[which][name] >= min_cases and people(name, which) < few

    def side(name: str, which: int) -> str:
        count, of = (cases, others)[which][name], people(name, which)
        return f"{count} of {of} patient{'s' if of > 1 else ''}" if crowded(name, which) else str(count)

    named = ranked[:NAMED]
    if kind == "set":
        shown = [f"{name} {side(name, 0)} with, {side(name, 1)} without" for name in named]
        start = f"No label has {min_cases} cases and {min_cases} records without it"
    else:
        shown = [f"{name} {side(name, 0)}" for name in named]
        enough = any(cases[name] >= min_cases and not crowded(name, 0) for name in ranked)
        start = f"{'Only one' if enough else 'No'} class has {min_cases} cases"
    if any(crowded(name, which) for name in named for which in range(2 if kind == "set" else 1)):
        start += f", of {few} patients"
    if len(ranked) > NAMED:
        shown.append(f"{len(ranked) - NAMED} more")
    return f"{start}: {(', ' if kind == 'categorical' else '; ').join(shown) or 'there are none'}."
