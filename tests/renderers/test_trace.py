import numpy as np
import pytest

from einthoven.renderers.trace import centre_line


@pytest.mark.parametrize("rate", [50, 100, 128, 250, 257, 360, 400, 500, 1000, 2000])
def test_the_line_through_the_samples_is_the_polyline(rate: int) -> None:
    samples = np.arange(10 * rate, dtype=np.float32) * np.float32(0.25)  # a ramp has no turning points
    low, high = centre_line(samples, rate, 2.5, 5.0, 1000)
    seconds = np.linspace(2.5, 5.0, 2501)
    assert low.size == high.size == 2501
    np.testing.assert_allclose(low, seconds * rate * 0.25, rtol=1e-12)
    np.testing.assert_array_equal(low, high)


@pytest.mark.parametrize("rate", [50, 100, 128, 250, 257, 360, 400, 500, 1000, 2000, 4000])
def test_no_rate_loses_the_height_of_a_peak(rate: int) -> None:
    for at in range(3 * rate // 2, 3 * rate // 2 + 20):
        samples = np.zeros(10 * rate, dtype=np.float32)
        samples[at], samples[at + 5] = 2.0, -1.0
        low, high = centre_line(samples, rate, 0.0, 2.5, 1000)
        assert high.max() == 2.0
        assert low.min() == -1.0
        assert abs(np.argmax(high) / 1000 - at / rate) <= 0.0005 + 1e-9


def test_the_ends_of_a_column_lie_on_the_line_where_no_sample_does() -> None:
    samples = np.arange(2570, dtype=np.float32)
    low, _ = centre_line(samples, 257, 2.5, 5.0, 1000)  # 2.5 s is sample 642.5
    assert low[0] == 642.5
    assert low[-1] == 1285


def test_a_gap_takes_the_lines_to_it_along_and_nothing_more() -> None:
    samples = np.ones(1000, dtype=np.float32)
    samples[100:105] = np.nan
    samples[300] = np.inf
    low, high = centre_line(samples, 100, 0.0, 10.0, 1000)
    empty = np.flatnonzero(np.isnan(low))
    expected = np.r_[991:1050, 2991:3010, 9991:10001]
    np.testing.assert_array_equal(empty, expected)
    np.testing.assert_array_equal(np.isnan(low), np.isnan(high))


def test_a_single_sample_between_gaps_is_kept() -> None:
    samples = np.full(1000, np.nan, dtype=np.float32)
    samples[500] = 0.7
    low, high = centre_line(samples, 100, 0.0, 10.0, 1000)
    assert np.flatnonzero(np.isfinite(low)).tolist() == [5000]
    assert low[5000] == high[5000] == np.float32(0.7)


def test_samples_that_lack_are_a_gap() -> None:
    low, _ = centre_line(np.ones(300, dtype=np.float32), 100, 2.5, 5.0, 1000)
    assert np.isfinite(low[:491]).all()
    assert np.isnan(low[491:]).all()
    low, _ = centre_line(np.ones(0, dtype=np.float32), 100, 2.5, 5.0, 1000)
    assert np.isnan(low).all()


def test_the_largest_floats_do_not_overflow() -> None:
    huge = np.finfo(np.float32).max
    samples = np.tile(np.array([huge, -huge], dtype=np.float32), 500)
    low, high = centre_line(samples, 100, 0.0, 10.0, 1000)
    assert np.isfinite(low[:-10]).all()
    assert np.nanmax(high) == huge
