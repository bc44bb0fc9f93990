from __future__ import annotations

from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reach import UNREACHED

from einthoven.ecg.simulator import Parameters, simulate
from einthoven.ecg.simulator.population import draw
from einthoven.ecg.simulator.truth import reading
from einthoven.tasks.taxonomy import axes

seeds = st.integers(0, 2**32 - 1)


@pytest.mark.parametrize("seed", [1, 2])
def test_every_class_has_sixty_cases_in_three_thousand(seed: int) -> None:
    counts, scored = _counts(draw(seed, 3000))
    expected = {
        "rate": axes()["rate"].values,
        "rhythm": axes()["rhythm"].values,
        "axis": axes()["axis"].values,
        "conduction": axes()["conduction"].values,
        "stage": axes()["ischemia_stage"].values,
        "walls": axes()["ischemia_territory"].values,
        "other": axes()["other_findings"].values,
    }
    for axis, values in expected.items():
        for value in (*values, "none") if axis in ("conduction", "walls", "other") else values:
            if value not in UNREACHED:
                assert counts[axis, value] >= 60, (axis, value)
    for axis, normal, low, high in (("rhythm", "sinus", 0.5, 0.75), ("conduction", "none", 0.5, 0.75)):
        assert low <= counts[axis, normal] / scored[axis] <= high, axis


def _counts(hearts: list[tuple[Parameters, int]]) -> tuple[Counter[tuple[str, str]], Counter[str]]:
    counts: Counter[tuple[str, str]] = Counter()
    scored: Counter[str] = Counter()
    for parameters, _ in hearts:
        exact, masks = reading(parameters)
        values = {
            "rate": {exact.rate},
            "rhythm": {exact.rhythm},
            "axis": {exact.axis},
            "conduction": exact.conduction,
            "stage": exact.stages,
            "walls": exact.walls,
            "other": exact.other_findings,
            "diagnosis": exact.diagnosis,
        }
        hidden = {"stage": "ischemia_stage", "walls": "ischemia_territory", "other": "other_findings"}
        for name, labels in values.items():
            if hidden.get(name, name) not in masks:
                scored[name] += 1
                counts.update((name, str(label)) for label in labels or {"none"})
    return counts, scored


def _limits(parameters: Parameters) -> list[tuple[float, float, float]]:
    """Value, limit and the least distance between them."""
    rows = [(parameters.heart_rate, limit, 3.0) for limit in (60, 100)]
    if parameters.qrs_axis is not None:
        rows += [(parameters.qrs_axis, limit, 10.0) for limit in (-180, -90, -30, 90, 180)]
    if not parameters.conduction.startswith(("incomplete", "pre")):
        rows += [(parameters.qrs, 120, 8.0)] + [(parameters.qrs, 110, 6.0)] * (parameters.conduction == "none")
    rows += [(parameters.qtc, limit, 10.0) for limit in (360, 450, 460)]
    if parameters.pr is not None:
        rows += [(parameters.pr, limit, 10.0) for limit in (120, 200)]
    return rows


@settings(max_examples=20, deadline=None)
@given(seeds)
def test_values_stay_away_from_the_limits(seed: int) -> None:
    for parameters, _ in draw(seed, 200):
        for value, limit, least in _limits(parameters):
            assert abs(value - limit) >= least, (parameters, limit)


@settings(max_examples=60, deadline=None)
@given(seeds, st.integers(0, 11))
def test_every_heart_drawn_gives_a_sound_page(seed: int, index: int) -> None:
    parameters, heart = draw(seed, 12)[index]
    signal = simulate(parameters, heart).signal
    assert signal is not None
    assert signal.shape == (12, 5000)
    assert signal.dtype == np.float32
    assert np.isfinite(signal).all()
    assert np.abs(signal).max() < 10
    assert np.ptp(signal, axis=1).min() > 0.05


def test_factors_do_not_go_together() -> None:
    """Cramer's V between factors that could be confounded is small, in sinus rhythm without a block."""
    hearts = [p for p, _ in draw(3, 6000) if p.rhythm == "sinus" and p.block == "none" and p.native]
    columns: dict[str, list[object]] = {
        "rate": [reading(p)[0].rate for p in hearts],
        "bundle": [p.conduction for p in hearts],
        "ischemia": [p.ischemia.stage if p.ischemia else "" for p in hearts],
        "sex": [p.sex for p in hearts],
        "old": [p.age > 55 for p in hearts],
        "noise": [p.noise > 1 for p in hearts],
        "artifact": [p.artifact for p in hearts],
    }
    for name in ("rate", "bundle", "ischemia", "artifact"):
        for other in ("sex", "old", "noise"):
            assert _cramers_v(columns[name], columns[other]) < 0.1, (name, other)
    # The 6 % who are healthy throughout tie all factors a little, and beats out of turn have rates of their own.
    for a, b in combinations(("rate", "ischemia", "artifact"), 2):
        assert _cramers_v(columns[a], columns[b]) < 0.15, (a, b)


def _cramers_v(a: list[object], b: list[object]) -> float:
    table = np.array([[sum(x == u and y == v for x, y in zip(a, b, strict=True)) for v in set(b)] for u in set(a)])
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0) / table.sum()
    chi2 = float(((table - expected) ** 2 / expected).sum())
    return (chi2 / table.sum() / (min(table.shape) - 1)) ** 0.5


def test_a_population_is_drawn_by_its_seed() -> None:
    assert draw(4, 50) == draw(4, 50)
    assert draw(4, 50) != draw(5, 50)
    assert len({seed for _, seed in draw(4, 500)}) == 500


@pytest.mark.parametrize("count", [0, 1, 2, 7])
def test_small_populations_are_drawn_too(count: int) -> None:
    assert len(draw(1, count)) == count
