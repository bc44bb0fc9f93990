"""Twelve leads at once from a page that shows them one after the other.

A cart's page shows 2.5 s of most leads: two or three beats. The rhythm is read off the strip, which runs through; the
form of the beat, lead by lead, off the beats that the page shows of it, all laid on the same moment of the strip's
beats. For the measurer each lead's middle beat is then repeated at the usual interval, in all leads at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from einthoven.adapters.digitiser.alignment import NEAR, aligned
from einthoven.adapters.digitiser.digitised import Digitised
from einthoven.adapters.digitiser.guide import THROUGH, filled, guide
from einthoven.ecg.measure import Measured, measure
from einthoven.ecg.patient import Patient
from einthoven.ecg.recording import LEADS, Recording

__all__ = ["Beats", "beats"]

Floats = NDArray[np.float32]
Integers = NDArray[np.int_]
Bools = NDArray[np.bool_]

#: Seconds of a beat before and behind the middle of its excitation: room for a PR of 400 ms and a QT of 600; and the
#: share of the usual interval that lies before, at most.
_BEFORE, _AFTER, _SHARE_BEFORE = 0.45, 0.70, 0.45

#: Share of a beat that must be shown to count for its lead's form.
_WHOLE = 0.98

#: Seconds that the repeated beats fill at least.
_REPEATED = 8.0


@dataclass(frozen=True, slots=True, eq=False)
class Beats:
    """What the page says of the heart.

    Attributes
    ----------
    rhythm : Measured
        Of the strip, or of whatever lead is on show at each moment: beats, their intervals, P waves before them.
    form : Measured
        Of twelve leads at once: the median beat, its boundaries, its axes.
    usable : ndarray of bool, shape (12,)
        Leads of which the page shows a beat.
    places : ndarray of int, shape (beats,)
        Samples of the page at its own rate: the same moment of each beat of the rhythm.
    alike : ndarray of bool, shape (beats,)
        Which of them look like most others.
    """

    rhythm: Measured
    form: Measured
    usable: Bools
    places: Integers = field(default_factory=lambda: np.zeros(0, dtype=np.int_))
    alike: Bools = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))


def beats(page: Digitised) -> Beats:
    """Measure a digitised page.

    Parameters
    ----------
    page : Digitised
        What was read off it; what the page lacks stays unknown.
    """
    rate = page.sampling_rate
    shown = np.isfinite(page.signal)
    if (shown.mean(axis=1) > THROUGH).all():
        rows = filled(page.signal)
        whole = measure(_recording(rows, rate))
        every = np.ones(len(LEADS), dtype=np.bool_)
        if len(whole.r_peaks) < 2:
            return Beats(whole, whole, every)
        return Beats(whole, whole, every, *aligned(rows, (0, rows.shape[1]), whole.r_peaks, rate))
    rows, edges = guide(page)
    rhythm = measure(_recording(rows, rate))
    if len(rhythm.r_peaks) < 2:
        return Beats(rhythm, rhythm, np.zeros(len(LEADS), dtype=np.bool_))
    places, alike = aligned(rows, edges, rhythm.r_peaks, rate)
    repeated, usable = _repeated(page.signal, places, alike, rate)
    return Beats(rhythm, measure(_recording(repeated, rate)), usable, places, alike)


def _recording(signal: Floats, rate: float) -> Recording:
    return Recording("page", np.ascontiguousarray(signal, dtype=np.float32), rate, Patient(id="page"))


def _repeated(signal: Floats, places: Integers, alike: Bools, rate: float) -> tuple[Floats, Bools]:
    """Repeat each lead's middle beat at the usual interval, in all leads at once."""
    usual = int(np.median(np.diff(places)))
    # A beat's surroundings belong to its neighbours: at high rates less of them is its own.
    before = min(round(_BEFORE * rate), round(_SHARE_BEFORE * usual))
    after = min(round(_AFTER * rate), usual - before)
    at = places[:, None] + np.arange(-before, after)
    samples = signal.shape[1]
    inside = (at >= 0) & (at < samples)
    clipped = np.clip(at, 0, samples - 1)
    repeats = int(np.ceil(_REPEATED * rate / usual)) + 1
    repeated = np.zeros((len(LEADS), repeats * usual), dtype=np.float32)
    usable = np.zeros(len(LEADS), dtype=np.bool_)
    for lead in range(len(LEADS)):
        form = _middle_beat(np.where(inside, signal[lead][clipped], np.nan), alike, before, round(NEAR * rate))
        if form is None:
            continue
        beat = np.full(usual, form[-1], dtype=np.float32)
        beat[: form.size] = form
        repeated[lead] = np.tile(beat, repeats)
        usable[lead] = True
    return repeated, usable


def _middle_beat(cut: Floats, alike: Bools, before: int, near: int) -> NDArray[np.float64] | None:
    """Give a lead's middle beat from its beats, NaN where they are not shown; its ends are level."""
    whole = np.isfinite(cut).mean(axis=1) > _WHOLE
    # A slow heart: what the column cuts off a beat is not needed, its excitation is.
    core = np.isfinite(cut[:, max(before - near, 0) : before + near]).all(axis=1)
    chosen = next((beats for beats in (whole & alike, whole, core & alike, core) if beats.any()), None)
    if chosen is None:
        return None
    rows = cut[chosen].astype(np.float64)
    level = max(before - near, 1)
    start = np.array([np.median(row[np.isfinite(row)][:level]) for row in rows])
    rows -= start[:, None]
    known = np.isfinite(rows).any(axis=0)
    where = np.flatnonzero(known)
    form = np.interp(np.arange(rows.shape[1]), where, np.nanmedian(rows[:, known], axis=0))
    # What wandered over the beat is taken out evenly.
    tail = max(form.size // 25, 2)
    tilt = float(np.median(form[-tail:]) - np.median(form[:tail]))
    return np.asarray(form - np.linspace(-0.5, 0.5, form.size) * tilt)
