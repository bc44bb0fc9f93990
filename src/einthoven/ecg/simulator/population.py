"""Populations of simulated hearts: a stated distribution, drawn by seed.

What is dealt to whom, and in which shares, stands in ``population.toml``; within its group each factor is independent
of the others. Shares are kept within each group they are stated for (systematic sampling), so that classes are
frequent enough in every population. Values stay at least 3/min, 6 degrees and 10 ms away from the limits that the
truth is read by. Age (20 to 89 years) and sex (halves) are independent of everything else.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from einthoven.ecg.simulator.parameters import Parameters
from einthoven.ecg.simulator.values import heart

__all__ = ["draw"]

Names = NDArray[np.object_]
Group = NDArray[np.bool_]

#: How often the values of a heart are drawn anew where they cannot go together.
_ATTEMPTS = 50

#: Uniform numbers for the values of one heart; more than are ever used.
_DRAWS = 16


def draw(seed: int, count: int) -> list[tuple[Parameters, int]]:
    """Draw a population.

    Parameters
    ----------
    seed : int
        From 0 to 2**32 - 1; the same seed and count give the same population for ever (`RandomState`, NEP 19).
    count : int
        How many hearts.

    Returns
    -------
    list of (Parameters, int)
        Each with the seed to simulate it with.
    """
    rng = np.random.RandomState(seed)
    column: dict[str, Names] = {name: np.full(count, "none", dtype=object) for name in _table()["columns"]}
    for step in _table()["deal"]:
        group = np.ones(count, dtype=bool)
        for name, wanted in step.get("where", {}).items():
            group &= np.isin(column[name], wanted)
        for name, unwanted in step.get("unless", {}).items():
            group &= ~np.isin(column[name], unwanted)
        _share(rng, column[step["column"]], group, step["shares"])
    rows = []
    seeds = rng.randint(0, 2**31 - 1, count)
    uniform = rng.random_sample((count, _DRAWS))
    for i in range(count):
        classes = {name: str(values[i]) for name, values in column.items()}
        rows.append((_possible(classes, uniform[i], int(seeds[i])), int(seeds[i])))
    return rows


@cache
def _table() -> Mapping[str, Any]:
    with Path(__file__).with_name("population.toml").open("rb") as file:
        return tomllib.load(file)


def _share(rng: np.random.RandomState, column: Names, group: Group, shares: Mapping[str, float]) -> None:
    """Deal out classes to the members of a group in their shares, in random order.

    Systematic sampling: evenly spaced points with one random offset fall into the cumulative shares, so that each
    class gets its share rounded up or down, without bias in small groups. What the shares lack to 1 is left as it is.
    """
    members = np.flatnonzero(group)
    limits = np.cumsum(list(shares.values()))
    points = (np.arange(members.size) + rng.uniform()) / max(members.size, 1) * max(1.0, limits[-1])
    order = rng.permutation(members.size)
    places = np.searchsorted(limits, points, "right")
    names = list(shares)
    for member, place in zip(members[order], places, strict=True):
        if place < len(names):
            column[member] = names[place]


def _possible(classes: Mapping[str, str], uniform: NDArray[np.float64], seed: int) -> Parameters:
    """Choose values within the classes that can go together, drawing anew where the first ones cannot."""
    for attempt in range(_ATTEMPTS):
        try:
            return heart(classes, _within(uniform))
        except ValueError:
            if attempt == _ATTEMPTS - 1:
                raise
            uniform = np.random.RandomState([seed, attempt]).random_sample(_DRAWS)
    raise AssertionError


def _within(uniform: NDArray[np.float64]) -> Callable[[float, float], float]:
    left = iter(uniform.tolist())

    def within(low: float, high: float) -> float:
        return float(low + (high - low) * next(left))

    return within
