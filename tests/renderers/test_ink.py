import numpy as np
import pytest
from numpy.typing import NDArray

from einthoven.renderers.ink import Stroke, draw


def _drawn(xs: NDArray[np.float64], ys: NDArray[np.float64], height: int, width: int) -> NDArray[np.float64]:
    plane = np.zeros((height, width), dtype=np.uint8)
    points = np.interp(np.arange(xs[0] * 5, xs[-1] * 5 + 1) / 5, xs, ys)
    draw(plane, [Stroke(int(xs[0]), points, points)])
    return plane / 63


def _by_distance(xs: NDArray[np.float64], ys: NDArray[np.float64], height: int, width: int) -> NDArray[np.float64]:
    """What a round pen of 3 px covers, by brute force: the share of 16 x 16 points a pixel within 1.5 px."""
    fine = 16
    abscissas = (np.arange(width * fine) + 0.5) / fine - 0.5
    y = ((np.arange(height * fine) + 0.5) / fine - 0.5)[:, None]
    covered = np.zeros((height * fine, width * fine), dtype=bool)
    for x0, y0, x1, y1 in zip(xs[:-1], ys[:-1], xs[1:], ys[1:], strict=True):
        near = slice(*np.searchsorted(abscissas, (x0 - 1.6, x1 + 1.6)))
        x = abscissas[None, near]
        share = ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / ((x1 - x0) ** 2 + (y1 - y0) ** 2)
        share = np.clip(share, 0, 1)
        covered[:, near] |= np.hypot(x - x0 - share * (x1 - x0), y - y0 - share * (y1 - y0)) <= 1.5
    return covered.reshape(height, fine, width, fine).mean(axis=(1, 3))


@pytest.mark.parametrize(
    ("step", "size"), [(0.4, 0.05), (0.4, 0.5), (0.4, 3.0), (0.4, 10.0), (0.8, 2.0), (2.0, 8.0), (4.0, 4.0)]
)
def test_a_stroke_is_what_a_round_pen_covers(step: float, size: float) -> None:
    draws = np.random.RandomState(11)
    xs = 10 + np.arange(int(40 / step) + 1) * step
    ys = 45 + np.clip(np.cumsum(draws.randn(xs.size) * size * 0.5), -38, 38)
    expected = _by_distance(xs, ys, 90, 60)
    error, inked = _drawn(xs, ys, 90, 60) - expected, expected > 0
    assert np.sqrt((error[inked] ** 2).mean()) < 0.025
    assert abs(error).max() < 0.15
    assert abs(error.sum()) / inked.sum() < 0.01


@pytest.mark.parametrize("slope", [5.0, 20.0, 100.0])
def test_a_steep_stroke_is_solid_and_as_wide_as_the_pen(slope: float) -> None:
    xs = np.array([5.0, 20.03, 20.03 + 600 / slope, 200.0])
    ink = _drawn(xs, np.array([50.0, 50.0, 650.0, 650.0]), 700, 210)
    steep = ink[100:600]
    assert steep.sum(axis=1) == pytest.approx(3 * np.sqrt(1 + slope**-2), abs=0.25)  # single rows, a fifth a step
    assert steep.sum(axis=1).mean() == pytest.approx(3 * np.sqrt(1 + slope**-2), rel=0.02)
    centre = (steep * np.arange(210)).sum(axis=1) / steep.sum(axis=1)
    assert abs(centre - (20.03 + (np.arange(100, 600) - 50) / slope)).max() < 0.15


def test_a_spike_keeps_its_height_between_two_samples() -> None:
    for peak in (20.0, 20.2, 20.4, 21.0):
        ink = _drawn(np.array([5.0, peak - 0.4, peak, peak + 0.4, 40.0]), np.array([80.0, 80, 20, 80, 80]), 100, 50)
        rows = np.flatnonzero(ink.max(axis=1) > 0.5)
        assert rows[0] == pytest.approx(20 - 1.5, abs=1.5)


def test_a_level_line_on_a_row_fills_three_whole_rows_and_ends_round() -> None:
    plane = np.zeros((20, 40), dtype=np.uint8)
    level = np.full(101, 10.0)
    draw(plane, [Stroke(10, level, level)])
    assert (plane[9:12, 11:30] == 63).all()
    assert not plane[:9].any()
    assert not plane[12:].any()
    assert not plane[:, :9].any()
    assert not plane[:, 32:].any()
    assert 0 < plane[9, 9] < plane[10, 9]


def test_gaps_split_a_stroke_and_a_lone_point_is_a_dot() -> None:
    plane = np.zeros((40, 60), dtype=np.uint8)
    line = np.full(201, np.nan)
    line[:51] = 20.0
    line[100] = 20.0
    draw(plane, [Stroke(10, line, line)])
    inked = np.flatnonzero(plane.any(axis=0))
    np.testing.assert_array_equal(inked, np.r_[9:22, 29:32])
    assert plane[:, 29:32].sum() / 63 == pytest.approx(np.pi * 1.5**2, rel=0.03)


def test_strokes_beyond_the_page_are_cut_at_its_edges() -> None:
    plane = np.zeros((30, 40), dtype=np.uint8)
    out = np.linspace(-1e9, 1e9, 301)
    level = np.full(301, 15.0)
    draw(
        plane, [Stroke(-10, level, level), Stroke(0, out, out), Stroke(500, level, level), Stroke(-500, level, level)]
    )
    assert (plane[14:17] == 63).all()
    assert (plane[:, 30] == 63).all()  # where the steep line crosses the page
    assert (np.delete(plane[:10], [29, 30, 31], axis=1) == 0).all()


def test_the_ground_is_kept_and_ink_over_ink_is_the_greater() -> None:
    plane = np.full((30, 60), 2 << 6 | 20, dtype=np.uint8)
    level = np.full(201, 15.25)
    draw(plane, [Stroke(10, level, level), Stroke(10, level, level)])
    assert (plane >> 6 == 2).all()
    assert (plane & 63).min() == 20
    twice = plane.copy()
    draw(plane, [Stroke(10, level, level)])
    np.testing.assert_array_equal(plane, twice)
    assert plane[17, 30] & 63 == round(0.25 * 63) or plane[17, 30] & 63 == 20


def test_nothing_to_draw_draws_nothing() -> None:
    plane = np.zeros((10, 10), dtype=np.uint8)
    empty = np.full(51, np.nan)
    draw(plane, [Stroke(0, empty, empty)])
    assert not plane.any()


def test_a_page_black_with_noise_is_drawn_in_parts_as_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    noise = np.random.RandomState(5).uniform(-20, 220, 1001)
    whole, parts = np.zeros((200, 220), dtype=np.uint8), np.zeros((200, 220), dtype=np.uint8)
    draw(whole, [Stroke(5, noise, noise)])
    monkeypatch.setattr("einthoven.renderers.ink._BATCH", 300)
    draw(parts, [Stroke(5, noise, noise)])
    np.testing.assert_array_equal(parts, whole)
