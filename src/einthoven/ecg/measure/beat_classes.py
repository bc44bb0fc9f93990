"""Which beats look alike: an extrasystole must not be averaged into the others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from einthoven.ecg.measure.bands import RATE, Bands
from einthoven.ecg.recording import LEADS

__all__ = ["BeatClasses", "beat_classes"]

Floats = NDArray[np.float32]
Integers = NDArray[np.int_]

_INDEPENDENT = np.array([lead not in ("III", "aVR", "aVL", "aVF") for lead in LEADS])

#: Seconds before and after the middle of the excitation that are compared: a QRS and a little of its surroundings.
_BEFORE, _AFTER = 0.08, 0.10

#: Seconds by which a beat may be moved to fit.
_REACH = 0.05

#: Beats that correlate better than this over all leads are of one class.
_ALIKE = 0.85

#: Classes of this share of the largest one's beats are about as large.
_ABOUT_AS_LARGE = 0.75

#: Samples: slopes are taken over 12 ms, which muscle noise hardly reaches, and every 8 ms, which is enough for a QRS.
_SLOPE, _STEP = 3, 4


@dataclass(frozen=True, slots=True, eq=False)
class BeatClasses:
    """The beats by form.

    Attributes
    ----------
    places : ndarray of int, shape (beats,)
        The same moment of each beat, in samples: beats of one class lie on each other there.
    label : ndarray of int, shape (beats,)
        The class of each beat; 0 is the dominant one.
    likeness : ndarray of float32, shape (beats,)
        Correlation of each beat with the dominant class, the beat itself left out of it.
    """

    places: Integers
    label: Integers
    likeness: Floats

    @property
    def dominant(self) -> Integers:
        """The numbers of the beats of the dominant class."""
        return np.flatnonzero(self.label == 0)


def beat_classes(found: Bands, peaks: Integers) -> BeatClasses:
    """Sort the beats by the form of their QRS and lay equal ones upon each other.

    The dominant class is the largest; of several about as large the one with the narrowest QRS, which takes the sinus
    beats of a bigeminus and the patient's own beats beside paced ones.

    Parameters
    ----------
    found : Bands
        The filtered recording.
    peaks : ndarray of int, shape (beats,)
        What `r_peaks` gave; at least one.
    """
    before, reach = round(_BEFORE * RATE), round(_REACH * RATE)
    length = before + round(_AFTER * RATE)
    offsets = np.arange(-before - reach - _SLOPE, length - before + reach + _SLOPE)
    edge = length + reach + _SLOPE
    places = np.clip(peaks, edge, found.clean.shape[1] - edge)
    rows = found.clean[_leads(found.usable)]
    wide = rows[:, places[:, None] + offsets].transpose(1, 0, 2)  # beats, leads, samples
    steep = wide[..., 2 * _SLOPE :] - wide[..., : -2 * _SLOPE]
    windows = sliding_window_view(steep, length, axis=2)[..., : 2 * reach + 1, ::_STEP]  # beats, leads, lags, samples
    flat = windows.transpose(0, 2, 1, 3).reshape(len(places), 2 * reach + 1, -1)
    flat = flat / np.maximum(np.sqrt(np.square(flat).sum(axis=2)), 1e-6)[..., None]
    label = np.full(len(places), -1)
    lag = np.full(len(places), reach)
    classes: list[Integers] = []
    while (rest := np.flatnonzero(label < 0)).size:
        members, where = _class(flat[rest])
        label[rest[members]] = len(classes)
        lag[rest[members]] = where[members]
        classes.append(rest[members])
    most = max(len(members) for members in classes)
    widths = [_width(flat[members, lag[members]], int(rows.shape[0])) for members in classes]
    order = sorted(
        range(len(classes)),
        key=lambda c: (len(classes[c]) < _ABOUT_AS_LARGE * most, widths[c] if len(classes[c]) > 1 else np.inf),
    )
    label = np.argsort(order)[label]
    likeness = _likeness(flat, lag, label)
    return BeatClasses(places + lag - reach, label, likeness)


def _leads(usable: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Choose the leads that hold all the others, III and the augmented ones being sums of I and II."""
    independent = usable & _INDEPENDENT
    return independent if independent.any() else usable


def _class(flat: Floats) -> tuple[Integers, Integers]:
    """Grow the class around the beat that most others look like; return its members and the lags of all."""
    middle = flat[:, flat.shape[1] // 2]
    beats, lags, values = flat.shape
    alike = (flat.reshape(-1, values) @ middle.T).reshape(beats, lags, beats).max(axis=1).T
    seed = int(np.argmax((alike > _ALIKE).sum(axis=1) + 0.5 * np.median(alike, axis=1)))
    template = middle[seed]
    members = np.array([seed])
    for _ in range(2):
        fits = flat @ template
        where = fits.argmax(axis=1)
        fit = fits.max(axis=1)
        members = np.flatnonzero(fit > _ALIKE)
        if not members.size:
            break
        template = flat[members, where[members]].mean(axis=0)
        template = template / max(float(np.linalg.norm(template)), 1e-6)
    if not members.size:
        members = np.array([seed])
    return members, where


def _width(beats: Floats, leads: int) -> float:
    """Give the number of samples over which a class's slopes are spread out (participation ratio)."""
    slopes = np.sqrt(np.square(beats.mean(axis=0).reshape(leads, -1)).sum(axis=0))
    return float(slopes.sum() ** 2 / max(float(np.square(slopes).sum()), 1e-9))


def _likeness(flat: Floats, lag: Integers, label: Integers) -> Floats:
    members = np.flatnonzero(label == 0)
    aligned = flat[members, lag[members]]
    total = aligned.sum(axis=0)
    likeness = (flat @ total).max(axis=1) / max(float(np.linalg.norm(total)), 1e-6)
    if len(members) > 1:
        others = total - aligned
        others /= np.maximum(np.linalg.norm(others, axis=1), 1e-6)[:, None]
        likeness[members] = np.einsum("bi,bi->b", aligned, others)
    return np.asarray(likeness, dtype=np.float32)
