import csv
import json

import pytest

from einthoven.ecg.reading import Ischemia, Reading, Truth
from einthoven.tasks import taxonomy
from einthoven.tasks.flat import Flat, flat_truth
from einthoven.tasks.target import reading_of
from einthoven.tasks.task import InvalidAnswer
from einthoven.tasks.truth import truth
from einthoven.tasks.version import text_of

FLAT = Flat()
ROWS = list(csv.DictReader(text_of("flat_order.csv").splitlines()))


def of(*codes: str, validated: bool = True) -> Truth:
    return truth("scp", dict.fromkeys(codes, 100.0), validated=validated)


def test_the_order_holds_every_statement_once() -> None:
    assert sorted(row["statement"] for row in ROWS) == sorted(taxonomy.axes()["diagnosis"].values)
    ranks = [int(row["rank"]) for row in ROWS]
    assert ranks == sorted(ranks) and set(ranks) == set(range(1, max(ranks) + 1))
    assert all(row["why"] for row in ROWS)
    rank = {row["statement"]: row["rank"] for row in ROWS}
    assert all(rank[row["label"]] in (row["rank"], "17", "26") for row in ROWS)


@pytest.mark.parametrize(
    ("codes", "label", "accepted"),
    [
        (("NORM", "SR"), "normal_ecg", set()),
        (("NORM", "SBRAD"), "normal_ecg", set()),  # who says normal has weighed the rate
        (("SBRAD",), "sinus_bradycardia", set()),
        (("SR",), "sinus_rhythm", set()),
        (("NORM", "CLBBB"), "lbbb", set()),
        (("LVH", "AFIB"), "atrial_fibrillation", set()),
        (("ASMI", "AFIB", "LVH"), "anteroseptal_myocardial_infarction", set()),
        (("IMI", "LMI"), "inferior_myocardial_infarction", {"lateral_myocardial_infarction"}),
        (("LPR",), "first_degree_av_block", set()),  # the form says the same
        (("NDT",), "t_wave_abnormality", set()),
        (("PVC", "BIGU"), "bigeminy", set()),
    ],
)
def test_the_most_serious_statement_is_the_label(codes: tuple[str, ...], label: str, accepted: set[str]) -> None:
    found = flat_truth(of(*codes))
    assert found.value == label
    assert found.accepted - {label} >= accepted
    assert bool(found.accepted - {label}) == bool(accepted)


def test_two_walls_are_also_their_union_and_no_part_of_it() -> None:
    assert flat_truth(of("IMI", "LMI")).accepted == {
        "inferior_myocardial_infarction",
        "lateral_myocardial_infarction",
        "inferolateral_myocardial_infarction",
    }
    assert flat_truth(of("ASMI")).accepted == {"anteroseptal_myocardial_infarction"}
    assert flat_truth(of("CLBBB")).accepted == {"lbbb"}  # infarction is open beside it, and not what the source said


def test_without_a_statement_there_is_no_label() -> None:
    nothing = of()
    assert flat_truth(nothing).masked
    assert FLAT.target(reading_of(nothing, FLAT)) == ""


def test_answers() -> None:
    assert FLAT.parse('{"label": "Sinus Bradycardia"}').label == "sinus_bradycardia"
    assert FLAT.parse('{"label": "AFib"}').label == "atrial_fibrillation"
    assert FLAT.parse('{"label": "prolonged_pr"}').label == "first_degree_av_block"
    for text in (
        '{"label": ["lbbb"]}',
        '{"label": "possible lbbb"}',
        '{"label": null}',
        '{"diagnosis": "lbbb"}',
        "{}",
    ):
        with pytest.raises(InvalidAnswer):
            FLAT.parse(text)


def test_a_reading_without_a_statement_is_given_what_its_axes_amount_to() -> None:
    normal = Reading("normal", "sinus", "normal", *[frozenset()] * 4)  # type: ignore[arg-type]
    assert json.loads(FLAT.target(normal)) == {"label": "normal_ecg"}
    fibrillating = Reading("normal", "atrial_fibrillation", "normal", *[frozenset()] * 4)  # type: ignore[arg-type]
    assert json.loads(FLAT.target(fibrillating)) == {"label": "atrial_fibrillation"}
    infarcted = frozenset({Ischemia("old", frozenset({"inferior"}))})
    scarred = Reading("normal", "sinus", "normal", frozenset(), infarcted, frozenset(), frozenset())
    assert json.loads(FLAT.target(scarred)) == {"label": "inferior_myocardial_infarction"}
    assert FLAT.target(Reading(rhythm="sinus")) == ""
