"""Twelve leads at once from a page that shows them one after the other.

A cart's page shows 2.5 s of most leads: two or three beats. The rhythm is read off the strip, which runs through; the
form of the beat, lead by lead, off the beats that the page shows of it, all laid on the same moment of the strip's
beats. For the measurer each lead's middle beat is then repeated at the usual interval, in all leads at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from einthoven.adapters.digitiser.digitised import Digitised
from einthoven.ecg.measure import Measured, measure
from einthoven.ecg.patient import Patient
from einthoven.ecg.recording import LEADS, Recording

__all__ = ["Beats", "beats"]

Floats = NDArray[np.float32]
Integers = NDArray[np.int_]
Bools = NDArray[np.bool_]

#: Share of the page that a lead runs through at least to give the rhythm, or to be measured as it is.
_THROUGH = 0.95

#: Seconds of a beat before and behind the middle of its excitation: room for a PR of 400 ms and a QT of 600; and the
#: share of the usual interval that lies before, at most.
_BEFORE, _AFTER, _SHARE_BEFORE = 0.45, 0.70, 0.45

#: Seconds before and behind that are compared to lay one beat on another, and how far it may be moved.
_NEAR, _REACH = 0.10, 0.05

#: Beats that correlate better than this with the middle beat are of its kind.
_ALIKE = 0.80

#: Share of a beat that must be shown to count for its lead's form.
_WHOLE = 0.98

#: Seconds at the beginning of a column that level it with the one before.
_LEVELLED = 0.4

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
    """

    rhythm: Measured
    form: Measured
    usable: Bools


def beats(page: Digitised) -> Beats:
    """Measure a digitised page.

    Parameters
    ----------
    page : Digitised
        What was read off it; what the page lacks stays unknown.
    """
    rate = page.sampling_rate
    shown = np.isfinite(page.signal)
    if (shown.mean(axis=1) > _THROUGH).all():
        whole = measure(_recording(_filled(page.signal), rate))
        return Beats(whole, whole, np.ones(len(LEADS), dtype=np.bool_))
    guide = _guide(page)
    rhythm = measure(_recording(guide, rate))
    if len(rhythm.r_peaks) < 2:
        return Beats(rhythm, rhythm, np.zeros(len(LEADS), dtype=np.bool_))
    places, alike = _aligned(guide, rhythm.r_peaks, rate)
    repeated, usable = _repeated(page.signal, places, alike, rate)
    return Beats(rhythm, measure(_recording(repeated, rate)), usable)


def _recording(signal: Floats, rate: float) -> Recording:
    return Recording("page", np.ascontiguousarray(signal, dtype=np.float32), rate, Patient(id="page"))


def _filled(signal: Floats) -> Floats:
    """Bridge what is missing of leads that run through."""
    filled = signal.copy()
    for row in filled:
        known = np.flatnonzero(np.isfinite(row))
        if 0 < known.size < row.size:
            row[:] = np.interp(np.arange(row.size), known, row[known])
    return filled


def _guide(page: Digitised) -> Floats:
    """Give twelve rows that run through: the strips in turn, or the leads on show at each moment, levelled."""
    shown = np.isfinite(page.signal)
    through = np.flatnonzero(shown.mean(axis=1) > _THROUGH)
    twelve = np.arange(len(LEADS))
    if through.size:
        return _filled(page.signal[through])[twelve % len(through)]
    # Columns follow each other: each of the twelve rows takes one lead of every column.
    samples = page.signal.shape[1]
    guide = np.zeros((len(LEADS), samples), dtype=np.float32)
    change = np.unique([round(place.t0 * page.sampling_rate) for place in page.stretches])
    edges = [*change.tolist(), samples]
    level = np.zeros(len(LEADS), dtype=np.float32)
    hold = round(_LEVELLED * page.sampling_rate)
    for a, b in pairwise(edges):
        here = np.flatnonzero(shown[:, a:b].mean(axis=1) > 0.5) if b > a else twelve[:0]
        if not here.size:
            guide[:, a:b] = level[:, None]
            continue
        part = _filled(page.signal[here, a:b])[twelve % len(here)]
        guide[:, a:b] = part - np.median(part[:, :hold], axis=1, keepdims=True) + level[:, None]
        level = np.median(guide[:, max(b - hold, a) : b], axis=1)
    return guide


def _aligned(guide: Floats, peaks: Integers, rate: float) -> tuple[Integers, Bools]:
    """Lay the beats on each other: their places, and which are of the commonest kind."""
    near, reach = round(_NEAR * rate), round(_REACH * rate)
    padded = np.pad(guide[:3], ((0, 0), (near + reach, near + reach)), mode="edge")
    at = peaks[:, None] + np.arange(2 * (near + reach) + 1)
    wide = np.diff(padded[:, at], axis=2).transpose(1, 0, 2)  # beats, leads, samples
    middle = np.median(wide, axis=0)[:, reach:-reach]
    windows = np.lib.stride_tricks.sliding_window_view(wide, middle.shape[1], axis=2)
    size = np.sqrt(np.einsum("blws,blws->bw", windows, windows))
    lag, likeness = np.full(len(peaks), reach), np.zeros(len(peaks))
    for _ in range(2):
        score = np.einsum("blws,ls->bw", windows, middle) / np.maximum(size * np.linalg.norm(middle), 1e-9)
        lag, likeness = score.argmax(axis=1), score.max(axis=1)
        middle = np.median(windows[np.arange(len(peaks)), :, lag], axis=0)
    alike = likeness > _ALIKE
    return peaks + lag - reach, alike if alike.sum() >= 2 else np.ones(len(peaks), dtype=np.bool_)


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
        form = _middle_beat(np.where(inside, signal[lead][clipped], np.nan), alike, before, round(_NEAR * rate))
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
