import pytest
from made_bundles import MI, answer, made, mixed, truth

from einthoven.bench.audit.audit import audit_of
from einthoven.bench.audit.ranking import ranking
from einthoven.bench.scoring.danger_matrix import MATRICES
from einthoven.errors import EinthovenError

ROWS = [({"statements": {"IMI": 100.0}, "truth": truth([MI])}, k) for k in range(20)]
ROWS += [({"statements": {"NORM": 100.0}, "truth": truth(["normal_ecg"])}, k) for k in range(20)]


def model(name: str, missed: int, false: int):  # type: ignore[no-untyped-def]
    """Misses so many infarctions and calls so many false ones."""
    infarct, quiet = answer([MI]), answer()
    rows = [(record, quiet if k < missed else infarct) for record, k in ROWS[:20]]
    rows += [(record, infarct if k < false else quiet) for record, k in ROWS[20:]]
    return made(rows, model=name)


def test_the_same_figures_as_in_each_audit_and_the_cheapest_first() -> None:
    bundles = [model("a/bad", 10, 0), model("a/good", 2, 0)]
    found = ranking(bundles)
    assert found["readers"][:2] == ["a/bad", "a/good"] and len(found["readers"]) == 7
    assert [one["name"] for one in found["matrices"]] == list(MATRICES)
    for place, bundle in enumerate(bundles):
        for one, audit in zip(found["matrices"], audit_of(bundle)["matrices"], strict=True):
            assert one["rows"][place]["cost"]["value"] == audit["rows"][0]["cost"]["value"]
    assert found["matrices"][0]["rows"][1]["rank"] == 1
    assert not found["order_changes"]


def test_an_order_that_hangs_on_the_weights_is_said() -> None:
    # six misses against nine false alarms: alike under one matrix, not under another
    found = ranking([model("a/misses", 6, 0), model("a/alarms", 0, 9)])
    order = [one["rows"][0]["rank"] < one["rows"][1]["rank"] for one in found["matrices"]]
    assert order[0] and not order[1] and found["order_changes"]


def test_equals_share_a_place_and_its_interval() -> None:
    found = ranking([model("a/one", 3, 3), model("a/other", 3, 3)])
    for one in found["matrices"]:
        first, second = one["rows"][:2]
        assert (first["rank"], first["rank_ci"]) == (second["rank"], second["rank_ci"])


@pytest.mark.parametrize(("ends", "wanted"), [((1.0, 2.0), [1, 2]), ((1.5, 2.025), [1, 3]), ((3.0, 3.0), [3, 3])])
def test_the_interval_of_a_rank_is_rounded_outwards(
    ends: tuple[float, float], wanted: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("einthoven.bench.audit.ranking.interval", lambda values: ends)
    found = ranking([model("a/one", 3, 3), model("a/other", 2, 3)])
    assert found["matrices"][0]["rows"][0]["rank_ci"] == wanted


def test_other_records_and_one_run_twice_are_refused() -> None:
    with pytest.raises(EinthovenError, match="different records"):
        ranking([model("a/one", 1, 1), mixed(20)])
    with pytest.raises(EinthovenError, match="a/one is there twice"):
        ranking([model("a/one", 1, 1), model("a/one", 1, 1)])
