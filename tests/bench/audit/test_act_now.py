import numpy as np
import pytest
from made_bundles import MI, answer, made, truth

from einthoven.bench.audit.act_now import act_now, conditions, is_there, raised
from einthoven.bench.audit.labelled import labelled
from einthoven.bench.bundle import Bundle
from einthoven.ecg.reading import AxisTruth, Truth
from einthoven.tasks import taxonomy
from einthoven.tasks.registry import task

BY_NAME = {one.name: one for one in conditions()}


def there(name: str, codes: tuple[str, ...] = (), **axes: object) -> bool | None:
    return is_there(BY_NAME[name], Truth.from_json(truth(**axes)), codes)


def said(name: str, **axes: object) -> bool:
    return raised(BY_NAME[name], task("dense").parse(answer(**axes)))


def test_the_conditions_are_the_six_and_stand_in_the_taxonomy() -> None:
    wanted = ["acute_mi", "vt_vf", "third_degree_av_block", "mobitz_ii", "hyperkalemia", "preexcited_af"]
    assert list(BY_NAME) == wanted
    for one in conditions():
        assert one.why
        for part in one.parts:
            assert part.values | part.unclear | part.alarm <= set(taxonomy.axes()[part.axis].values)


@pytest.mark.parametrize(
    ("name", "axes", "wanted"),
    [
        ("acute_mi", {"ischemia_stage": "acute"}, True),
        ("acute_mi", {"ischemia_stage": "old"}, False),
        ("acute_mi", {"ischemia_stage": "infarct_age_undetermined"}, None),
        ("acute_mi", {"ischemia_stage": AxisTruth("recent", frozenset({"recent", "acute"}))}, None),
        ("acute_mi", {"ischemia_stage": None}, None),
        ("vt_vf", {"rhythm": "ventricular_fibrillation"}, True),
        ("vt_vf", {"rhythm": AxisTruth("sinus", frozenset({"sinus", "ventricular_tachycardia"}))}, None),
        ("vt_vf", {"rhythm": "paced"}, False),
        ("third_degree_av_block", {"conduction": frozenset({"third_degree_av_block"})}, True),
        ("hyperkalemia", {"other_findings": AxisTruth(frozenset(), open=frozenset({"hyperkalemia"}))}, None),
        ("hyperkalemia", {"other_findings": frozenset({"electrolyte_or_drug_effect"})}, None),
        ("preexcited_af", {"rhythm": "atrial_fibrillation"}, False),
        ("preexcited_af", {"rhythm": "atrial_fibrillation", "conduction": None}, None),
        ("preexcited_af", {"rhythm": "sinus", "conduction": None}, False),
        (
            "preexcited_af",
            {"rhythm": "atrial_fibrillation", "conduction": frozenset({"ventricular_preexcitation"})},
            True,
        ),
    ],
)
def test_what_is_there(name: str, axes: dict, wanted: bool | None) -> None:
    assert there(name, **axes) is wanted


def test_a_block_that_its_source_calls_mobitz_i_is_neither_a_case_nor_a_false_alarm() -> None:
    block = {"conduction": frozenset({"second_degree_av_block"})}
    assert there("mobitz_ii", **block) is True  # the type is not told
    assert there("mobitz_ii", ("426183003",), **block) is True
    assert there("mobitz_ii", ("54016002",), **block) is None  # an answer cannot tell the type
    assert there("mobitz_ii", ("195042002", "54016002"), **block) is None
    assert there("mobitz_ii", ("54016002", "426183003"), **block) is True  # both types in one recording
    wenckebach = {"statements": {"54016002": 100.0}, "truth": truth(**block)}
    quiet = {"statements": {}, "truth": truth(["normal_ecg"])}
    said_so = answer(conduction=["second_degree_av_block"])
    row = table(made([(wenckebach, said_so)] * 5 + [(quiet, answer())] * 5, name="challenge"))["mobitz_ii"]
    assert (row["n"], row["cases"], row["false_alarms"]) == (5, 0, 0)


def test_what_is_raised() -> None:
    assert said("acute_mi", ischemia=[{"stage": "acute", "territory": "inferior"}])
    assert not said("acute_mi", ischemia=[{"stage": "old", "territory": "inferior"}])
    assert said("mobitz_ii", conduction=["third_degree_av_block"])
    assert not said("third_degree_av_block", conduction=["second_degree_av_block"])
    assert not said("preexcited_af", rhythm="atrial_fibrillation")
    assert said("preexcited_af", rhythm="atrial_fibrillation", conduction=["ventricular_preexcitation"])


