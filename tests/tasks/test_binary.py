import csv

import pytest

from einthoven.ecg.reading import AXES, AxisTruth, Reading, Truth
from einthoven.tasks import taxonomy
from einthoven.tasks.binary import Binary, abnormal_truth
from einthoven.tasks.task import InvalidAnswer
from einthoven.tasks.truth import truth
from einthoven.tasks.version import text_of

BINARY = Binary()


def of(*codes: str, validated: bool = True, **axes: AxisTruth) -> AxisTruth:
    found = truth("scp", dict.fromkeys(codes, 100.0), validated=validated)
    return abnormal_truth(Truth({axis: axes.get(axis, found[axis]) for axis in AXES}, found.ischemia))


def test_the_exceptions_are_values_of_the_axes() -> None:
    for row in csv.DictReader(text_of("normal_variants.csv").splitlines()):
        assert row["value"] in taxonomy.axes()[row["axis"]].values
        assert row["counts"] in ("normal", "undecided") and row["why"]


@pytest.mark.parametrize(
    ("codes", "axes", "value"),
    [
        (("NORM", "SR"), {}, "normal"),
        (("NORM", "SBRAD"), {}, "normal"),
        (("NORM", "STACH"), {}, "normal"),  # undecided alone, but the source calls it normal
        (("STACH",), {}, "normal"),  # PTB-XL's rate is measured, and was not
        (("SR",), {"rate": AxisTruth("tachycardia")}, None),
        (("SR",), {"rate": AxisTruth("bradycardia")}, "normal"),
        (("SR",), {"axis": AxisTruth("left")}, None),
        (("NORM", "SR"), {"axis": AxisTruth("left")}, "normal"),
        (("SARRH",), {}, "normal"),
        (("NORM", "SR", "PVC"), {}, "abnormal"),  # a coded abnormality wins
        (("CLBBB", "SR"), {}, "abnormal"),
        (("AFIB",), {}, "abnormal"),
        (("IMI",), {}, "abnormal"),
        (("NST_", "SR"), {}, "abnormal"),
        ((), {}, None),  # no rhythm is said
    ],
)
def test_what_counts_as_abnormal(codes: tuple[str, ...], axes: dict[str, AxisTruth], value: str | None) -> None:
    found = of(*codes, **{"rate": AxisTruth(reason="not measured"), **axes})
    assert found.value == value
    assert found.masked == bool(value is None) and (not found.masked or found.reason)


def test_silence_of_a_source_that_was_not_validated_is_no_normal_ecg() -> None:
    assert of("SR", validated=False).masked
    assert of("SR", "IMI", validated=False).value == "abnormal"


def test_fibrillation_or_sinus_is_neither() -> None:
    assert of("SR", rhythm=AxisTruth("atrial_fibrillation", frozenset({"sinus"}))).masked


def test_answers_and_targets() -> None:
    assert BINARY.parse('{"answer": "Abnormal ECG"}').label == "abnormal"
    for text in ('{"answer": true}', '{"answer": "abnormally normal"}', '{"abnormal": true}', "abnormal"):
        with pytest.raises(InvalidAnswer):
            BINARY.parse(text)
    assert BINARY.target(Reading(diagnosis=frozenset({"lbbb"}))) == '{"answer": "abnormal"}'
    assert BINARY.target(Reading(diagnosis=frozenset({"sinus_bradycardia"}))) == '{"answer": "normal"}'
    assert BINARY.target(Reading(rate="normal")) == ""
