import json
import shutil
from pathlib import Path

import pytest
from read_page import ReadPage, read_page
from site_of import make_run, words_of

from einthoven.errors import EinthovenError
from einthoven.leaderboard.audits import audit_of_run, figures_of, ranked
from einthoven.leaderboard.pages import model, safety
from einthoven.leaderboard.runs import Run, find_runs
from einthoven.leaderboard.site import Site

RESULTS = Path(__file__).parents[2] / "results" / "ptbxl-fold10"
NAMES = ("reference-measurements-gbm", "baseline-majority")


@pytest.fixture
def runs(tmp_path: Path) -> list[Run]:
    for name in NAMES:
        (tmp_path / name).mkdir()
        for file in ("result.json", "audit.json"):
            shutil.copy(RESULTS / name / file, tmp_path / name / file)
    return find_runs([tmp_path])[0]


def page(runs: list[Run]) -> ReadPage:
    ((path, content),) = safety.pages(Site.of(runs))
    assert path == "safety.html"
    return read_page(content.decode())


def change(run: Run, **values: object) -> Run:
    path = run.path.with_name("audit.json")
    document = json.loads(path.read_text())
    for key, value in values.items():
        top, _, below = key.partition("__")
        document[top] = document[top] | {below: value} if below else value
    path.write_text(json.dumps(document))
    return run


def test_models_stand_among_constant_readers_under_every_matrix(runs: list[Run]) -> None:
    text = words_of(page(runs))
    for name in ("always NORM", "always MI", "always CD", "as published", "missing costs more", "every error alike"):
        assert name in text
    for run in runs:
        audit = audit_of_run(run)
        assert audit is not None
        for matrix in audit["matrices"]:
            assert " ".join(figures_of(matrix["rows"][0]["cost"]).split()) in text
    assert text.index("always CD 1 of 7") < text.index("always MI 7 of 7")
    assert "less: always CD, always HYP" in text and "alike: always NORM" in text


def test_equals_share_a_rank(runs: list[Run]) -> None:
    members = safety.audited_runs(Site.of(runs).boards[0])
    order = ranked(members, "published")
    rank = {reader: place for _, reader, _, place in order}
    assert rank["always CD"] == 1 and rank["baseline/majority"] == rank["always NORM"]
    assert [place for *_, place in order] == sorted(place for *_, place in order) and len(order) == 7


def test_small_numbers_of_cases_are_marked_and_unknown_is_said(runs: list[Run]) -> None:
    text = words_of(page(runs))
    assert "missed 10.2 [5.2, 20.0]*" in text and "8 of 8 cases" in text
    assert "not known here" in text and "no case" in text


def test_the_model_page_has_its_part(runs: list[Run]) -> None:
    pages = dict(model.pages(Site.of(runs)))
    content = next(content for path, content in pages.items() if "gbm" in path)
    read = read_page(content.decode())
    text = words_of(read)
    assert "What its errors would cost" in text and "cost less to look at no ECG" in text
    assert "infarction of any age called normal" in text and "80 and over" in text
    critical = [attributes for tag, attributes in read.elements if attributes.get("class") == "critical"]
    assert len(critical) == 2


def test_runs_without_an_audit_are_counted_and_their_pages_stand(runs: list[Run]) -> None:
    runs[0].path.with_name("audit.json").unlink()
    assert "1 run here without an audit" in words_of(page(runs))
    alone = make_run("baseline/majority")
    assert "No run here has been audited" in words_of(page([alone]))
    assert "What its errors would cost" not in words_of(
        read_page(next(iter(model.pages(Site.of([alone]))))[1].decode())
    )


@pytest.mark.parametrize(
    "values",
    [
        {"model__name": "another/model"},
        {"data__fingerprint": "other"},
        {"data__records": 7},
        {"records__invalid": 5},
        {"task": {"name": "dense", "version": "other"}},
    ],
)
def test_an_audit_of_another_run_is_refused(runs: list[Run], values: dict) -> None:
    with pytest.raises(EinthovenError, match="not the audit of the result beside it") as caught:
        audit_of_run(change(runs[0], **values))
    assert "\n" not in caught.value.problem


def test_a_strangers_audit_cannot_bring_markup_or_endless_rows(runs: list[Run]) -> None:
    audit = audit_of_run(runs[0])
    assert audit is not None
    groups = audit["subgroups"]["site"]["groups"]
    bad = groups[0] | {"name": "<script>alert(1)</script>\u202e"}
    changed = change(
        runs[0], subgroups=audit["subgroups"] | {"site": audit["subgroups"]["site"] | {"groups": [bad] * 500}}
    )
    pages = dict(model.pages(Site.of([changed])))
    content = next(content for path, content in pages.items() if path != "models/index.html").decode()
    assert "<script>alert" not in content and "\u202e" not in content
    assert content.count("alert(1)") == 40
    runs[0].path.with_name("audit.json").write_text("[1]")
    with pytest.raises(EinthovenError, match="no JSON object"):
        audit_of_run(runs[0])
