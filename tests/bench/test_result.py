import copy
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from einthoven.bench.bundle import Bundle, json_bytes, read_bundle
from einthoven.bench.result import result_of, validate
from einthoven.bench.run import run
from einthoven.bench.settings import Settings
from einthoven.ecg.reading import AXES, Reading, Truth
from einthoven.errors import EinthovenError
from einthoven.tasks.dense import Dense
from einthoven.tasks.target import reading_of

DENSE = Dense()
NORMAL = json.loads(
    DENSE.target(Reading("normal", "sinus", "normal", frozenset(), frozenset(), frozenset(), frozenset()))
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("result") / "out"
    return run(Settings("control/constant", "sim-demo", arms=("image", "no-image"), out=out, jobs=1))[0]


@pytest.fixture
def bundle(folder: Path) -> Bundle:
    return read_bundle(folder)


def answered(bundle: Bundle, arm: str, change: Callable[[dict[str, Any], Truth], dict[str, Any]]) -> Bundle:
    truths = {row["id"]: Truth.from_json(row["truth"]) for row in bundle.records}
    rows = [
        row | change(dict(row), truths[row["record"]]) if row["arm"] == arm else dict(row) for row in bundle.answers
    ]
    return Bundle(bundle.run, bundle.records, rows)


def perfect(row: dict[str, Any], truth: Truth) -> dict[str, Any]:
    """Answer the truth, and normal where it is masked: an answer has to be complete."""
    return {"text": json.dumps(NORMAL | json.loads(DENSE.target(reading_of(truth)))), "status": "ok"}


def test_a_perfect_reader_scores_one_and_is_told_from_the_blind_arms(bundle: Bundle) -> None:
    result = result_of(answered(bundle, "image", perfect))
    for name, axis in result["axes"].items():
        image = axis["arms"]["image"]
        assert image["accuracy"] == 1.0, name
        assert image["informedness"] == image["balanced_accuracy"] == image["macro_f1"] == image["mcc"] == 1.0
        assert image["informedness_ci"] == [1.0, 1.0]
        assert image["gain"] == 1.0
        assert axis["verdict"]["word"] == "associated"
        assert image["useful_over_majority"]["useful"]
        assert axis["arms"]["no-image"]["informedness"] == 0.0
    for space in result["secondary"].values():
        assert space["arms"]["image"]["informedness"] == 1.0
        assert "verdict" not in space
    assert result["findings_per_ecg"]["model"] == result["findings_per_ecg"]["truth"] > 0.5


def test_a_constant_answer_scores_exactly_nothing(bundle: Bundle) -> None:
    result = result_of(bundle)
    for axis in result["axes"].values():
        assert axis["arms"]["image"]["informedness"] == 0.0
        assert axis["arms"]["image"]["informedness_ci"] == [0.0, 0.0]
        assert axis["baselines"]["majority"]["informedness"] == 0.0
        assert axis["verdict"]["word"] == "prior"
        assert axis["verdict"]["flags"] == ["constant"]


def test_the_order_of_rows_never_matters(bundle: Bundle) -> None:
    expected = json_bytes(result_of(bundle))
    records, answers = list(bundle.records), list(bundle.answers)
    random.Random(1).shuffle(records)
    random.Random(2).shuffle(answers)
    assert json_bytes(result_of(Bundle(bundle.run, records, answers))) == expected


def test_what_is_masked_never_counts(bundle: Bundle) -> None:
    expected = result_of(bundle)["axes"]["conduction"]
    masked = {row["id"] for row in bundle.records if Truth.from_json(row["truth"])["conduction"].masked}
    assert masked

    def wild(row: dict[str, Any], truth: Truth) -> dict[str, Any]:
        if row["record"] not in masked:
            return {}
        return {"text": json.dumps(json.loads(row["text"]) | {"conduction": ["lbbb", "lafb"]})}

    found = result_of(answered(bundle, "image", wild))["axes"]["conduction"]
    for axis in (expected, found):  # the modal answer is over all records asked
        for key in ("modal_share", "modal_answer"):
            del axis["arms"]["image"][key]
        axis["verdict"].pop("flags")
    assert found == expected


def test_an_answer_that_is_not_ok_is_wrong_and_shown_apart(bundle: Bundle) -> None:
    # The rows of a bundle say what the parser made of an answer: nothing of the text is used then.
    result = result_of(answered(bundle, "image", lambda row, truth: {"status": "invalid"}))
    for axis in result["axes"].values():
        image = axis["arms"]["image"]
        assert image["accuracy"] == 0.0
        assert image["invalid_share"] == 1.0
        assert image["informedness"] <= 0.0
    assert result["findings_per_ecg"]["model"] is None


def test_one_answer_that_is_ok_is_enough_for_an_interval(bundle: Bundle) -> None:
    """Most resamples are without it, and without a mean."""
    one = bundle.records[0]["id"]
    result = result_of(
        answered(bundle, "image", lambda row, truth: {} if row["record"] == one else {"status": "empty"})
    )
    found = result["findings_per_ecg"]
    assert found["model_ci"] == [found["model"]] * 2
    json_bytes(result)  # no NaN


def test_a_refusal_to_read_nothing_scores_as_the_majority(bundle: Bundle) -> None:
    result = result_of(answered(bundle, "no-image", lambda row, truth: {"status": "declined", "text": "No picture."}))
    for axis in result["axes"].values():
        blind, majority = axis["arms"]["no-image"], axis["baselines"]["majority"]
        assert blind["accuracy"] == majority["accuracy"]
        assert blind["informedness"] == majority["informedness"]
        assert blind["declined_share"] == blind["invalid_share"] == 1.0


def test_a_missing_answer_is_named(bundle: Bundle) -> None:
    with pytest.raises(EinthovenError, match="1 answers are missing, such as record"):
        result_of(Bundle(bundle.run, bundle.records, bundle.answers[1:]))


@pytest.mark.parametrize("what", ["taxonomy", "task"])
def test_versions_are_never_mixed(bundle: Bundle, what: str) -> None:
    other = copy.deepcopy(dict(bundle.run))
    if what == "task":
        other["identity"]["task"]["version"] = "0"
    else:
        other["identity"]["taxonomy"] = "0"
    with pytest.raises(EinthovenError, match=rf"made with {what}.* 0, this is"):
        result_of(Bundle(other, bundle.records, bundle.answers))


def test_the_schema_forbids_what_it_does_not_know(bundle: Bundle) -> None:
    result = result_of(bundle)
    validate(result)
    with pytest.raises(EinthovenError, match=r"not a valid result\.json"):
        validate(result | {"rank": 1})
    broken = copy.deepcopy(result)
    broken["axes"]["rhythm"]["verdict"]["word"] = "cured"
    with pytest.raises(EinthovenError, match=r"at axes\.rhythm\.verdict\.word"):
        validate(broken)
    for axis in AXES:
        missing = copy.deepcopy(result)
        del missing["axes"][axis]
        with pytest.raises(EinthovenError):
            validate(missing)
