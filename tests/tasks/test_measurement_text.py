from hypothesis import given
from hypothesis import strategies as st

from einthoven.ecg.measurements import Measurements
from einthoven.ecg.patient import FEMALE, MALE, Patient
from einthoven.tasks.measurement_text import measurement_text


def test_it_reads_as_a_print_out() -> None:
    measurements = Measurements(71.6, 160, 94, 400.4, 424, 437, 45, -12, 50, "x")
    assert measurement_text(measurements, Patient("1", 63, FEMALE)).splitlines() == [
        "Age            63 years",
        "Sex            female",
        "Vent. rate     72 bpm",
        "PR interval    160 ms",
        "QRS duration   94 ms",
        "QT/QTcF/QTcB   400/424/437 ms",
        "P-R-T axes     45 -12 50 degrees",
    ]


def test_what_is_unknown_is_a_dash() -> None:
    text = measurement_text(Measurements(heart_rate=130, qrs_axis=10), Patient("1"))
    assert text.splitlines() == [
        "Age            --",
        "Sex            --",
        "Vent. rate     130 bpm",
        "PR interval    --",
        "QRS duration   --",
        "QT/QTcF/QTcB   --/--/-- ms",
        "P-R-T axes     -- 10 -- degrees",
    ]


def test_the_oldest_are_over_89_and_zero_is_male() -> None:
    lines = measurement_text(Measurements(), Patient("1", 90, MALE)).splitlines()
    assert lines[:2] == ["Age            over 89 years", "Sex            male"]


numbers = st.none() | st.floats(-180, 900)


@given(st.builds(Measurements, *([numbers] * 9)))
def test_no_unknown_is_ever_printed_as_a_number(measurements: Measurements) -> None:
    text = measurement_text(measurements, Patient("1"))
    assert "None" not in text
    assert "nan" not in text
    assert len(text.splitlines()) == 7
