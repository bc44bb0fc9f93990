import pytest
from hypothesis import given
from hypothesis import strategies as st

from einthoven.ecg.measurements import Measurements
from einthoven.ecg.reading import AXES, AxisTruth, Truth
from einthoven.tasks.measured import axis_truth, rate_truth, with_measured
from einthoven.tasks.taxonomy import axes


@pytest.mark.parametrize(
    ("rate", "value", "accepted"),
    [
        (45, "bradycardia", {"bradycardia"}),
        (57.9, "bradycardia", {"bradycardia"}),
        (58.5, "bradycardia", {"bradycardia", "normal"}),
        (60, "normal", {"bradycardia", "normal"}),
        (62.1, "normal", {"normal"}),
        (72, "normal", {"normal"}),
        (100, "normal", {"normal", "tachycardia"}),
        (101.9, "tachycardia", {"normal", "tachycardia"}),
        (103, "tachycardia", {"tachycardia"}),
    ],
)
def test_rate(rate: float, value: str, accepted: set[str]) -> None:
    truth = rate_truth(Measurements(heart_rate=rate, measurer="x"))
    assert (truth.value, truth.accepted) == (value, accepted)


@pytest.mark.parametrize(
    ("degrees", "value", "accepted"),
    [
        (60, "normal", {"normal"}),
        (-29, "normal", {"normal", "left"}),
        (-31, "left", {"normal", "left"}),
        (-60, "left", {"left"}),
        (-88, "left", {"left", "extreme"}),
        (-92, "extreme", {"left", "extreme"}),
        (-130, "extreme", {"extreme"}),
        (88, "normal", {"normal", "right"}),
        (120, "right", {"right"}),
        (178, "right", {"right", "extreme"}),
        (180, "right", {"right", "extreme"}),
        (-180, "right", {"right", "extreme"}),
        (270, "left", {"left", "extreme"}),
    ],
)
def test_axis(degrees: float, value: str, accepted: set[str]) -> None:
    truth = axis_truth(Measurements(qrs_axis=degrees, measurer="x"))
    assert (truth.value, truth.accepted) == (value, accepted)


@given(st.floats(-1000, 1000), st.floats(1, 400))
def test_every_number_gives_values_of_the_taxonomy(degrees: float, rate: float) -> None:
    measured = Measurements(heart_rate=rate, qrs_axis=degrees, measurer="x")
    for axis, truth in (("rate", rate_truth(measured)), ("axis", axis_truth(measured))):
        assert truth.accepted <= set(axes()[axis].values)
        assert 1 <= len(truth.accepted) <= 2
        assert truth.value in truth.accepted


def test_what_is_stated_stays_and_what_is_unknown_is_masked() -> None:
    stated = {axis: AxisTruth() for axis in AXES} | {"rate": AxisTruth("tachycardia")}
    found = with_measured(Truth(stated), Measurements(heart_rate=50, measurer="x"))
    assert found["rate"].value == "tachycardia"
    assert found["axis"].masked
    assert "could not be measured by x" in found["axis"].reason
    assert found["rhythm"].masked
