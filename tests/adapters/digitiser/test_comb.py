from __future__ import annotations

import numpy as np
import pytest

from einthoven.adapters.digitiser.comb import comb


def profile(size: int, period: float, thin: float, bold: float, noise: float = 0.0) -> np.ndarray:
    """Lines a pixel wide, every fifth one bold."""
    x = np.arange(size, dtype=float)
    values = np.random.RandomState(0).normal(0, noise, size) if noise else np.zeros(size)
    for k in range(int(size / period) + 1):
        height = bold if k % 5 == 0 else thin
        values += height * np.clip(1.0 - np.abs(x - k * period), 0, None)
    return values


@pytest.mark.parametrize("period", [3.93, 5.0, 7.874, 8.0, 16.0])
@pytest.mark.parametrize("size", [1000, 2200])
def test_thin_and_bold_lines(period: float, size: int) -> None:
    found = comb(profile(size, period, 40.0, 100.0, 2.0))
    assert found is not None and found.bold
    assert found.period == pytest.approx(period, rel=2e-3)


def test_lines_of_one_weight() -> None:
    found = comb(profile(2000, 20.0, 60.0, 60.0, 1.0))
    assert found is not None and not found.bold
    assert found.period == pytest.approx(20.0, rel=1e-3)


@pytest.mark.parametrize("values", [np.zeros(500), np.random.RandomState(1).normal(0, 1, 2000), np.zeros(10)])
def test_no_lines(values: np.ndarray) -> None:
    assert comb(values) is None
