import pytest
from made_bundles import MI, answer, made, mixed, truth

from einthoven.bench.audit.labelled import labelled
from einthoven.ecg.reading import AxisTruth
from einthoven.errors import EinthovenError

NORM, INFARCT, STTC, CD, HYP = range(5)


def one(record: dict, said: str | None = None, **changes: object):  # type: ignore[no-untyped-def]
    return labelled(made([(record, said or answer())], **changes))  # type: ignore[arg-type]


def test_the_one_label_has_the_largest_summed_likelihood_and_ties_go_to_the_earlier_class() -> None:
    codes = {"IMI": 50.0, "LAFB": 60.0, "CLBBB": 0.0, "LVH": 100.0, "SR": 0.0}
    found = one({"statements": codes, "truth": truth()}).labels[0]
    assert found.single == HYP
    assert found.present == {INFARCT, CD, HYP} and not found.unknown
    assert found.likelihood == {INFARCT: 0.5, CD: 1.0, HYP: 1.0}  # CLBBB is not graded: certain
    tied = one({"statements": {"IMI": 50.0, "LAFB": 30.0, "IRBBB": 20.0}, "truth": truth()}).labels[0]
    assert tied.single == INFARCT


def test_only_ungraded_codes_still_give_a_label() -> None:
    found = one({"statements": {"CLBBB": 0.0, "NORM": 0.0}, "truth": truth()}).labels[0]
    assert found.single == NORM and found.likelihood == {NORM: 1.0, CD: 1.0}


def test_a_record_without_a_diagnostic_code_has_no_class() -> None:
    found = one({"statements": {"AFIB": 0.0}, "truth": truth()}).labels[0]
    assert found.single is None and found.present == frozenset()


def test_other_sources_count_statements_and_keep_what_is_open() -> None:
    stated = AxisTruth(frozenset({"lbbb", "first_degree_av_block", MI}), open=frozenset({"hyperkalemia"}))
    found = one({"truth": truth(diagnosis=stated)}, name="challenge").labels[0]
    assert found.single == CD and found.present == {INFARCT, CD} and found.unknown == {STTC}
    assert one({"truth": truth(diagnosis=None)}, name="challenge").labels == [None]


def test_what_is_said_counts_statements_and_silence_reads_as_normal() -> None:
    found = one({"statements": {"NORM": 100.0}, "truth": truth()}, answer(["lbbb", "lafb", MI, "sinus_rhythm"]))
    assert found.answers == [{INFARCT, CD}] and found.said == [CD]
    tied = one({"statements": {"NORM": 100.0}, "truth": truth()}, answer(["lbbb", "normal_ecg"]))
    assert tied.said == [NORM]
    silent = one({"statements": {"NORM": 100.0}, "truth": truth()}, answer(["sinus_rhythm"]))
    assert silent.answers == [frozenset()] and silent.said == [NORM]


@pytest.mark.parametrize(
    ("of_task", "said", "wanted"),
    [
        ("superclass", '{"superclasses": ["MI", "CD"]}', {INFARCT, CD}),
        ("flat", '{"label": "lbbb"}', {CD}),
        ("flat", '{"label": "normal_ecg"}', {NORM}),
        ("sparse", '{"diagnosis": ["lbbb"]}', {CD}),
        ("sparse", '{"not_assessable": ["diagnosis"]}', None),
    ],
)
def test_every_task_that_asks_for_a_diagnosis(of_task: str, said: str, wanted: set | None) -> None:
    found = one({"statements": {"NORM": 100.0}, "truth": truth()}, said, of_task=of_task)
    assert found.answers == [wanted] and found.said == [None if wanted is None else min(wanted)]


def test_a_task_without_a_diagnosis_is_refused() -> None:
    with pytest.raises(EinthovenError, match="binary asks for no diagnosis"):
        one({"truth": truth()}, '{"abnormal": true}', of_task="binary")


@pytest.mark.parametrize(
    ("record", "name"),
    [
        ({"statements": {"XYZ": 100.0}, "truth": truth()}, "ptbxl"),
        ({"truth": truth(["the_vapours"])}, "challenge"),
    ],
)
def test_a_label_that_is_none_is_named(record: dict, name: str) -> None:
    with pytest.raises(EinthovenError, match=r"record r0000 has the label '(XYZ|the_vapours)'"):
        one(record, name=name)


@pytest.mark.parametrize("likelihood", [-5.0, 100.5, 1e308, float("nan")])
def test_a_likelihood_that_is_none_is_named(likelihood: float) -> None:
    with pytest.raises(EinthovenError, match=r"record r0000 has the likelihood .* of IMI"):
        one({"statements": {"IMI": likelihood}, "truth": truth()})


def test_rows_that_come_twice_are_refused() -> None:
    bundle = mixed(4)
    bundle.records.append(bundle.records[1])
    with pytest.raises(EinthovenError, match="record r0001 is there more than once"):
        labelled(bundle)
    bundle = mixed(4)
    bundle.answers.append({**bundle.answers[2], "text": answer([])})
    with pytest.raises(EinthovenError, match="record r0002 is answered more than once"):
        labelled(bundle)
    bundle.answers[-1]["arm"] = "blank"  # of another arm it is another answer
    assert len(labelled(bundle).records) == 4


def test_another_arm_is_not_there() -> None:
    with pytest.raises(EinthovenError, match="no answer in the arm blank") as caught:
        labelled(made([({"truth": truth()}, answer())]), "blank")
    assert "image" in caught.value.remedy
