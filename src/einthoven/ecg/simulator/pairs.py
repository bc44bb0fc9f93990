"""Minimal pairs: two recordings of one heart that differ in exactly one factor, noise included.

Both members of a pair have the same seed, so the same anatomy, breath and noise, and by and large the same beats; the
parameters differ only in what the contrast names. Contrasts stand in ``contrasts.toml``: which parameters each side
has, which axis and class it is about, and which components of the page it may touch. A nuisance is a contrast that
changes nothing that can be read: the noise, or how the page is drawn.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from einthoven.ecg.patient import FEMALE, MALE
from einthoven.ecg.reading import Ischemia
from einthoven.ecg.simulator.parameters import Parameters

__all__ = ["Contrast", "Pair", "contrasts", "pairs"]

#: Draws of a base heart until one is possible on both sides.
_ATTEMPTS = 200

#: Offset of a nuisance pair's second seed, so that its noise differs.
_OTHER_NOISE = 1


@dataclass(frozen=True, slots=True)
class Contrast:
    """One factor.

    Attributes
    ----------
    name : str
        As in ``contrasts.toml``.
    axis : str
        The axis whose truth differs; empty for a nuisance, which changes none.
    first, second : str
        The class or label that is right on one side and wrong on the other; empty where one side has none.
    parts : tuple of str
        Components of the page (`simulation.Components`) that differ; the others are equal to the last bit. None
        where only the drawing does.
    title : str
        For people.
    also : tuple of str
        Other words for `second`: as good a sign that the factor was seen.
    first_statements, statements : tuple of str
        On the axis `diagnosis`: what is right on the first side, on the second side, and wrong on the other; the
        truth's statement, then other words for it.
    """

    name: str
    axis: str
    first: str
    second: str
    parts: tuple[str, ...]
    title: str
    also: tuple[str, ...] = ()
    first_statements: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """Two hearts that differ in one factor.

    Attributes
    ----------
    contrast : Contrast
        What they differ in.
    first, second : Parameters
        The two sides.
    seed : int
        Of both.
    noise_seed : int or None
        Of the noise of the second side, where that is what differs.
    pages : tuple of two mappings of str to str
        How the page of either side is to be drawn, where that is what differs: options of whoever draws it.
    """

    contrast: Contrast
    first: Parameters
    second: Parameters
    seed: int
    noise_seed: int | None = None
    pages: tuple[Mapping[str, str], Mapping[str, str]] = ({}, {})


_NOTHING = Contrast("", "", "", "", (), "")


@cache
def contrasts() -> Mapping[str, Contrast]:
    """Give all contrasts by name, in the file's order."""
    return {
        name: Contrast(
            name,
            row["axis"],
            row.get("first", ""),
            row.get("second", ""),
            tuple(row["parts"]),
            row["title"],
            tuple(row.get("also", ())),
            tuple(row.get("first_statements", ())),
            tuple(row.get("statements", ())),
        )
        for name, row in _rows().items()
    }


def pairs(contrast: str, number: int, seed: int) -> list[Pair]:
    """Draw pairs of one contrast.

    Parameters
    ----------
    contrast : str
        A key of `contrasts`.
    number : int
        How many; more of them begin like fewer.
    seed : int
        From 0 to 2**32 - 1; the same seed gives the same pairs for ever (`RandomState`, NEP 19).

    Raises
    ------
    KeyError
        For a contrast that there is not.
    """
    row = _rows()[contrast]
    # Each contrast has hearts of its own.
    rng = np.random.RandomState([seed, *contrast.encode()])
    drawn = _drawn(row, rng)
    return [replace(next(drawn), contrast=contrasts()[contrast]) for _ in range(number)]


@cache
def _rows() -> Mapping[str, Mapping[str, Any]]:
    with Path(__file__).with_name("contrasts.toml").open("rb") as file:
        return dict(tomllib.load(file)["contrast"])


def _drawn(row: Mapping[str, Any], rng: np.random.RandomState) -> Iterator[Pair]:
    for number in count():
        tables = _tables(row, number)
        for _ in range(_ATTEMPTS):
            base = _base(rng)
            shared, one, other = (_values(table, rng) for table in tables)
            seed = int(rng.randint(0, 2**31 - 1))
            try:
                first, second = (Parameters(**{**base, **shared, **side}) for side in (one, other))
            except ValueError:
                continue
            noise_seed = (seed + _OTHER_NOISE) % 2**31 if row.get("other_noise") else None
            yield Pair(_NOTHING, first, second, seed, noise_seed, _pages(row, number))
            break
        else:
            raise RuntimeError("no heart is possible on both sides of this contrast")


def _tables(row: Mapping[str, Any], number: int) -> tuple[Mapping[str, Any], Mapping[str, Any], Mapping[str, Any]]:
    """Give what the two sides of a contrast's pair have in common, and what each has for itself."""
    if row.get("hearts") != "any":
        return row.get("both", {}), row.get("one", {}), row.get("other", {})
    factors = [factor for factor in _rows().values() if factor["axis"]]
    turn, place = divmod(number, len(factors))
    side = ("one", "other")[turn % 2]
    return {**factors[place].get("both", {}), **factors[place].get(side, {})}, {}, {}


def _pages(row: Mapping[str, Any], number: int) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Say how the two pages are drawn: the others in turn."""
    looks = row.get("page", {})
    first = {option: values[0] for option, values in looks.items()}
    second = {option: values[1 + number % (len(values) - 1)] for option, values in looks.items()}
    return first, second


def _base(rng: np.random.RandomState) -> dict[str, Any]:
    """Draw a heart that is normal but for the factor."""
    within = rng.uniform
    return {
        "heart_rate": round(within(64.0, 84.0), 1),
        "qrs_axis": float(round(within(15.0, 70.0))),
        "pr": float(round(within(140.0, 180.0))),
        "qrs": float(round(within(84.0, 102.0))),
        "qtc": float(round(within(388.0, 428.0))),
        "age": float(int(within(25, 85))),
        "sex": FEMALE if within() < 0.5 else MALE,
        "noise": round(within(0.6, 1.4), 2),
    }


def _values(row: Mapping[str, Any], rng: np.random.RandomState) -> dict[str, Any]:
    """Read one side: [low, high] is drawn from, "none" for PR is no PR, {stage, walls} is ischaemia."""
    found: dict[str, Any] = {}
    for name, value in row.items():
        if name == "ischemia":
            found[name] = Ischemia(value["stage"], frozenset(value["walls"]))
        elif name == "findings":
            found[name] = frozenset(value)
        elif isinstance(value, list):
            low, high = value
            found[name] = float(round(rng.uniform(low, high)))
        elif value == "none" and name in ("pr", "qrs_axis"):
            found[name] = None
        else:
            found[name] = value
    return found
