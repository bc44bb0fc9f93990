import json
from pathlib import Path

import numpy as np
import pytest
from made_bundles import MI, answer, made, mixed, truth, write

from einthoven.bench.audit.audit import audit_of, audited
from einthoven.bench.audit.document import answers_digest, read_audit, validate_audit
from einthoven.bench.audit.lines import summary_lines
from einthoven.bench.bundle import Bundle, json_bytes
from einthoven.bench.scoring.danger_matrix import CLASSES, MATRICES, read_danger
from einthoven.errors import EinthovenError, Exit

READERS = ["the model", *(f"always {name}" for name in CLASSES)]


def test_figures_that_a_hand_can_check() -> None:
    found = audit_of(mixed())  # 20 normal, 20 infarctions of which 5 are called normal
    published = found["matrices"][0]
    model = published["rows"][0]
    assert model["cost"]["value"] == model["single"]["value"] == 5 * 3 / 40
    assert model["critical"] == 5 and model["critical_share"]["value"] == 5 / 40
    assert [row["reader"] for row in published["rows"]] == READERS
    constants = {row["reader"]: row["cost"]["value"] for row in published["rows"]}
    assert constants["always NORM"] == constants["always MI"] == 1.5
    assert constants["always STTC"] == 2.0 and constants["always CD"] == 1.0
    assert published["cheaper"] == published["alike"] == []
    dearer = {row["reader"]: row["dearer"]["value"] for row in published["rows"]}
    assert dearer == {reader: cost - 15 / 40 for reader, cost in constants.items()}
    assert found["matrices"][2]["rows"][0]["single"]["value"] == 5 / 40  # no weights: the share of errors
    # a miss costs 80 % of 3, because the source says so
    assert found["by_likelihood"]["value"] == pytest.approx(5 * 3 * 0.8 / 40)
    assert found["confusion"][1] == [5, 15, 0, 0, 0, 0]
    assert found["classes_cost"]["MI"]["cost"]["value"] == 0.75 and found["classes_cost"]["HYP"]["n"] == 0


def test_the_document_is_valid_rounded_and_the_same_every_time() -> None:
    one, other = audit_of(mixed()), audit_of(mixed())
    assert json_bytes(one) == json_bytes(other)
    validate_audit(one)
    assert [matrix["name"] for matrix in one["matrices"]] == list(MATRICES)

    def floats(value):  # type: ignore[no-untyped-def]
        if isinstance(value, dict):
            value = list(value.values())
        if isinstance(value, list):
            return [number for each in value for number in floats(each)]
        return [value] if isinstance(value, float) else []

    assert all(number == round(number, 6) for number in floats(one)) and len(floats(one)) > 100


def test_the_order_of_rows_never_matters() -> None:
    bundle = mixed()
    order = np.random.RandomState(0).permutation(len(bundle.records))
    turned = Bundle(bundle.run, [bundle.records[k] for k in order], [bundle.answers[k] for k in order[::-1]])
    assert json_bytes(audit_of(turned)) == json_bytes(audit_of(bundle))


def test_invalid_answers_cost_and_stand_apart() -> None:
    rows = [
        ({"statements": {"IMI": 100.0}, "truth": truth([MI])}, None if k < 5 else answer([MI])) for k in range(10)
    ]
    rows += [({"statements": {"NORM": 100.0}, "truth": truth(["normal_ecg"])}, answer())] * 10
    found = audit_of(made(rows))
    assert found["records"]["invalid"] == 5
    assert found["matrices"][0]["rows"][0]["cost"]["value"] == 5 * 3 / 20
    assert found["of_valid"]["value"] == 0
    assert found["confusion"][1][5] == 5 and found["matrices"][0]["rows"][0]["critical"] == 0
    assert any("5 of 20 answers cannot be used" in line for line in summary_lines(found))


