"""Leak flags: on which axes the printed numbers alone beat every blind arm, beside what the taxonomy declares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from einthoven.bench.scoring.axis_score import AxisScore
from einthoven.tasks import taxonomy

__all__ = ["leak_flags", "leak_lines"]

#: Family-wise level of test 1.
_LEVEL = 0.05


def leak_flags(scores: Mapping[str, AxisScore], text: str) -> dict[str, dict[str, Any]]:
    """Return, per axis, whether a leak was shown and what the taxonomy declares.

    A flag is a finding about the data and its measurer, so it is taken from ``baseline/measurements`` alone, which
    looks at nothing but the numbers.

    Parameters
    ----------
    scores : mapping of str to AxisScore
        The axes of that model's run.
    text : str
        The name of the arm with the measurements alone.

    Returns
    -------
    dict
        By axis ``shown`` (`None` where the axis could not be tested), ``gain``, and ``declared``: the measurements
        that could give it away by the taxonomy.
    """
    flags = {}
    for name, axis in taxonomy.axes().items():
        gain = scores[name].gains[text]
        flags[name] = {
            "shown": None if gain.p_holm is None else gain.p_holm < _LEVEL,
            "gain": None if gain.best.value is None else round(gain.best.value, 6),
            "declared": list(axis.leakable_by),
        }
    return flags


def leak_lines(flags: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return the flags in words: what the numbers give away, and where that and the taxonomy disagree."""
    shown = [name for name, flag in flags.items() if flag["shown"]]
    lines = [f"the numbers alone give away: {', '.join(shown) or 'nothing'}"]
    undeclared = [name for name in shown if not flags[name]["declared"]]
    unshown = [name for name, flag in flags.items() if flag["declared"] and flag["shown"] is False]
    untested = [name for name, flag in flags.items() if flag["shown"] is None]
    if undeclared:
        lines.append(f"shown, but not declared by the taxonomy: {', '.join(undeclared)}")
    if unshown:
        lines.append(f"declared by the taxonomy, but not shown here: {', '.join(unshown)}")
    if untested:
        lines.append(f"too few cases to test: {', '.join(untested)}")
    return lines
