"""Holm's step-down correction for several tests."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["holm"]


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """Adjust p values so that the chance of any false rejection stays below the level (Holm 1979).

    Parameters
    ----------
    p_values : mapping of str to float
        By test.

    Returns
    -------
    dict of str to float
        Adjusted, at most 1, in the order given.
    """
    adjusted: dict[str, float] = {}
    highest = 0.0
    for step, (name, p) in enumerate(sorted(p_values.items(), key=lambda item: item[1])):
        highest = max(highest, min(1.0, p * (len(p_values) - step)))
        adjusted[name] = highest
    return {name: adjusted[name] for name in p_values}
