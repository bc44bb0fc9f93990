"""The measurer on hearts whose numbers are known.

The simulator and LUDB's readers, whom the thresholds follow, begin and end waves by other rules: readers see a QRS
begin well before 0.05 mV and a T wave end in its tail. A constant shift is therefore allowed, and asserted to be one.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hearts import AF, PACED, SINUS, page

from einthoven.bench.sources.registry import open_source
from einthoven.ecg.measure import MEASURER, VERSION, Measured, measure
from einthoven.ecg.simulator import Parameters


@pytest.fixture(scope="module")
def population() -> list[tuple[Parameters, Measured]]:
    """Hearts of a population whose beats are alike and whose waves do not lie over each other."""
    source = open_source("sim")
    hearts = [entry for entry in source.entries if entry.split == "validation" and _plain(entry.locator[0])]
    return [(entry.locator[0], measure(source.load(entry))) for entry in hearts[:160]]


def _plain(told: Parameters) -> bool:
    return (
        (told.rhythm in ("sinus", "sinus_arrhythmia", "atrial_fibrillation") or (told.rhythm, told.pacing) in _PACED)
        and (told.block, told.ectopy, told.reversal, told.artifact) == ("none",) * 4
        and told.qrs_axis is not None
        and told.heart_rate < 120.0
        and not told.findings & _UNCLEAR
        and (told.ischemia is None or told.ischemia.stage not in ("subendocardial_injury", "old"))
    )


_PACED = [("paced", "ventricular")]
#: Forms that move or hide the points a reader measures at: flat T waves, U waves, notches at J.
_UNCLEAR = frozenset(
    {
        "low_t_wave",
        "nonspecific_st_t_change",
        "t_wave_abnormality",
        "digitalis_effect",
        "electrolyte_or_drug_effect",
        "u_wave_abnormality",
        "early_repolarization",
        "left_atrial_enlargement",
        "fragmented_qrs",
        "ventricular_aneurysm",
        "pericarditis",
        "hyperkalemia",
        "st_depression",
    }
)


def test_rate(population: list[tuple[Parameters, Measured]]) -> None:
    errors = [abs((found.measurements.heart_rate or 0.0) - told.heart_rate) for told, found in population]
    assert np.median(errors) < 0.1
    assert np.mean(np.array(errors) < 1.0) > 0.98


@pytest.mark.parametrize(
    ("field", "told_field", "shift", "spread", "least"),
    [("qrs", "qrs", 10.0, 5.0, 0.97), ("pr", "pr", 6.0, 5.0, 0.9), ("qt", "qt", 8.0, 5.0, 0.93)],
)
def test_intervals_up_to_a_constant(
    population: list[tuple[Parameters, Measured]],
    field: str,
    told_field: str,
    shift: float,
    spread: float,
    least: float,
) -> None:
    pairs = [(getattr(told, told_field), getattr(found.measurements, field)) for told, found in population]
    known = [(told, value) for told, value in pairs if told is not None]
    both = np.array([(told, value) for told, value in known if value is not None])
    error = both[:, 1] - both[:, 0]
    assert len(both) >= least * len(known)
    assert abs(np.median(error)) < shift
    assert np.median(np.abs(error - np.median(error))) < spread


def test_qrs_axis(population: list[tuple[Parameters, Measured]]) -> None:
    pairs = [(told.qrs_axis, found.measurements.qrs_axis) for told, found in population]
    errors = [abs((axis - told + 180.0) % 360.0 - 180.0) for told, axis in pairs if axis is not None]
    assert len(errors) >= 0.98 * len(pairs)
    assert np.median(errors) < 1.0
    # f waves in a small QRS may turn it anywhere.
    assert np.percentile(errors, 98) < 20.0


def test_pr_only_where_p_waves_lead(population: list[tuple[Parameters, Measured]]) -> None:
    without = [found for told, found in population if told.pr is None]
    assert len(without) > 20
    # Fibrillatory waves imitate a P wave now and then.
    assert sum(found.measurements.pr is not None for found in without) <= 0.1 * len(without)


@pytest.mark.parametrize("seed", range(6))
def test_fibrillation_has_no_pr_and_an_irregular_beat(seed: int) -> None:
    found = measure(page(AF, seed))
    assert found.measurements.pr is None
    assert found.boundaries.p_onset is None
    assert (found.rhythm.irregularity or 0.0) > 0.08
    assert found.measurements.qrs is not None


def test_sinus_rhythm_is_regular_with_p_in_every_beat() -> None:
    rhythm = measure(page()).rhythm
    assert (rhythm.irregularity or 1.0) < 0.06
    assert rhythm.p_share == 1.0
    assert (rhythm.p_agreement or 0.0) > 0.9
    assert (rhythm.spikes, rhythm.ventricular_pacing, rhythm.ectopic) == (0, False, 0.0)


def test_pacing_is_seen_and_its_t_waves_are_no_beats(population: list[tuple[Parameters, Measured]]) -> None:
    assert measure(page(PACED)).rhythm.ventricular_pacing
    for told, found in population:
        assert found.rhythm.ventricular_pacing == (told.rhythm == "paced")


@pytest.mark.parametrize("rate", [35.0, 60.0, 100.0, 140.0, 160.0])
def test_slow_and_fast_hearts(rate: float) -> None:
    found = measure(page(replace(SINUS, heart_rate=rate, pr=120.0, qtc=350.0)))
    assert found.measurements.heart_rate == pytest.approx(rate, abs=0.5)


def test_the_corrections_of_qt() -> None:
    numbers = measure(page(replace(SINUS, heart_rate=90.0))).measurements
    assert numbers.qt is not None
    assert numbers.heart_rate is not None
    rr = 60.0 / numbers.heart_rate
    assert numbers.qtc_fridericia == pytest.approx(numbers.qt / rr ** (1 / 3))
    assert numbers.qtc_bazett == pytest.approx(numbers.qt / rr**0.5)
    assert numbers.measurer == MEASURER
    assert VERSION


def test_what_comes_with_the_numbers() -> None:
    recording = page()
    found = measure(recording)
    bounds = found.boundaries
    order = (bounds.p_onset, bounds.p_end, bounds.qrs_onset, bounds.qrs_end, bounds.t_peak, bounds.t_end)
    assert None not in order
    assert list(order) == sorted(order)  # type: ignore[type-var]
    assert found.beat.shape == (12, found.beat_time.size)
    assert found.beat.dtype == np.float32
    assert 0.9 < found.quality <= 1.0
    lead_ii = recording.signal[1] if recording.signal is not None else np.zeros(0)
    around = [np.abs(lead_ii[max(peak - 40, 0) : peak + 40]).max() for peak in found.r_peaks]
    assert min(around) > 0.5 * np.abs(lead_ii).max()
