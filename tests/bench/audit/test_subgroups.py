from made_bundles import MI, answer, made, truth

from einthoven.bench.audit.audit import audit_of
from einthoven.bench.audit.lines import subgroup_lines

INFARCT = {"statements": {"IMI": 100.0}, "truth": truth([MI])}
QUIET = {"statements": {"NORM": 100.0}, "truth": truth(["normal_ecg"])}


def record(kind: dict, number: int, **more: object) -> dict:
    return kind | {"patient": f"p{number}", **more}


def test_a_reader_who_misses_infarctions_of_women_is_found_out() -> None:
    rows = []
    for number in range(160):
        sex = number % 2
        said = answer() if sex and number % 4 == 1 else answer([MI])
        kind = INFARCT if number % 4 < 2 else QUIET
        rows.append((record(kind, number, sex=sex), said if kind is INFARCT else answer()))
    found = audit_of(made(rows))["subgroups"]["sex"]
    women = next(group for group in found["groups"] if group["name"] == "female")
    men = next(group for group in found["groups"] if group["name"] == "male")
    assert (women["mi"], women["mi_called_normal"]["value"]) == (40, 1.0)
    assert (men["mi"], men["mi_called_normal"]["value"]) == (40, 0.0)
    assert women["cost"]["value"] == 1.5 and women["beyond"]["value"] == 0.75 == -men["beyond"]["value"]
    assert found["p_holm"] < 0.01 and found["p_beyond_holm"] < 0.01 and women["p_beyond_holm"] < 0.01


def test_more_infarctions_among_the_old_are_no_fault_of_the_reader() -> None:
    rows = []
    for number in range(240):
        old = number % 2
        kind = INFARCT if number % 8 < (6 if old else 2) else QUIET
        missed = number % 24 < 8  # a third of all, whatever the age
        rows.append((record(kind, number, age=85.0 if old else 30.0), answer() if missed else answer([MI])))
    audit = audit_of(made([(r, s if r["statements"] == INFARCT["statements"] else answer()) for r, s in rows]))
    found = audit["subgroups"]["age"]
    assert found["p_holm"] < 0.05 < found["p_beyond_holm"]
    assert "as their labels do, not beyond" in subgroup_lines(audit)[0]


def test_small_groups_are_marked_and_not_tested_and_unknown_is_kept() -> None:
    rows = [(record(INFARCT if n % 2 else QUIET, n, site="a" if n < 40 else "b"), answer()) for n in range(80)]
    rows += [(record(INFARCT, 100 + n, site="c"), answer()) for n in range(5)]
    rows += [(record(QUIET, 200 + n), answer()) for n in range(3)]
    found = audit_of(made(rows))["subgroups"]["site"]
    by_name = {group["name"]: group for group in found["groups"]}
    assert list(by_name) == ["a", "b", "c", "unknown"]
    assert [group["few"] for group in found["groups"]] == [False, False, True, True]
    assert by_name["c"]["p_beyond_holm"] is None and by_name["c"]["cost"]["ci"] is None  # five patients
    assert by_name["a"]["p_beyond_holm"] == 1.0 and by_name["a"]["cost"]["ci"] is not None


def test_one_group_alone_is_not_compared() -> None:
    rows = [(record(INFARCT if n % 2 else QUIET, n), answer()) for n in range(40)]
    audit = audit_of(made(rows))
    assert audit["subgroups"]["device"]["p_holm"] is None
    assert any("nothing to compare" in line for line in subgroup_lines(audit))
