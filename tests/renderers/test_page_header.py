import inspect
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from einthoven.ecg.patient import FEMALE, MALE, Patient
from einthoven.ecg.recording import Recording
from einthoven.renderers.grid import blank_plane, plane
from einthoven.renderers.header import header
from einthoven.renderers.layout import laid_out
from einthoven.renderers.lettering import CHARACTERS, SMALL, extent
from einthoven.renderers.options import CHOICES, HEADER_FIELDS, Options

Make = Callable[..., Recording]

PATIENT = Patient("p", 63, FEMALE)


def test_it_says_what_was_asked_for_in_that_order() -> None:
    said = header(HEADER_FIELDS, 2000, "sans", "00042_hr", PATIENT, 10.0)
    assert said.split("     ") == ["ID: 00042_hr", "Age: 63", "Sex: female", "Duration: 10.0 s"]
    assert header(("sex", "id"), 2000, "sans", "a", Patient("p", sex=MALE)).split("     ") == ["Sex: male", "ID: a"]
    assert header((), 2000, "sans", "a", PATIENT, 10.0) == ""


def test_what_is_not_stated_is_a_dash_and_the_oldest_are_over_89() -> None:
    fields = ("age", "sex", "duration")
    assert header(fields, 2000, "sans", "a", Patient("p")).split("     ") == ["Age: -", "Sex: -", "Duration: -"]
    assert header(fields, 2000, "sans", "a").split("     ") == ["Age: -", "Sex: -", "Duration: -"]
    assert header(("age",), 2000, "sans", "a", Patient("p", 90)) == "Age: over 89"
    assert header(("age",), 2000, "sans", "a", Patient("p", 89)) == "Age: 89"


@settings(deadline=None)
@given(
    record_id=st.text(max_size=300),
    font=st.sampled_from(CHOICES["font"]),
    fields=st.lists(st.sampled_from(HEADER_FIELDS), unique=True, min_size=1).map(tuple),
    room=st.integers(900, 2000),
)
def test_it_fits_and_is_printable_whatever_the_id(
    record_id: str, font: str, fields: tuple[str, ...], room: int
) -> None:
    said = header(fields, room, font, record_id, PATIENT, 10.0)
    assert extent(said, SMALL, font)[2] <= room
    assert set(said) <= set(CHARACTERS)
    if "id" in fields:
        shown = said.partition("ID: ")[2].partition("     Age: ")[0].partition("     Sex: ")[0]
        shown = shown.partition("     Duration: ")[0]
        plain = "".join(c if c in CHARACTERS else "?" for c in record_id)
        if "     " not in plain:
            assert shown == plain or (shown.endswith("...") and plain.startswith(shown[:-3]))
            # No shorter than it has to be.
            longer = plain[: len(shown) - 2]
            assert shown == plain or extent(said.replace(shown, longer + "..."), SMALL, font)[2] > room


@pytest.mark.parametrize("font", CHOICES["font"])
@pytest.mark.parametrize("room", [900, 1000, 1111, 1999])
def test_a_long_id_loses_its_end_and_nothing_else(room: int, font: str) -> None:
    said = header(HEADER_FIELDS, room, font, "x7" * 400, PATIENT, 10.0)
    assert said.endswith("...     Age: 63     Sex: female     Duration: 10.0 s")
    assert room - 60 < extent(said, SMALL, font)[2] <= room


def test_no_argument_could_carry_a_measurement() -> None:
    assert list(inspect.signature(header).parameters) == ["fields", "room", "font", "record_id", "patient", "seconds"]


@pytest.mark.parametrize("layout", CHOICES["layout"])
def test_what_is_printed_depends_on_id_patient_and_sample_count_only(
    layout: str, recording_of: Make, fixed_signal: NDArray[np.float32]
) -> None:
    options = Options(layout=layout, header=HEADER_FIELDS, mm_per_mv=5)
    x, baseline, end = laid_out(options).header

    def printed(recording: Recording) -> NDArray[np.uint8]:
        drawn, _ = plane(recording, options)
        return drawn[baseline - 30 : baseline + 10, x:end].copy()

    one = replace(recording_of(fixed_signal * 0.05), patient=PATIENT)
    other = replace(recording_of(np.flip(fixed_signal, axis=1) * -0.04), patient=PATIENT)
    np.testing.assert_array_equal(printed(one), printed(other))
    for changed in (
        replace(one, id="another"),
        replace(one, patient=Patient("p", 64, FEMALE)),
        replace(one, patient=Patient("p", 63, MALE)),
        recording_of(fixed_signal[:, :4000] * 0.05),
    ):
        assert (printed(changed) != printed(one)).any()


def test_the_blank_page_has_the_names_of_the_fields_and_dashes(recording_of: Make) -> None:
    options = Options(header=("age", "sex"))
    empty, _ = blank_plane(options)
    nobody, _ = plane(recording_of(np.full((12, 5000), np.nan)), options)
    np.testing.assert_array_equal(nobody, empty)
    assert (empty != blank_plane(Options())[0]).any()
