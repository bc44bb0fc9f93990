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

    def side(name: str, which: int) -> tuple[str, bool]:
        """Give a count as it is printed, and whether it is of enough patients."""
        count = (cases, others)[which][name]
        people = patients.get(name, (count, count))[which]
        crowded = count >= min_cases > people
        return f"{count} of {people} patient{'s' if people > 1 else ''}" if crowded else str(
            count
        ), people >= min_cases

    if kind == "set":
        shown = [f"{name} {side(name, 0)[0]} with, {side(name, 1)[0]} without" for name in ranked[:NAMED]]
        start = f"No label has {min_cases} cases and {min_cases} records without it"
    else:
        shown = [f"{name} {side(name, 0)[0]}" for name in ranked[:NAMED]]
        start = f"{'Only one' if any(side(name, 0)[1] for name in ranked) else 'No'} class has {min_cases} cases"
    if any(" of " in each for each in shown):
        start += f", of {few} patients"
    if len(ranked) > NAMED:
        shown.append(f"{len(ranked) - NAMED} more")
    return f"{start}: {(', ' if kind == 'categorical' else '; ').join(shown) or 'there are none'}."
