import asyncio
from random import Random as Shuffler

from einthoven.adapters.majority import Majority, majority_reading
from einthoven.ecg.patient import Patient
from einthoven.ecg.reading import AXES, AxisTruth, Ischemia, Truth
from einthoven.exchange import Example, FittedAdapter, Request
from einthoven.tasks.dense import Dense

OLD = frozenset({Ischemia("old", frozenset({"inferior"}))})


def example(number: int, ischemia: frozenset[Ischemia] = frozenset(), **axes: AxisTruth) -> Example:
    truth = Truth({axis: axes.get(axis, AxisTruth()) for axis in AXES}, ischemia)
    return Example(str(number), Patient(str(number)), truth)


def rhythm(value: str, *also: str) -> AxisTruth:
    return AxisTruth(value, frozenset(also))


def labels(*names: str, open: tuple[str, ...] = ()) -> AxisTruth:
    return AxisTruth(frozenset(names), open=frozenset(open))


def test_the_commonest_value_wins_and_masks_say_nothing() -> None:
    truths = [rhythm("sinus")] * 2 + [rhythm("paced")] * 3 + [AxisTruth(reason="not coded")] * 10
    reading = majority_reading(example(k, rhythm=truth) for k, truth in enumerate(truths))
    assert reading.rhythm == "paced"


def test_on_sets_it_is_the_commonest_set() -> None:
    # lbbb stands in three of five records, but no set that holds it is as common as the empty one.
    sets = [labels("lbbb"), labels("lbbb", "lafb"), labels("lbbb", "ivcd"), labels(), labels()]
    assert majority_reading(example(k, conduction=s) for k, s in enumerate(sets)).conduction == frozenset()


def test_records_without_one_answer_are_left_out() -> None:
    truths = [rhythm("atrial_flutter", "atrial_fibrillation")] * 5 + [rhythm("sinus")]
    assert majority_reading(example(k, rhythm=t) for k, t in enumerate(truths)).rhythm == "sinus"


def test_open_labels_are_not_stated() -> None:
    sets = [labels("rbbb", open=("lbbb",))] * 2 + [labels("lbbb")]
    assert majority_reading(example(k, conduction=s) for k, s in enumerate(sets)).conduction == {"rbbb"}


def test_ischemia_is_counted_entry_by_entry() -> None:
    rows = [example(k, OLD, ischemia_stage=AxisTruth("old")) for k in range(3)]
    rows += [example(9, ischemia_stage=AxisTruth("none"))]
    assert majority_reading(rows).ischemia == OLD


def test_nobody_trained_gives_normal() -> None:
    reading = majority_reading([])
    assert (reading.rate, reading.rhythm, reading.axis) == ("normal", "sinus", "normal")
    assert reading.conduction == reading.ischemia == reading.other_findings == reading.diagnosis == frozenset()


def test_order_does_not_matter_even_in_ties() -> None:
    rows = [example(k, rhythm=rhythm(v)) for k, v in enumerate(["paced", "sinus", "junctional"] * 3)]
    expected = majority_reading(rows)
    for seed in range(5):
        Shuffler(seed).shuffle(rows)
        assert majority_reading(rows) == expected


def test_the_adapter_answers_it_in_the_tasks_form() -> None:
    adapter = Majority()
    assert isinstance(adapter, FittedAdapter)
    adapter.fit([example(0, rhythm=rhythm("paced"))])
    answer = asyncio.run(adapter.answer(Request("x", "image", "dense", "")))
    assert Dense().parse(answer.text).rhythm == "paced"
