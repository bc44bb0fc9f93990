import itertools

import numpy as np
import pytest
from tiny_training import data, recipe

from einthoven.adapters.signal.augmentation import augmented
from einthoven.adapters.signal.crops import covering
from einthoven.adapters.signal.samples import at_rate, stored, voltages
from einthoven.adapters.signal.schedule import one_cycle
from einthoven.adapters.signal.signal_set import EpochBatches, EpochOrder
from einthoven.ecg.patient import Patient
from einthoven.ecg.recording import Recording
from einthoven.errors import EinthovenError


def recording(rate: float, seconds: float = 10.0) -> Recording:
    times = np.arange(round(rate * seconds)) / rate
    leads = np.arange(1, 13)[:, None] * np.sin(2 * np.pi * 5 * times) + 0.7
    return Recording("r", leads.astype(np.float32), rate, Patient("p"))


@pytest.mark.parametrize("own", [100.0, 257.0, 500.0, 1000.0])
@pytest.mark.parametrize("rate", [100, 250, 500])
def test_another_rate_keeps_voltage_and_time(own: float, rate: int) -> None:
    found = at_rate(recording(own), rate)
    assert found.shape == (12, 10 * rate)
    times = np.arange(10 * rate) / rate
    wanted = np.arange(1, 13)[:, None] * np.sin(2 * np.pi * 5 * times)
    inside = slice(rate, 9 * rate)  # the filter knows nothing beyond the ends
    # a fifth of a percent of each lead's own voltage: no lead is scaled by itself
    error = np.abs(found - wanted)[:, inside].max(axis=1) / np.arange(1, 13)
    assert error.max() < 0.01


def test_a_page_and_an_odd_rate_are_refused(tmp_path_factory: pytest.TempPathFactory) -> None:
    page = Recording("page", None, 0.0, Patient("p"), pages=(tmp_path_factory.mktemp("x") / "a.png",))
    with pytest.raises(EinthovenError, match="page is a page image, without a signal"):
        at_rate(page, 100)
    with pytest.raises(EinthovenError, match="only whole rates are resampled"):
        at_rate(recording(257.5), 100)


def test_microvolts_come_back() -> None:
    signal = np.array([[0.0, 1.2345, -0.0004, 99.0]], np.float32)
    assert stored(signal).tolist() == [[0, 1234, 0, 32767]]
    assert voltages(stored(signal), 0.5)[0, 1] == pytest.approx(1.234 / 0.5)


def test_augmentation_is_the_draws_alone() -> None:
    signals = np.random.RandomState(0).standard_normal((4, 12, 200)).astype(np.float32)
    one, two, other = (augmented(signals.copy(), 100, 0.2, 1.0, np.random.RandomState(seed)) for seed in (1, 1, 2))
    assert np.array_equal(one, two)
    assert not np.array_equal(one, other)
    assert np.array_equal(augmented(signals.copy(), 100, 0.2, 0.0, np.random.RandomState(1)), signals)
    assert np.isfinite(one).all()


def test_the_gain_grows_with_the_strength() -> None:
    """The spread of the gain that all leads of a record share; one that ignores the strength would stay."""
    ones = np.ones((600, 12, 50), np.float32)
    spreads = []
    for strength in (0.01, 1.0, 2.0):
        signals = augmented(ones.copy(), 100, 1e9, strength, np.random.RandomState(1))
        # to a scale so large noise is nothing; a lost lead is 0
        gains = np.log(np.where(signals[:, :, 0] > 0, signals[:, :, 0], np.nan))
        spreads.append(np.nanstd(np.nanmedian(gains, axis=1)))
    assert spreads[0] < 0.005
    assert spreads[1] == pytest.approx(0.12, rel=0.15)
    assert spreads[2] == pytest.approx(2 * spreads[1], rel=0.05)


def test_crops_cover_with_half_overlap() -> None:
    assert covering(1000, 1000) == (0,)
    for length in (100, 250, 333, 999):
        starts = covering(1000, length)
        assert starts[0] == 0
        assert starts[-1] + length == 1000
        assert max(b - a for a, b in itertools.pairwise(starts)) <= length / 2 + 1


def test_one_cycle_rises_and_falls() -> None:
    rates = [one_cycle(step, 100, 1.0) for step in range(100)]
    assert rates[0] == pytest.approx(0.04)
    assert max(rates) == pytest.approx(rates[25]) == pytest.approx(1.0)
    assert rates[-1] < 0.002
    assert rates[:26] == sorted(rates[:26])
    assert rates[25:] == sorted(rates[25:], reverse=True)


def test_a_batch_depends_on_seed_epoch_and_place_alone() -> None:
    batches, order = EpochBatches(data(0), recipe(), 0.1), EpochOrder(40, 0)
    first = batches.__getitems__([3, 1, 4])
    again = EpochBatches(data(0), recipe(), 0.1).__getitems__([3, 1, 4])
    assert np.array_equal(first[0], again[0])
    assert first[0].shape == (3, 12, 200)
    places = list(order)
    assert sorted(places) == list(range(40))
    batches.epoch = order.epoch = 1
    assert not np.array_equal(batches.__getitems__([3, 1, 4])[0], first[0])
    assert list(order) != places
