"""A wave, or a group of them, seen by the leads: what is laid on the page once a beat."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from einthoven.ecg.simulator.lead_field import project
from einthoven.ecg.simulator.wave import Waves, gaussians

__all__ = ["Pulse", "laid", "pulse"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Pulse:
    """Gaussians in time and leads.

    Attributes
    ----------
    time, left, right : ndarray, shape (n,)
        Seconds after the event that the pulse belongs to, for each Gaussian.
    leads : ndarray, shape (n, 8)
        mV in the order of `lead_field.INDEPENDENT`.
    """

    time: Floats
    left: Floats
    right: Floats
    leads: Floats

    def __add__(self, other: Pulse) -> Pulse:
        return Pulse(
            np.concatenate([self.time, other.time]),
            np.concatenate([self.left, other.left]),
            np.concatenate([self.right, other.right]),
            np.concatenate([self.leads, other.leads]),
        )

    def scaled(self, factor: float) -> Pulse:
        """Give the same pulse with another voltage."""
        return replace(self, leads=self.leads * factor)

    @property
    def span(self) -> tuple[float, float]:
        """The seconds around the event beyond which nothing is left of it (4 standard deviations)."""
        return float((self.time - 4.0 * self.left).min()), float((self.time + 4.0 * self.right).max())

    def at(self, times: Floats) -> Floats:
        """Give the voltages at some seconds after the event, shape (*times.shape, 8)."""
        return np.asarray(gaussians(times, self.time, self.left, self.right) @ self.leads)


def pulse(waves: Waves) -> Pulse:
    """Give waves, in ms and as vectors, as the leads see them."""
    return Pulse(waves.time / 1e3, waves.left / 1e3, waves.right / 1e3, project(waves.limb, waves.chest))


def laid(page: Floats, one: Pulse, events: Floats, gains: Floats, rate: float) -> None:
    """Add a pulse to a page at each of some events.

    Parameters
    ----------
    page : ndarray, shape (samples, 8)
        mV; changed in place.
    one : Pulse
        What is added.
    events, gains : ndarray, shape (n,)
        Seconds from the start of the page, and the factor on each.
    rate : float
        Samples a second.
    """
    if not one.time.size:
        return
    before, after = one.span
    seconds = page.shape[0] / rate
    there = (events + after > 0.0) & (events + before < seconds)
    events, gains = events[there], gains[there]
    first = np.floor((events + before) * rate).astype(int)
    width = int(np.ceil((after - before) * rate)) + 2
    grid = (first[:, None] + np.arange(width)) / rate - events[:, None]
    courses = one.at(grid) * gains[:, None, None]
    for start, course in zip(first, courses, strict=True):
        low, high = max(start, 0), min(start + width, page.shape[0])
        page[low:high] += course[low - start : high - start]
