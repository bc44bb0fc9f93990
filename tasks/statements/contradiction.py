"""Which statements a truth rules out. What it does not rule out, nobody can be blamed for saying.

Diagnosis restates the other axes: inferior and lateral infarction are an inferolateral one, a sinus bradycardia is a
sinus rhythm. A statement that was not made is absent only where an axis decides against it; else it is open.
"""

from __future__ import annotations

from functools import lru_cache

from einthoven.tasks.statements.dialect import kind
from einthoven.tasks.statements.table import statements

__all__ = ["contradicted", "contradicted_by_ischemia"]


@lru_cache(maxsize=4096)
def contradicted(axis: str, possible: frozenset[str]) -> frozenset[str]:
    """Return the statements that an axis rules out.

    Parameters
    ----------
    axis : {"rate", "rhythm", "axis", "conduction", "other_findings"}
        An axis that is not masked.
    possible : frozenset of str
        Its accepted classes, or its labels that are present or open.
    """
    return frozenset(
        name
        for name, row in statements().items()
        if (axis in row.classes and row.classes[axis][0] not in possible)
        or not row.labels.get(axis, frozenset()) <= possible
    )


@lru_cache(maxsize=4096)
def contradicted_by_ischemia(walls: frozenset[tuple[str, frozenset[str]]], *, anywhere: bool) -> frozenset[str]:
    """Return the statements of infarction, injury and ischaemia that are ruled out.

    Parameters
    ----------
    walls : frozenset of (str, frozenset of str)
        For each kind of process that may be there the walls it may involve. Other kinds are not there.
    anywhere : bool
        The territory says nothing: only the kinds decide.
    """
    of_kind: dict[str, frozenset[str]] = {}
    for name, possible in walls:
        of_kind[name] = of_kind.get(name, frozenset()) | possible
    out = set()
    for name, row in statements().items():
        if "ischemia_stage" not in row.classes:
            continue
        found = of_kind.get(kind(row.classes["ischemia_stage"][0]))
        if found is None or not (anywhere or row.labels.get("ischemia_territory", frozenset()) <= found):
            out.add(name)
    return frozenset(out)
