from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from einthoven.ecg.patient import Patient
from einthoven.ecg.recording import LEADS, Recording, checked_signal
from einthoven.errors import RecordingFault

RATE = 500.0


def samples(seconds: float = 10.0, rate: float = RATE, leads: int = 12) -> np.ndarray:
    """Noise of 0.3 mV, another in each lead, so that a wrong order of the leads shows."""
    return np.random.RandomState(7).normal(0, 0.3, (round(seconds * rate), leads))


def fault(*arguments: object) -> tuple[str, str]:
    with pytest.raises(RecordingFault) as caught:
        checked_signal("r1", *arguments)  # type: ignore[arg-type]
    assert caught.value.fault.record_id == "r1"
    assert "\n" not in caught.value.fault.detail
    return caught.value.fault.reason, caught.value.fault.detail


@pytest.mark.parametrize(
    ("unit", "factor"),
    [("mV", 1), ("mv", 1), ("V", 1e-3), ("uV", 1e3), ("µV", 1e3), ("μV", 1e3), (" mV ", 1), ("millivolt", 1)],
)
def test_every_spelling_of_a_voltage_gives_millivolts(unit: str, factor: float) -> None:
    truth = samples()
    signal = checked_signal("r1", truth * factor, LEADS, [unit] * 12, RATE)
    assert signal.dtype == np.float32
    assert signal.shape == (12, 5000)
    np.testing.assert_allclose(signal, truth.T, rtol=1e-6, atol=1e-6)


def test_units_may_differ_from_lead_to_lead() -> None:
    truth = samples()
    factors = np.array([1, 1e-3, 1e3] * 4)
    signal = checked_signal("r1", truth * factors, LEADS, ["mV", "V", "uV"] * 4, RATE)
    np.testing.assert_allclose(signal, truth.T, rtol=1e-6, atol=1e-6)


@settings(deadline=None)  # machines that are shared are slow at times
@given(st.permutations(range(12)), st.sampled_from([str.lower, str.upper, str, str.swapcase]))
def test_any_order_and_case_of_the_leads_gives_the_standard_order(order: list[int], spell: object) -> None:
    truth = samples(seconds=10, rate=50)
    names = [spell(LEADS[place]) for place in order]  # type: ignore[operator]
    signal = checked_signal("r1", truth[:, order], names, ["mV"] * 12, 50)
    np.testing.assert_array_equal(signal, truth.T.astype(np.float32))


def test_signals_that_are_no_standard_lead_are_left_out_even_doubled() -> None:
    truth = samples()
    wide = np.column_stack([truth[:, :6], np.zeros(5000), truth[:, 6:], np.full((5000, 2), np.nan)])
    names = [*LEADS[:6], "RESP", *LEADS[6:], "vx", "VX"]
    signal = checked_signal("r1", wide, names, [*["mV"] * 6, "mmHg", *["mV"] * 8], RATE)
    np.testing.assert_array_equal(signal, truth.T.astype(np.float32))


def test_missing_and_doubled_leads_are_named() -> None:
    reason, detail = fault(samples(leads=11), [lead for lead in LEADS if lead != "V3"], ["mV"] * 11, RATE)
    assert reason == "missing_lead"
    assert "no V3" in detail
    reason, detail = fault(samples(), [*LEADS[:11], "v5"], ["mV"] * 12, RATE)
    assert (reason, detail) == ("missing_lead", "lead v5 stands twice")
    assert fault(np.empty((5000, 0)), [], [], RATE)[0] == "missing_lead"


def test_other_units_are_a_fault_that_names_lead_and_unit() -> None:
    reason, detail = fault(samples(), LEADS, [*["mV"] * 7, "mmHg", *["mV"] * 4], RATE)
    assert reason == "unit"
    assert "V2" in detail
    assert "mmHg" in detail


@pytest.mark.parametrize("factor", [1e3, 1e-3])
def test_a_unit_that_is_wrong_by_a_thousand_is_seen_in_the_amplitude(factor: float) -> None:
    assert fault(samples() * factor, LEADS, ["mV"] * 12, RATE)[0] == "unit"


def test_a_spike_or_a_noisy_lead_is_no_wrong_unit() -> None:
    noisy = samples()
    noisy[:, 9] *= 200
    noisy[17] = 32.767
    assert checked_signal("r1", noisy, LEADS, ["mV"] * 12, RATE).max() > 32


@pytest.mark.parametrize("rate", [100, 250, 257, 360, 500, 1000])
def test_ten_seconds_are_kept_and_less_is_too_short(rate: int) -> None:
    longer = samples(seconds=11, rate=rate)
    assert checked_signal("r1", longer, LEADS, ["mV"] * 12, rate).shape == (12, 10 * rate)
    exact = longer[: 10 * rate]
    assert checked_signal("r1", exact, LEADS, ["mV"] * 12, rate).shape == (12, 10 * rate)
    reason, detail = fault(exact[:-1], LEADS, ["mV"] * 12, rate)
    assert reason == "too_short"
    assert detail.endswith("a page shows 10 s")


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_samples_without_a_value_are_counted(value: float) -> None:
    holed = samples()
    holed[100:103, 4] = value
    reason, detail = fault(holed, LEADS, ["mV"] * 12, RATE)
    assert reason == "nan"
    assert detail == "3 samples without a value in aVL"


def test_what_comes_after_the_page_does_not_matter() -> None:
    longer = samples(seconds=12)
    longer[5000:] = np.nan
    assert np.isfinite(checked_signal("r1", longer, LEADS, ["mV"] * 12, RATE)).all()


def test_flat_leads_are_named() -> None:
    still = samples()
    still[:, [2, 11]] = [0.0, 1.5]
    assert fault(still, LEADS, ["mV"] * 12, RATE) == ("flat", "III, V6 never move")
    still = samples()
    still[:, 0] = 0
    assert fault(still, LEADS, ["mV"] * 12, RATE) == ("flat", "I never moves")


@pytest.mark.parametrize("rate", [0, -500, np.nan, np.inf])
def test_a_sampling_rate_that_is_none_is_a_fault(rate: float) -> None:
    assert fault(samples(), LEADS, ["mV"] * 12, rate)[0] == "unreadable"


def test_a_recording_is_frozen_and_checks_its_shape() -> None:
    signal = samples().T.astype(np.float32)
    recording = Recording("r1", signal.copy(), RATE, Patient("p1"))
    assert recording.duration == 10.0
    with pytest.raises(ValueError, match="read-only"):
        recording.signal[0, 0] = 1  # type: ignore[index]
    with pytest.raises(ValueError, match="float32"):
        Recording("r1", signal.astype(np.float64), RATE, Patient("p1"))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="12, samples"):
        Recording("r1", signal[:11].copy(), RATE, Patient("p1"))
    with pytest.raises(ValueError, match="sampling rate"):
        Recording("r1", signal.copy(), 0, Patient("p1"))
    with pytest.raises(ValueError, match="page image"):
        Recording("r1", None, 0, Patient("p1"))