def table(bundle: Bundle, per_day: float = 500) -> dict[str, dict]:
    found = labelled(bundle)
    patients = np.arange(len(found.records))
    return {row["name"]: row for row in act_now(found, patients, per_day)}


def test_misses_and_false_alarms_per_thousand_and_a_day() -> None:
    vt = {"statements": {}, "truth": truth(rhythm="ventricular_tachycardia")}
    quiet = {"statements": {"NORM": 100.0}, "truth": truth(["normal_ecg"])}
    seen, unseen = answer(rhythm="ventricular_tachycardia"), answer()
    rows = table(
        made([(vt, seen)] * 3 + [(vt, unseen)] + [(vt, None)] + [(quiet, seen)] * 2 + [(quiet, unseen)] * 93)
    )
    row = rows["vt_vf"]
    assert (row["n"], row["cases"], row["missed"], row["missed_invalid"], row["false_alarms"]) == (100, 5, 2, 1, 2)
    assert row["few"] and row["missed_share"]["value"] == 0.4
    assert row["missed_per_1000"]["value"] == pytest.approx(20) and row["missed_per_day"]["value"] == pytest.approx(
        10
    )
    low, high = row["false_per_1000"]["ci"]
    assert 0 < low < 20 < high < 80
    assert row["false_per_day"]["ci"] == pytest.approx([low / 2, high / 2])
    assert rows["acute_mi"]["missed_per_1000"]["value"] is None  # no case: nobody can tell how many are missed
    assert rows["acute_mi"]["false_per_1000"]["ci"][1] > 20  # none of a hundred is not "never"


def test_a_third_degree_block_finds_a_mobitz_ii_and_is_no_false_alarm_of_its_row() -> None:
    def block(degree: str) -> tuple[dict, str]:
        found = frozenset({f"{degree}_degree_av_block"})
        return {"statements": {}, "truth": truth(conduction=found)}, answer(conduction=sorted(found))

    third, says_third = block("third")
    second, says_second = block("second")
    quiet = {"statements": {}, "truth": truth(["normal_ecg"])}
    pairs = (
        [(third, says_third)] * 4 + [(second, says_third)] * 3 + [(quiet, says_third)] * 2 + [(quiet, says_second)]
    )
    rows = table(made(pairs, name="challenge"))
    mobitz, complete = rows["mobitz_ii"], rows["third_degree_av_block"]
    assert (mobitz["cases"], mobitz["missed"], mobitz["false_alarms"]) == (3, 0, 1)  # only the one that names it
    assert (complete["cases"], complete["missed"], complete["false_alarms"]) == (4, 0, 5)


def test_an_unusable_answer_misses_a_case_and_alarms_nobody() -> None:
    quiet = {"statements": {"NORM": 100.0}, "truth": truth(["normal_ecg"])}
    row = table(made([(quiet, None)] * 10))["vt_vf"]
    assert row["false_alarms"] == 0


def test_infarction_called_normal_and_normal_called_infarction_stand_apart() -> None:
    infarct = {"statements": {"IMI": 100.0}, "truth": truth([MI], ischemia_stage="old")}
    quiet = {"statements": {"NORM": 100.0}, "truth": truth(["normal_ecg"])}
    says = {"mi": answer([MI]), "normal": answer(), "silent": answer([]), "lbbb": answer(["lbbb"])}
    rows = table(
        made(
            [(infarct, says[k]) for k in ("mi", "normal", "silent", "lbbb")]
            + [(infarct, None)]
            + [(quiet, says[k]) for k in ("mi", "normal", "normal", "lbbb")]
        )
    )
    missed, false = rows["mi_called_normal"], rows["normal_called_mi"]
    assert (missed["cases"], missed["errors"], missed["invalid"]) == (5, 2, 1)  # normal and silent, not lbbb
    assert (false["cases"], false["errors"]) == (4, 1)
    assert false["per_1000"]["value"] == pytest.approx(1000 / 9)


def test_a_task_that_asks_for_one_label_has_only_the_infarction_rows() -> None:
    quiet = {"statements": {"NORM": 100.0}, "truth": truth(["normal_ecg"])}
    found = table(made([(quiet, '{"superclasses": ["NORM"]}')] * 4, of_task="superclass"))
    assert list(found) == ["mi_called_normal", "normal_called_mi"]
