"""What must not change the numbers, and what must not break the measurer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hearts import AF, SINUS, of, page
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy.signal import resample_poly

from einthoven.ecg.measure import measure
from einthoven.ecg.measurements import Measurements
from einthoven.ecg.patient import Patient
from einthoven.ecg.recording import Recording
from einthoven.ecg.simulator import Parameters

FIELDS = ("pr", "qrs", "qt")
HEARTS = [
    SINUS,
    replace(SINUS, conduction="lbbb", qrs=150.0),
    replace(SINUS, heart_rate=48.0, pr=240.0, qrs_axis=-50.0),
    AF,
]


def signal_of(recording: Recording) -> np.ndarray:
    assert recording.signal is not None
    return recording.signal.astype(np.float64)


def assert_close(one: Measurements, other: Measurements, ms: float, bpm: float = 0.5, degrees: float = 3.0) -> None:
    assert one.heart_rate == pytest.approx(other.heart_rate, abs=bpm)
    for field in FIELDS:
        a, b = getattr(one, field), getattr(other, field)
        assert (a is None) == (b is None), field
        assert a is None or a == pytest.approx(b, abs=ms), field
    assert one.qrs_axis is not None
    assert other.qrs_axis is not None
    assert abs((one.qrs_axis - other.qrs_axis + 180.0) % 360.0 - 180.0) < degrees


@pytest.mark.parametrize("heart", HEARTS)
@pytest.mark.parametrize("factor", [0.5, 0.8, 1.25, 2.0])
def test_amplitude_moves_little(heart: Parameters, factor: float) -> None:
    # The thresholds of the QRS follow the fourth root of its steepness, as readers' eyes do: a heart of twice the
    # voltage is read some ms wider.
    recording = page(heart, noise=0.2)
    one, other = measure(recording), measure(of(factor * signal_of(recording)))
    assert_close(other.measurements, one.measurements, ms=9.0)


@pytest.mark.parametrize("heart", HEARTS)
def test_polarity_turns_the_axis_and_nothing_else(heart: Parameters) -> None:
    recording = page(heart)
    one, other = measure(recording).measurements, measure(of(-signal_of(recording))).measurements
    assert one.qrs_axis is not None
    assert other.qrs_axis is not None
    turned = replace(other, qrs_axis=(other.qrs_axis + 360.0) % 360.0 - 180.0)
    assert_close(turned, one, ms=0.5, bpm=0.01, degrees=0.5)


@pytest.mark.parametrize("heart", HEARTS)
@pytest.mark.parametrize("samples", [1, 137, 250])
def test_time_shift(heart: Parameters, samples: int) -> None:
    signal = signal_of(page(heart))
    one, other = measure(of(signal[:, :-samples])), measure(of(signal[:, samples:]))
    assert_close(other.measurements, one.measurements, ms=8.0, bpm=3.0 if heart is AF else 1.5)


@pytest.mark.parametrize("heart", HEARTS)
@pytest.mark.parametrize(("up", "down"), [(1, 5), (1, 2), (18, 25), (257, 500), (2, 1)])
def test_sampling_rate(heart: Parameters, up: int, down: int) -> None:
    recording = page(heart, noise=0.3)
    resampled = of(resample_poly(signal_of(recording), up, down, axis=1), 500.0 * up / down)
    one, other = measure(recording).measurements, measure(resampled).measurements
    assert_close(other, one, ms=12.0 if up / down < 0.3 else 6.0)


def test_a_constant_offset_and_slow_wander_change_nothing() -> None:
    recording = page(noise=0.3)
    time = np.arange(5000) / 500.0
    wander = 0.3 * np.sin(2 * np.pi * 0.15 * time) + np.arange(12)[:, None]
    assert_close(
        measure(of(signal_of(recording) + wander)).measurements, measure(recording).measurements, ms=6.0, degrees=6.0
    )


def test_mains_noise_changes_little() -> None:
    recording = page(noise=0.3)
    mains = 0.1 * np.sin(2 * np.pi * 50.0 * np.arange(5000) / 500.0)
    assert_close(measure(of(signal_of(recording) + mains)).measurements, measure(recording).measurements, ms=5.0)


def test_two_broken_leads_do_not_decide() -> None:
    recording = page(noise=0.3)
    signal = signal_of(recording)
    random = np.random.RandomState(5)
    signal[7] = 2.0 * random.standard_normal(5000)
    signal[9] = 0.0
    assert_close(measure(of(signal)).measurements, measure(recording).measurements, ms=10.0)


def test_missing_leads_leave_the_rest_alone() -> None:
    recording = page(noise=0.3)
    signal = signal_of(recording)
    signal[6:10] = 0.0
    assert_close(measure(of(signal)).measurements, measure(recording).measurements, ms=10.0)
    signal[0] = 0.0
    numbers = measure(of(signal)).measurements
    assert numbers.qrs_axis is None
    assert numbers.heart_rate == pytest.approx(72.0, abs=0.5)


def test_extrasystoles_are_not_averaged_in() -> None:
    recording = page(replace(SINUS, heart_rate=60.0), noise=0.3)
    wide = page(replace(SINUS, heart_rate=60.0, rhythm="paced", pr=None, qrs=140.0), noise=0.0)
    signal, other = signal_of(recording), signal_of(wide)
    one = measure(recording)
    middle = int(one.r_peaks[4])
    from_other = int(measure(wide).r_peaks[4])
    signal[:, middle - 130 : middle + 220] = other[:, from_other - 130 : from_other + 220]
    found = measure(of(signal))
    assert found.rhythm.ectopic > 0.0
    assert found.measurements.qrs == pytest.approx(one.measurements.qrs, abs=6.0)


def unknown(numbers: Measurements) -> bool:
    return numbers == Measurements(measurer=numbers.measurer)


@pytest.mark.parametrize("seed", range(8))
def test_noise_has_no_heart_in_it(seed: int) -> None:
    random = np.random.RandomState(seed)
    white = random.standard_normal((12, 5000))
    assert unknown(measure(of(0.3 * white)).measurements)
    assert unknown(measure(of(0.02 * np.cumsum(white, axis=1))).measurements)


def test_flat_and_empty_signals_are_unknown() -> None:
    for signal in (np.zeros((12, 5000)), np.full((12, 5000), 7.0), np.zeros((12, 0)), np.ones((12, 1))):
        assert unknown(measure(of(signal)).measurements)
    picture_only = Recording("x", None, 500.0, Patient("x"), pages=(Path(__file__),))
    assert unknown(measure(picture_only).measurements)


def test_values_that_are_no_numbers_are_left_out() -> None:
    signal = signal_of(page())
    signal[3, 100], signal[8, 7] = np.nan, np.inf
    assert measure(of(signal)).measurements.heart_rate == pytest.approx(72.0, abs=0.5)


@settings(max_examples=60, deadline=None)
@given(
    signal=arrays.arrays(
        np.float32,
        st.tuples(st.just(12), st.integers(0, 900)),
        elements=st.floats(width=32, allow_nan=False, allow_infinity=False),
        fill=st.floats(-2, 2, width=32),
    ),
    rate=st.sampled_from([1.0, 50.0, 100.0, 257.0, 360.5, 1000.0, 1e4]),
)
def test_any_finite_array_is_survived(signal: np.ndarray, rate: float) -> None:
    found = measure(of(signal, rate))
    assert 0.0 <= found.quality <= 1.0
    for value in (getattr(found.measurements, name) for name in ("heart_rate", *FIELDS, "qrs_axis", "t_axis")):
        assert value is None or np.isfinite(value)
