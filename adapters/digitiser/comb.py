"""Ruled lines seen across: how far apart they are, and whether every fifth is bold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Comb", "comb"]

Floats = NDArray[np.float64]

#: Pixels between neighbouring lines: closer they are grey, further apart a page would have a handful.
_CLOSEST, _FARTHEST = 2.6, 260.0

#: Times the usual amplitude of a spectrum above which a line of it is no noise.
_ABOVE_NOISE = 7.0

#: Share of what stands out of the spectrum that the harmonics of a ruling hold at least; and of the best candidate's,
#: for a higher one to be taken: all multiples of a fifth are multiples of a tenth.
_EXPLAINED, _AS_GOOD = 0.55, 0.93

#: Lines of a spectrum that are looked at.
_MOST_LINES = 60

#: The fifth harmonic of a ruling with five thin spaces a bold one stands out of its neighbours by so much.
_FIFTH_STANDS_OUT = 1.35

#: Where the thin lines were found first: share of their amplitude that the bold ones among them have, at least.
_FIFTHS = 0.12


@dataclass(frozen=True, slots=True)
class Comb:
    """A ruling.

    Attributes
    ----------
    period : float
        Pixels between neighbouring lines, the thin ones where there are thin ones.
    bold : bool
        Whether every fifth line is bolder.
    strength : float
        Share of the lines in all that stands out of the profile's spectrum, 0 to 1.
    """

    period: float
    bold: bool
    strength: float


def comb(profile: Floats) -> Comb | None:
    """Find the ruling in a profile of mean darkness across it.

    Parameters
    ----------
    profile : ndarray, shape (pixels,)
        Darkness in any unit.

    Returns
    -------
    Comb or None
        `None` where nothing repeats itself.
    """
    from scipy.ndimage import uniform_filter1d

    size = len(profile)
    if size < 64:
        return None
    padded = 1 << (4 * size - 1).bit_length()
    level = profile - uniform_filter1d(profile, max(size // 12, 15), mode="nearest")
    limit = 4.0 * float(np.median(np.abs(level))) + 1e-9
    level = np.clip(level, -limit, 6.0 * limit)
    level = (level - level.mean()) * np.hanning(size)
    amplitude = np.abs(np.fft.rfft(level, padded))
    frequency = np.arange(len(amplitude)) / padded
    amplitude[(frequency < 1.0 / _FARTHEST) | (frequency < 3.0 / size) | (frequency > 1.0 / 2.1)] = 0.0
    inner = amplitude[1:-1]
    tops = np.flatnonzero((inner >= amplitude[:-2]) & (inner > amplitude[2:])) + 1
    noise = float(np.median(amplitude[amplitude > 0])) if (amplitude > 0).any() else 0.0
    tops = tops[amplitude[tops] > _ABOVE_NOISE * noise]
    if not tops.size:
        return None
    tops = np.sort(tops[np.argsort(-amplitude[tops])[:_MOST_LINES]])
    at = np.array([_refined(amplitude, int(top)) for top in tops]) / padded
    height = amplitude[tops]
    found = _fundamental(at, height, 1.5 / size)
    if found is None:
        return None
    base, strength = found
    base = _sharpened(at, height, base)
    first = _amplitudes(level, base * np.arange(1, 7))
    between = _amplitudes(level, base * np.arange(1, 5) / 5.0).min()
    if base / 5.0 > 2.0 / size and between > max(_FIFTHS * first[0], _ABOVE_NOISE * noise):
        return Comb(1.0 / base, True, strength) if 1.0 / base >= _CLOSEST else None  # the thin lines alone were found
    bold = bool(
        base * 5.0 < 0.5
        and first[4] > _FIFTH_STANDS_OUT * max(first[3], first[5] if base * 6.0 < 0.5 else 0.0)
        and first[:4].max() > _ABOVE_NOISE * noise
    )
    period = 1.0 / base / (5.0 if bold else 1.0)
    return Comb(period, bold, strength) if period >= _CLOSEST else None


def _refined(amplitude: Floats, top: int) -> float:
    left, middle, right = amplitude[top - 1 : top + 2]
    bend = left - 2.0 * middle + right
    return top + (0.5 * (left - right) / bend if bend < 0 else 0.0)


def _fundamental(at: Floats, height: Floats, tolerance: float) -> tuple[float, float] | None:
    """Take the highest frequency whose multiples hold most of the energy."""
    energy = height**2
    shares = []
    for candidate in at:
        order = np.maximum(np.rint(at / candidate), 1.0)
        near = np.abs(at - order * candidate) < max(tolerance, 0.02 * float(candidate))
        shares.append(float(energy[near].sum() / energy.sum()))
    most = max(shares)
    base, share = next(
        (float(candidate), share)
        for candidate, share in zip(at[::-1], shares[::-1], strict=True)
        if share > _AS_GOOD * most
    )
    return (base, share) if share > _EXPLAINED else None


def _amplitudes(level: Floats, frequencies: NDArray[np.floating]) -> Floats:
    turns = np.exp(-2j * np.pi * np.outer(frequencies, np.arange(len(level))))
    return np.asarray(np.abs(turns @ level))


def _sharpened(at: Floats, height: Floats, base: float) -> float:
    """Fit the fundamental to all its multiples: the higher ones know it better."""
    order = np.rint(at / base)
    own = (order >= 1) & (np.abs(at - order * base) < 0.02 * base * np.maximum(order, 1.0))
    order, at, weight = order[own], at[own], height[own] ** 2
    return float((weight * order * at).sum() / (weight * order**2).sum())
