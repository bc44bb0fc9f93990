from __future__ import annotations

import numpy as np

from einthoven.adapters.digitiser.centre_line import centre_line


def edges(line: np.ndarray, pen: float) -> tuple[np.ndarray, np.ndarray]:
    """Draw with a round pen: the ink's edges in each column."""
    steps = 20
    fine = np.interp(np.arange(0, len(line) - 1 + 1e-9, 1 / steps), np.arange(len(line)), line)
    reach = int(pen / 2 * steps)
    offset = np.arange(-reach, reach + 1)
    rise = np.sqrt((pen / 2) ** 2 - (offset / steps) ** 2)
    padded = np.pad(fine, reach, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, len(offset))
    return (windows - rise).min(axis=1)[::steps], (windows + rise).max(axis=1)[::steps]


def test_the_tip_of_an_r_wave_is_found() -> None:
    x = np.arange(200.0)
    line = 300.0 - 150.0 * np.exp(-0.5 * ((x - 100.0) / 2.5) ** 2)
    top, bottom = edges(line, 3.0)
    found = centre_line(top[None], bottom[None], 3.0)[0]
    middle = 0.5 * (top + bottom)
    assert abs(found.min() - line.min()) < 2.0
    assert abs(middle.min() - line.min()) > 10.0  # what the centre of the ink would give
    assert np.sqrt(np.mean((found - line) ** 2)) < 0.4 * np.sqrt(np.mean((middle - line) ** 2))


def test_a_tip_whose_columns_were_repeated_is_found() -> None:
    x = np.arange(200.0)
    line = 300.0 - 150.0 * np.exp(-0.5 * ((x - 100.0) / 2.5) ** 2)
    top, bottom = (np.repeat(edge, 4)[None] for edge in edges(line, 3.0))
    found = centre_line(top, bottom, 3.0, 12.0)[0]
    true = np.interp((np.arange(800) - 1.5) / 4.0, x, line)
    assert abs(found.min() - line.min()) < 4.0
    assert np.sqrt(np.mean((found - true) ** 2)) < 3.0
    round_pen = centre_line(top, bottom, 3.0)[0]
    assert np.sqrt(np.mean((found - true) ** 2)) < 0.5 * np.sqrt(np.mean((round_pen - true) ** 2))


def test_a_level_line_is_its_middle_and_short_gaps_are_bridged() -> None:
    top, bottom = np.full((1, 100), 48.5), np.full((1, 100), 51.5)
    top[0, 40:45] = bottom[0, 40:45] = np.nan
    top[0, 60:90] = bottom[0, 60:90] = np.nan
    found = centre_line(top, bottom, 3.0)[0]
    assert np.allclose(found[:60], 50.0)
    assert np.isnan(found[65:85]).all()
