"""Pages without a strip: beats found, laid on each other and measured column by column."""

from __future__ import annotations

import numpy as np
import pytest
from shown_columns import shown

from einthoven.adapters.digitiser.alignment import aligned
from einthoven.adapters.digitiser.beats import beats
from einthoven.adapters.digitiser.guide import guide
from einthoven.ecg.measure import measure
from einthoven.ecg.recording import Recording

RATE = 500.0


@pytest.mark.parametrize("columns", [2, 4])
def test_beats_of_small_leads_count_like_those_of_tall_ones(recording: Recording, columns: int) -> None:
    """Limb leads a quarter as tall as the chest leads behind them: all beats were missed in their half."""
    own = measure(recording)
    signal = recording.signal.copy()
    signal[:6] *= 0.25
    signal[6:] *= 2.0
    found = beats(shown(signal, columns))
    assert len(found.rhythm.r_peaks) == len(own.r_peaks)
    assert found.rhythm.measurements.heart_rate == pytest.approx(own.measurements.heart_rate, rel=0.02)
    assert found.usable.all()
    assert found.form.measurements.qrs_axis == pytest.approx(own.measurements.qrs_axis, abs=4.0)
    assert found.form.measurements.qrs == pytest.approx(own.measurements.qrs, abs=14.0)


def test_columns_of_other_leads_are_laid_on_the_same_moment() -> None:
    """One column's QRS is upright, the other's biphasic and found 30 ms late: both move from 0 to 80 ms."""
    time = np.arange(5000) / RATE
    starts = np.arange(0.4, 9.8, 0.8)
    rows = np.zeros((12, 5000), dtype=np.float32)
    for start in starts:
        inside = (time >= start) & (time < start + 0.08)
        turn = (time[inside] - start) / 0.08
        rows[:, inside] = np.sin(np.pi * turn) ** 2 if start < 5.0 else np.sin(2 * np.pi * turn)
    peaks = np.round((starts + np.where(starts < 5.0, 0.04, 0.07)) * RATE).astype(int)
    places, alike = aligned(rows, (0, 2500, 5000), peaks, RATE)
    assert alike.all()
    assert np.ptp(places / RATE - starts) < 0.008


def test_a_strip_is_its_own_guide(recording: Recording) -> None:
    rows, edges = guide(shown(recording.signal, 4, strip="II"))
    assert edges == (0, recording.signal.shape[1])
    np.testing.assert_array_equal(rows, np.broadcast_to(recording.signal[1], rows.shape))
