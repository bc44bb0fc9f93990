"""The zero of a lead whose page prints none: a bold line of the paper, where the limb leads bear it out.

A pulse's foot says where 0 mV lies; a patch has no pulse. Its usual level is no zero: baseline wander, ST and long T
waves move it by 0.04 mV (median, training folds; 2 % of leads by more than 0.25). But traces are drawn from a line of
the paper, nearly always a bold one, and bold lines are 0.5 mV apart. Whether that holds on the page in hand the page
itself says: I + III = II and aVR + aVL + aVF = 0 at every moment (Einthoven 1912, Goldberger 1942), so lines
that were chosen wrongly leave a remainder.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from einthoven.adapters.digitiser.calibration import Scale
from einthoven.adapters.digitiser.paper import Paper

__all__ = ["ASSUMED", "bold_lines", "zero_shifts"]

Floats = NDArray[np.float64]

#: What is said of pages read so, and of those where it does not hold.
ASSUMED = "no zero is printed: each trace's is the bold line next to its level, as the limb leads bear out"
_OPEN = "no zero is printed: each trace's usual level is taken for it"

#: Millimetres from one bold line to the next.
_BOLD_MM = 5

#: Columns from one that is looked at to the next: no multiple of it is a usual distance of upright lines.
_EVERY = 13

#: Times as dark as the thin lines between them, all in all, are bold lines.
_BOLDER = 1.25

#: What sums to nothing at every moment.
_SUMS: tuple[Mapping[str, int], ...] = ({"I": 1, "II": -1, "III": 1}, {"aVR": 1, "aVL": 1, "aVF": 1})

#: mV that a sum may miss 0 by: on patches of the training folds it is 0.001, with lines chosen wrongly 0.1 and more.
_REMAINDER = 0.006

#: mV by which a level usually lies off its zero, and what a thin line costs in its multiples.
_OFF, _THIN = 0.03, 8.0

#: Lines that are tried of each lead.
_OFFERS = 8


def bold_lines(sheet: Paper, measure: Scale) -> tuple[float, float] | None:
    """Find the paper's bold lines along time.

    Parameters
    ----------
    sheet, measure
        The page, and what its pixels are worth.

    Returns
    -------
    (first, apart) or None
        The y of the first one, and the pixels between two; `None` where no line is bolder than the others.
    """
    apart = _BOLD_MM * measure.px_per_mm_y
    if sheet.down is None or apart < _BOLD_MM * 2.0:
        return None
    # The darkest channel shows lines of any colour; a row's lightest pixels are its own line's, not what is written
    # over it: a level trace takes half of them.
    some = np.ascontiguousarray(sheet.pixels[:, ::_EVERY])
    dark_at = 255 - np.minimum(np.minimum(some[..., 0], some[..., 1]), some[..., 2])
    third = max(dark_at.shape[1] // 3, 1)
    profile = np.partition(dark_at, third, axis=1)[:, :third].mean(axis=1)
    place = np.arange(profile.size) % apart
    # Folded on each other, what repeats stays.
    steps = int(apart)
    step = np.minimum((place / apart * steps).astype(np.int64), steps - 1)
    folded = np.bincount(step, weights=profile, minlength=steps) / np.maximum(np.bincount(step, minlength=steps), 1)
    around = folded + np.roll(folded, 1) + np.roll(folded, -1)
    thin = apart / _BOLD_MM
    top = (int(np.argmax(around)) + 0.5) / steps * apart
    off = (place - top + apart / 2.0) % apart - apart / 2.0
    near = np.abs(off) < thin / 2.0
    dark = profile - float(np.median(profile))
    others = (np.abs(off) > 0.75 * thin) & (np.abs(off) < 2.25 * thin)
    bold, usual = float(dark[near].clip(0.0).sum()), float(dark[others].clip(0.0).sum()) / 3.0
    if not bold > _BOLDER * usual:
        return None
    weight = dark.clip(0.0) * near
    return float(top + (weight @ off) / weight.sum()) % apart, apart


def zero_shifts(
    leads: Sequence[str],
    values: Sequence[Floats],
    baselines: Sequence[float],
    lines: Sequence[tuple[float, float] | None],
    px_per_mv: Sequence[float],
    heights: Sequence[int],
) -> tuple[Floats, str]:
    """Give by how many pixels each baseline is to be moved from its trace's level to its zero.

    Parameters
    ----------
    leads : sequence of str
        Names; ``-aVR`` upside down.
    values : sequence of ndarray
        mV above the baselines, of equal length; leads that belong to one sum show the same seconds.
    baselines : sequence of float
        The y of the traces' levels.
    lines : sequence of (first, apart) or None
        As `bold_lines` gives them.
    px_per_mv : sequence of float
        Pixels.
    heights : sequence of int
        Of the sheets: a trace that has room on a bold line stands on one.

    Returns
    -------
    (shifts, warning)
        Pixels downwards, all 0 where the limb leads do not bear the lines out; and what was assumed.
    """
    nothing = np.zeros(len(leads)), _OPEN
    known = [one for one in lines if one is not None]
    if len(known) < len(leads):
        return nothing
    offers = []
    for value, y, line, px, height in zip(values, baselines, known, px_per_mv, heights, strict=True):
        size = float(np.nanmax(value) - np.nanmin(value)) * px if np.isfinite(value).any() else 0.0
        offers.append(_offers(y, *line, px, size + line[1] > height))
    shifts = np.array([float(own[0][0]) for own in offers])
    place = {lead.lstrip("-"): k for k, lead in enumerate(leads)}
    signs = [-1.0 if lead.startswith("-") else 1.0 for lead in leads]
    for one in _SUMS:
        if not set(one) <= set(place):
            return nothing
        own = [place[lead] for lead in one]
        left = float(np.nanmedian(np.sum([times * values[place[lead]] for lead, times in one.items()], axis=0)))
        best, remainder = np.inf, np.inf
        for chosen in product(*(offers[k] for k in own)):
            moved = sum(
                times * signs[k] * shift / px_per_mv[k]
                for times, k, (shift, _) in zip(one.values(), own, chosen, strict=True)
            )
            cost = sum(price for _, price in chosen) + ((left + moved) / _REMAINDER) ** 2
            if cost < best:
                best, remainder = cost, abs(left + moved)
                shifts[own] = [shift for shift, _ in chosen]
        if not remainder < _REMAINDER:
            return nothing
    return shifts, ASSUMED


def _offers(level: float, first: float, apart: float, px_per_mv: float, tall: bool) -> list[tuple[float, float]]:
    """Give the shifts to lines near a level, each with its price, the cheapest first."""
    thin = apart / _BOLD_MM
    number = round((level - first) / thin)
    found = []
    for k in range(number - 2 * _BOLD_MM, number + 2 * _BOLD_MM + 1):
        if tall or k % _BOLD_MM == 0:
            shift = first + k * thin - level
            found.append((shift, abs(shift) / px_per_mv / _OFF + (_THIN if k % _BOLD_MM else 0.0)))
    return sorted(found, key=lambda one: one[1])[:_OFFERS]