def test_own_weights_lead_and_the_shipped_ones_stand_beside(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    rows = ["true,NORM,MI,STTC,CD,HYP", "NORM,0,1,1,1,1", "MI,8,0,1,1,1"]
    path.write_text("\n".join([*rows, "STTC,1,1,0,1,1", "CD,1,1,1,0,1", "HYP,1,1,1,1,0"]))
    found = audit_of(mixed(), read_danger(path))
    assert [matrix["name"] for matrix in found["matrices"]] == ["own", *MATRICES] and found["leading"] == "own"
    assert found["matrices"][0]["rows"][0]["cost"]["value"] == 5 * 8 / 40
    assert found["classes_cost"]["MI"]["single"] == 2.0


def test_when_a_constant_is_cheaper_it_is_said() -> None:
    rows = [({"statements": {"NORM": 100.0}, "truth": truth(["normal_ecg"])}, answer([MI])) for _ in range(20)]
    rows += [({"statements": {"CLBBB": 100.0}, "truth": truth(["lbbb"])}, answer(["lbbb"]))] * 4
    found = audit_of(made(rows))
    assert "always NORM" in found["matrices"][0]["cheaper"]
    assert any("cost less to look at no ECG" in line for line in summary_lines(found))


def test_a_constant_that_cannot_be_told_from_the_model_is_neither_cheaper_nor_dearer() -> None:
    # always MI on half infarctions: as wrong as always NORM, on other records
    rows = [({"statements": {"IMI": 100.0}, "truth": truth([MI])}, answer([MI]))] * 100
    rows += [({"statements": {"NORM": 100.0}, "truth": truth(["normal_ecg"])}, answer([MI]))] * 100
    published = audit_of(made(rows))["matrices"][0]
    assert "always MI" in published["alike"] and "always NORM" in published["alike"]
    assert "always CD" in published["cheaper"]
    assert published["rows"][2]["dearer"] == {"value": 0.0, "ci": [0.0, 0.0]}  # it is the model, record by record


def test_decisions_from_probabilities() -> None:
    bundle = mixed()
    rows = np.tile([0.55, 0.4, 0.02, 0.02, 0.01], (40, 1))
    rows[1::2] = [0.5, 0.45, 0.02, 0.02, 0.01]
    found = audit_of(bundle, probabilities=rows)["decisions"]
    likely, careful = found["rows"]
    assert likely["decision"] == "most probable" and likely["accuracy"]["value"] == 0.5 and likely["critical"] == 20
    assert careful["critical"] == 0  # the published weights have it say CD
    assert found["saved_single"]["value"] == pytest.approx(1.5 - 1.0)
    assert audit_of(bundle)["decisions"] is None


def refused(bundle: Bundle, folder: Path) -> EinthovenError:
    with pytest.raises(EinthovenError) as caught:
        audited(write(bundle, folder))
    assert "\n" not in caught.value.problem + caught.value.remedy
    return caught.value


def test_one_class_empty_all_invalid_and_unknown_labels_are_answered_in_two_lines(tmp_path: Path) -> None:
    quiet = {"statements": {"NORM": 100.0}, "truth": truth(["normal_ecg"])}
    assert "every record is NORM" in refused(made([(quiet, answer())] * 4), tmp_path / "one").problem
    assert "no record" in refused(made([]), tmp_path / "empty").problem
    assert "none of the 40 answers" in refused(_invalid(mixed()), tmp_path / "invalid").problem
    strange = [({"statements": {"FOO": 1.0}, "truth": truth()}, answer())]
    assert "'FOO'" in refused(made(strange), tmp_path / "strange").problem
    masked = [({"truth": truth(diagnosis=None)}, answer())] * 3
    assert "of none of the 3 records is known" in refused(made(masked, name="challenge"), tmp_path / "masked").problem
    without = [({"statements": {"AFIB": 0.0}, "truth": truth()}, answer())] * 3
    assert "every record is none of the five classes" in refused(made(without), tmp_path / "without").problem


def _invalid(bundle: Bundle) -> Bundle:
    return Bundle(bundle.run, bundle.records, [row | {"status": "invalid"} for row in bundle.answers])


def test_rows_that_make_no_sense_are_the_bundles_fault(tmp_path: Path) -> None:
    bundle = mixed()
    broken = Bundle(bundle.run, [{"id": row["id"]} for row in bundle.records], bundle.answers)
    assert "make no sense" in refused(broken, tmp_path / "broken").problem


def test_another_taxonomy_is_refused(tmp_path: Path) -> None:
    bundle = mixed()
    bundle.run["identity"]["taxonomy"] = "0"
    assert "taxonomy 0" in refused(bundle, tmp_path / "old").problem


def test_an_audit_is_read_and_a_strangers_is_checked(tmp_path: Path) -> None:
    path = tmp_path / "audit.json"
    document = audit_of(mixed())
    path.write_bytes(json_bytes(document))
    assert read_audit(path) == document
    for text, what in (
        ("{", "damaged"),
        ("[]", "no JSON object"),
        (json.dumps(document | {"more": 1}), "not a valid audit.json"),
        (json.dumps(document | {"per_day": -1}), "at per_day"),
        ("1" * 5_000_002, "larger than any audit"),
    ):
        path.write_text(text)
        with pytest.raises(EinthovenError, match=what) as caught:
            read_audit(path)
        assert caught.value.exit_code == Exit.MISSING


def test_other_answers_are_another_audit() -> None:
    bundle = mixed()
    assert audit_of(bundle)["answers"] == answers_digest(bundle)
    changed = Bundle(bundle.run, bundle.records, [bundle.answers[0] | {"text": answer([MI])}, *bundle.answers[1:]])
    assert answers_digest(changed) != answers_digest(bundle)


def test_an_order_that_depends_on_the_weights_is_told_by_their_titles() -> None:
    found = audit_of(mixed())
    assert not any("depends on the weights" in line for line in summary_lines(found))
    found["matrices"][1]["rows"][0]["cost"]["value"] = 1.75
    (line,) = [line for line in summary_lines(found) if "depends on the weights" in line]
    assert "of 6 readers, 5 of whom always say the same" in line
    places = [1 + sum(row["cost"]["value"] < 1.75 for row in found["matrices"][1]["rows"][1:])]
    assert (
        f"{places[0]}{'th' if places[0] > 3 else {2: 'nd', 3: 'rd'}[places[0]]} cheapest with “missing costs more”"
        in line
    )
    assert line.count("cheapest") == 3 and "with “as published”" in line
