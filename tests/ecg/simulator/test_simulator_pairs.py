"""Two recordings that differ in one factor, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from einthoven.ecg.simulator import Simulated, simulated
from einthoven.ecg.simulator.pairs import Pair, contrasts, pairs
from einthoven.ecg.simulator.truth import reading
from einthoven.tasks.taxonomy import axes, axis_value

PARTS = ("atria", "spikes", "qrs", "st_t", "noise")
COUNT = 8


def _both(pair: Pair) -> tuple[Simulated, Simulated]:
    return simulated(pair.first, pair.seed), simulated(pair.second, pair.seed, pair.noise_seed)


@pytest.mark.parametrize("name", contrasts())
def test_only_the_named_components_differ(name: str) -> None:
    differed = set()
    for pair in pairs(name, COUNT, 5):
        first, second = (one.components for one in _both(pair))
        for part in PARTS:
            if not np.array_equal(getattr(first, part), getattr(second, part)):
                differed.add(part)
    assert differed == set(contrasts()[name].parts)


@pytest.mark.parametrize("name", [name for name, contrast in contrasts().items() if "noise" not in contrast.parts])
def test_the_noise_is_the_same_to_the_bit(name: str) -> None:
    for pair in pairs(name, COUNT, 6):
        first, second = _both(pair)
        assert np.array_equal(first.components.noise, second.components.noise)
        assert first.components.noise.std() > 0


#: Contrasts that leave every beat where it is: samples may differ from a fiducial point to another, and so many
#: seconds before and after, which the Gaussians need to fade to less than half a microvolt (four standard deviations:
#: of ST, which rises before J and falls off under T, 0.1 s).
_REACH = {
    "pr": ("p_onset", "p_end", 0.045, 0.045),
    "lbbb": ("qrs_onset", "t_end", 0.045, 0.15),
    "rbbb": ("qrs_onset", "t_end", 0.045, 0.15),
    "st-inferior": ("qrs_end", "t_end", 0.03, 0.13),
    "st-anterior": ("qrs_end", "t_end", 0.03, 0.13),
    "territory": ("qrs_end", "t_end", 0.03, 0.13),
    "t-inverted": ("qrs_end", "t_end", 0.03, 0.07),
    "q-inferior": ("qrs_onset", "t_end", 0.045, 0.08),
    "q-anterior": ("qrs_onset", "t_end", 0.045, 0.08),
    "voltage": ("qrs_onset", "qrs_end", 0.045, 0.045),
    "strain": ("qrs_onset", "t_end", 0.045, 0.13),
    "axis-left": ("qrs_onset", "t_end", 0.045, 0.08),
    "axis-right": ("qrs_onset", "t_end", 0.045, 0.08),
}


@pytest.mark.parametrize("name", _REACH)
def test_samples_differ_only_where_the_factor_acts(name: str) -> None:
    begin, end, before, after = _REACH[name]
    for pair in pairs(name, COUNT, 7):
        first, second = _both(pair)
        assert first.recording.signal is not None
        assert second.recording.signal is not None
        differs = np.flatnonzero((first.recording.signal != second.recording.signal).any(axis=0)) / 500
        assert differs.size
        within = np.zeros(differs.size, dtype=bool)
        for one in (first.fiducials, second.fiducials):
            for low, high in zip(getattr(one, begin), getattr(one, end), strict=True):
                within |= (differs >= low - before) & (differs <= high + after)
        # The beats just off the page reach into it; they have no points on it.
        found = first.fiducials
        inside = (differs > found.p_onset[found.p_leads_to == 1][0] - 0.2) & (differs < found.qrs_end[-1])
        assert within[inside].all(), differs[inside & ~within][:5]


_MOVING = {"rate-slow", "rate-fast", "fibrillation", "flutter"}

#: Where a component may be other than zero, seconds from one fiducial point to another, as above.
_SPANS = {"qrs": ("qrs_onset", "qrs_end", 0.045, 0.045), "st_t": ("qrs_onset", "t_end", 0.045, 0.15)}


@pytest.mark.parametrize("name", sorted(_MOVING))
def test_where_beats_move_only_the_beats_differ(name: str) -> None:
    """QRS and T differ near a beat of either side, P near a P wave; fibrillatory and flutter waves are everywhere."""
    for pair in pairs(name, COUNT, 7):
        first, second = _both(pair)
        spans = dict(_SPANS)
        if second.fiducials.p_onset.size:
            spans["atria"] = ("p_onset", "p_end", 0.045, 0.045)
        for part, (begin, end, before, after) in spans.items():
            one, other = (getattr(side.components, part) for side in (first, second))
            # Half a microvolt: what rounding leaves of a Gaussian's tail.
            differs = np.flatnonzero((np.abs(one - other) > 5e-4).any(axis=0)) / 500
            assert differs.size
            inside = (differs > 1.0) & (differs < 9.0)  # beats just off the page have no points on it
            within = np.zeros(differs.size, dtype=bool)
            for points in (first.fiducials, second.fiducials):
                for low, high in zip(getattr(points, begin), getattr(points, end), strict=True):
                    within |= (differs >= low - before) & (differs <= high + after)
            assert within[inside].all(), (part, differs[inside & ~within][:5])


@pytest.mark.parametrize("name", [name for name, contrast in contrasts().items() if contrast.axis])
def test_every_factor_is_proven_one_way_or_the_other(name: str) -> None:
    assert (name in _REACH) != (name in _MOVING)


_NUISANCES = [name for name, contrast in contrasts().items() if not contrast.axis]


@pytest.mark.parametrize("name", [name for name in _NUISANCES if not contrasts()[name].parts])
def test_where_the_page_is_the_nuisance_the_recordings_are_the_same(name: str) -> None:
    for pair in pairs(name, COUNT, 11):
        first, second = (one.recording.signal for one in _both(pair))
        assert first is not None
        assert second is not None
        assert np.array_equal(first, second)
        assert set(pair.pages[0]) == set(pair.pages[1])
        assert all(pair.pages[0][option] != pair.pages[1][option] for option in pair.pages[0])
        assert pair.pages[0]


def test_the_noise_changes_microvolts_and_no_beat() -> None:
    for pair in pairs("noise", COUNT, 11):
        first, second = _both(pair)
        assert not np.array_equal(first.components.noise, second.components.noise)
        for name in first.fiducials.__dataclass_fields__:
            assert np.array_equal(getattr(first.fiducials, name), getattr(second.fiducials, name))


@pytest.mark.parametrize("name", _NUISANCES)
def test_nuisances_go_through_the_hearts_of_all_factors(name: str) -> None:
    factors = [one for one in contrasts().values() if one.axis]
    drawn = pairs(name, 2 * len(factors), 3)
    for place, factor in enumerate(factors):
        for pair, label in ((drawn[place], factor.first), (drawn[place + len(factors)], factor.second)):
            assert pair.first == pair.second
            value = axis_value(reading(pair.first)[0], factor.axis)
            assert not label or label in ({value} if isinstance(value, str) else set(value or ()))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(contrasts())), st.integers(0, 2**32 - 1))
def test_of_any_seed_only_what_is_named_differs(name: str, seed: int) -> None:
    (pair,) = pairs(name, 1, seed)
    contrast = contrasts()[name]
    named = {
        "rate": {"heart_rate"},
        "rhythm": {"rhythm", "pr", "ratio"},
        "conduction": {"pr", "conduction", "qrs"},
        "ischemia_stage": {"ischemia", "qrs_axis"},
        "ischemia_territory": {"ischemia"},
        "other_findings": {"findings"},
        "axis": {"qrs_axis"},
        "": set(),
    }[contrast.axis]
    fields = pair.first.__dataclass_fields__
    assert {one for one in fields if getattr(pair.first, one) != getattr(pair.second, one)} <= named
    first, second = (one.components for one in _both(pair))
    changed = {part for part in PARTS if not np.array_equal(getattr(first, part), getattr(second, part))}
    assert changed <= set(contrast.parts)
    assert changed or not contrast.parts


@pytest.mark.parametrize("name", [name for name in contrasts() if name not in _MOVING])
def test_the_beats_stay_where_they_are(name: str) -> None:
    for pair in pairs(name, COUNT, 8):
        first, second = (one.fiducials for one in _both(pair))
        assert np.array_equal(first.qrs_onset, second.qrs_onset)
        if name != "pr":
            assert np.array_equal(first.p_onset, second.p_onset)


@pytest.mark.parametrize("name", contrasts())
def test_the_truth_differs_on_its_axis(name: str) -> None:
    contrast = contrasts()[name]
    for pair in pairs(name, COUNT, 9):
        first, second = reading(pair.first)[0], reading(pair.second)[0]
        if not contrast.axis:
            assert first == second
            continue
        assert contrast.axis in axes()
        assert contrast.axis not in {**reading(pair.first)[1], **reading(pair.second)[1]}
        values = [axis_value(one, contrast.axis) for one in (first, second)]
        for value, right, wrong in zip(
            values, (contrast.first, contrast.second), (contrast.second, contrast.first), strict=True
        ):
            labels = {value} if isinstance(value, str) else set(value or ())
            assert not right or right in labels
            assert wrong not in labels


@pytest.mark.parametrize("name", contrasts())
def test_the_other_axes_do_not(name: str) -> None:
    """But for those that the factor itself changes: a territory has a stage, a rhythm its PR."""
    tied = {
        "ischemia_stage": {"ischemia_territory"},
        "ischemia_territory": set(),
        "rhythm": {"conduction"},
    }
    contrast = contrasts()[name]
    for pair in pairs(name, COUNT, 10):
        first, second = reading(pair.first)[0], reading(pair.second)[0]
        for axis in axes():
            if axis not in ({contrast.axis, "diagnosis"} | tied.get(contrast.axis, set())):
                assert axis_value(first, axis) == axis_value(second, axis), axis


def test_pairs_are_drawn_by_their_seed() -> None:
    assert pairs("pr", 5, 3) == pairs("pr", 9, 3)[:5]
    assert pairs("pr", 5, 3) != pairs("pr", 5, 4)
    assert {pair.seed for pair in pairs("pr", 5, 3)}.isdisjoint(pair.seed for pair in pairs("lbbb", 5, 3))
    with pytest.raises(KeyError):
        pairs("nothing", 1, 3)


def test_enough_of_each_can_be_drawn() -> None:
    for name in contrasts():
        drawn = pairs(name, 100, 1)
        assert len({pair.seed for pair in drawn}) == 100
