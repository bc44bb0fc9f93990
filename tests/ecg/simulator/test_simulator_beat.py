"""Intervals and axis, measured on the noise-free page."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from ruler import AF, CONDITIONS, LVH, PACED, page, readable, turned

from einthoven.ecg.simulator import Parameters, simulated
from einthoven.ecg.simulator.parameters import T_PEAK
from einthoven.ecg.simulator.population import draw
from einthoven.ecg.simulator.truth import reading

AXES = (-165, -120, -98, -75, -37, -23, 10, 50, 83, 97, 150, 180)


@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize("conduction", ["none", "lbbb", "rbbb"])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_axis_is_the_one_asked_for(axis: float, conduction: str, seed: int) -> None:
    qrs = 92 if conduction == "none" else 145
    found = page(Parameters(qrs_axis=axis, conduction=conduction, qrs=qrs), seed)
    assert turned(found.axis() - axis) == pytest.approx(0, abs=2)


@pytest.mark.parametrize("axis", AXES)
@pytest.mark.parametrize("name", ["acute inferior", "acute anterior", "old inferior", "old anterior", "paced"])
def test_neither_scar_nor_injury_nor_pacing_moves_it(axis: float, name: str) -> None:
    """By the QRS itself: with what lies over its ends, ST or the tails of a Q wave, a ruler is some degrees off."""
    lead_i, lead_ii = simulated(replace(CONDITIONS[name], qrs_axis=axis), 3).components.qrs[:2].sum(axis=1)
    whole = np.degrees(np.arctan2((2.0 * lead_ii - lead_i) / np.sqrt(3.0), lead_i))
    assert turned(whole - axis) == pytest.approx(0, abs=0.05)
    assert turned(page(replace(CONDITIONS[name], qrs_axis=axis), 3).axis() - axis) == pytest.approx(0, abs=8)


@pytest.mark.parametrize("axis", [-75, -37, 10, 83])
def test_nor_does_hypertrophy(axis: float) -> None:
    assert page(Parameters(findings=LVH.findings, qrs_axis=axis), 3).axis() == pytest.approx(axis, abs=2)


def test_in_a_population_it_never_crosses_a_limit() -> None:
    """What rides on the QRS turns it by less than the 10 degrees that populations keep from limits."""
    hearts = [(p, seed) for p, seed in draw(5, 400) if readable(p)]
    assert len(hearts) > 60
    measured = [page(parameters, seed).axis() for parameters, seed in hearts]
    errors = []
    for (parameters, _), axis in zip(hearts, measured, strict=True):
        assert (
            reading(replace(parameters, findings=frozenset(), conduction="none", qrs=90, qrs_axis=axis))[0].axis
            == reading(parameters)[0].axis
        )
        errors.append(abs(turned(axis - parameters.qrs_axis)))
    assert np.percentile(errors, 90) < 3


@pytest.mark.parametrize("qrs", [72, 82, 99, 109])
def test_narrow_complexes_are_as_long_as_asked_for(qrs: float) -> None:
    for seed in range(4):
        found = page(Parameters(qrs=qrs), seed)
        # The ruler sees what is steep; readers see a QRS begin some ms earlier and end some later.
        assert 2 * np.median(found.ends - found.onsets) == pytest.approx(qrs - 8, abs=9)


@pytest.mark.parametrize("qrs", [125, 140, 165])
@pytest.mark.parametrize("conduction", ["lbbb", "rbbb"])
def test_wide_complexes_too(qrs: float, conduction: str) -> None:
    for seed in range(4):
        found = page(Parameters(qrs=qrs, conduction=conduction, qtc=430), seed)
        steep = 2 * np.median(found.ends - found.onsets)
        assert 0.8 * qrs < steep < qrs + 2


def test_paced_complexes_too() -> None:
    found = page(PACED)
    assert 2 * np.median(found.ends - found.onsets) == pytest.approx(PACED.qrs - 8, abs=10)


@pytest.mark.parametrize("pr", [131, 160, 189, 212, 290])
@pytest.mark.parametrize("conduction", ["none", "lbbb"])
def test_the_pr_interval_is_the_one_asked_for(pr: float, conduction: str) -> None:
    """P begins where any lead first leaves the baseline by 10 uV, well after the T wave before it."""
    for seed in range(3):
        found = page(
            Parameters(heart_rate=60, pr=pr, conduction=conduction, qrs=92 if conduction == "none" else 140), seed
        )
        largest = np.abs(found.signal).max(axis=0)
        measured = []
        for onset in found.onsets[found.onsets > 200]:
            before = largest[onset - 200 : onset - round(pr / 2) + 40]
            quiet = np.flatnonzero(before < 0.010)
            measured.append(2 * (200 - quiet[-1] - 1))
        assert np.median(measured) == pytest.approx(pr, abs=8)


@pytest.mark.parametrize("name", ["normal", "first-degree block", "rbbb", "old anterior"])
def test_a_p_wave_and_a_flat_segment_lead_every_sinus_complex(name: str) -> None:
    parameters = CONDITIONS[name]
    assert parameters.pr is not None
    found = page(parameters)
    for lead in ("I", "II", "aVF"):
        course = found.beat(lead, parameters.pr + 4, 0)
        assert course[: -round(24 / 2)].max() > 0.04
        assert course[-12:-9] == pytest.approx(0, abs=0.015)
    assert found.beat("aVR", parameters.pr, 0).min() < -0.04
    assert 0.05 < found.beat("II", parameters.pr, 0)[:-20].max() < 0.25  # 2.5 mm at most


@pytest.mark.parametrize("name", ["af", "paced"])
def test_no_p_wave_leads_the_others(name: str) -> None:
    """Averaged over all beats, what precedes the QRS is flat: f waves cancel, and pacing has no atria."""
    parameters = replace(AF if name == "af" else PACED, heart_rate=60)
    total, count = np.zeros(70), 0
    for seed in range(6):
        found = page(parameters, seed)
        for onset in np.rint(simulated(parameters, seed).fiducials.qrs_onset * 500).astype(int):
            if onset > 100:
                row = found.lead("II")[onset - 85 : onset - 15]
                total += row - row[:10].mean()
                count += 1
    assert np.abs(total / count).max() < 0.035


@pytest.mark.parametrize("qtc", [380, 420, 500])
def test_t_ends_at_the_qt_interval(qtc: float) -> None:
    """By the tangent to the steepest descent of T in V3: one third of Tpeak-Tend before its end."""
    parameters = Parameters(qtc=qtc, heart_rate=60)
    course = page(parameters).beat("V3", 0, 700)
    peak = 100 + int(course[100:].argmax())
    steepest = peak + int(np.diff(course[peak:]).argmin())
    slope = course[steepest + 1] - course[steepest]
    assert 2 * (steepest + 0.5 - course[steepest : steepest + 2].mean() / slope) == pytest.approx(
        parameters.qt * (1 - (1 - T_PEAK) / 3), abs=8
    )
