"""Arrays of labels and probabilities, scored in the field's label spaces as scikit-learn scores them."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from sklearn.metrics import average_precision_score, f1_score, roc_auc_score

from einthoven.bench.label_report import LABELS, label_report, read_answers, spaces_of
from einthoven.bench.reliability_plot import reliability_plot
from einthoven.bench.signal_test import Tested
from einthoven.cli.score import score
from einthoven.errors import EinthovenError
from einthoven.tasks.statements.scp_groups import scp_groups
from einthoven.tasks.statements.table import codes, superclasses_of

CODES = tuple(sorted(scp_groups()["all"]))


def answers(seed: int, records: int = 160) -> Tested:
    random = np.random.RandomState(seed)
    labels = (random.random_sample((records, 71)) < 0.15).astype(np.int8)
    scores = np.clip(0.3 * labels + 0.6 * random.random_sample(labels.shape), 0, 1)
    every = np.array([f"r{k}" for k in range(records)])
    return Tested(CODES, every, np.array([f"p{k // 2}" for k in range(records)]), labels, scores)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("arrays")
    answers(1).write(folder / "test.npz")
    answers(2).write(folder / "validation.npz")
    return folder


def test_the_spaces_have_the_sizes_that_the_field_states() -> None:
    sizes = {space: len(labels) for space, labels in scp_groups().items()}
    assert sizes == {
        "all": 71,
        "diagnostic": 44,
        "subdiagnostic": 23,
        "superdiagnostic": 5,
        "form": 19,
        "rhythm": 12,
    }
    assert len({*scp_groups()["diagnostic"], *scp_groups()["form"], *scp_groups()["rhythm"]}) == 71


def test_superclasses_are_those_of_the_statements() -> None:
    """Two tables say which superclass a code belongs to; the other is einthoven's own."""
    for name, members in scp_groups()["superdiagnostic"].items():
        for code in members:
            assert superclasses_of(s for option in codes("scp")[code].groups for s in option) == {name}, code


@pytest.mark.real_data
def test_the_table_repeats_the_data_sets_own() -> None:
    home = os.environ.get("EINTHOVEN_DATA")
    if not home:
        pytest.skip("EINTHOVEN_DATA is not set")
    found = next(Path(home).rglob("scp_statements.csv"), None)
    if found is None:
        pytest.skip("no scp_statements.csv there")
    groups = scp_groups()
    for row in csv.DictReader(found.read_text(encoding="utf-8").splitlines()):
        code = row[""]
        for space in ("diagnostic", "form", "rhythm"):
            assert (code in groups[space]) == (row[space] == "1.0"), (code, space)
        if row["diagnostic"] == "1.0":
            assert code in groups["subdiagnostic"][row["diagnostic_subclass"]]
            assert code in groups["superdiagnostic"][row["diagnostic_class"]]


def test_scores_are_scikit_learns_in_every_space() -> None:
    one, other = answers(1), answers(2)
    report = label_report(one, other, resamples=20)
    assert list(report) == list(scp_groups())
    for space, labels in scp_groups().items():
        for place, (row, members) in enumerate(zip(report[space].rows()[1:], labels.values(), strict=True)):
            columns = [CODES.index(code) for code in members]
            truth = one.labels[:, columns].max(axis=1)
            given = 1 - np.prod(1 - one.scores[:, columns], axis=1)
            assert row["cases"] == truth.sum()
            assert row["auroc"]["value"] == pytest.approx(roc_auc_score(truth, given), abs=1e-9)
            assert row["auprc"]["value"] == pytest.approx(average_precision_score(truth, given), abs=1e-9)
            if space == "all":
                limit = report[space].scores.labels[place].threshold
                assert row["f1"]["value"] == pytest.approx(f1_score(truth, given >= limit), abs=1e-9)
        mean = report[space].rows()[0]["auroc"]
        assert mean["low"] < mean["value"] < mean["high"]


def test_other_labels_are_one_space() -> None:
    one = answers(1)
    part = Tested(CODES[:3], one.ids, one.patients, one.labels[:, :3], one.scores[:, :3])
    assert list(spaces_of(part)) == [LABELS]


def test_the_command_scores_published_arrays(files: Path, tmp_path: Path) -> None:
    plot, bare = tmp_path / "plot.svg", tmp_path / "bare.npz"
    given = [str(files / "test.npz"), "--validation", str(files / "validation.npz")]
    told = CliRunner().invoke(score, [*given, "--labels-of", "rhythm", "--plot", str(plot)])
    assert told.exit_code == 0, told.output
    assert "all (mean of 71)" in told.output and "  AFIB" in told.output and "…" not in told.output
    assert "<svg" in plot.read_text()
    one = answers(1)
    np.savez(bare, labels=one.labels, scores=one.scores)  # n x 71 and nothing else, as the field publishes them
    rows = json.loads(CliRunner().invoke(score, [str(bare), "--json"]).stdout)
    whole = json.loads(CliRunner().invoke(score, [*given, "--json"]).stdout)
    assert rows["all"][0]["auroc"]["value"] == whole["all"][0]["auroc"]["value"]
    assert rows["all"][0]["f1"]["value"] is None  # nothing to choose thresholds on


@pytest.mark.parametrize(
    ("arrays", "problem"),
    [
        ({"labels": np.zeros((4, 2))}, "holds no predictions"),
        ({"labels": np.zeros((4, 2)), "scores": np.zeros((4, 3))}, "not two finite arrays"),
        ({"labels": np.zeros((4, 2)), "scores": np.full((4, 2), np.nan)}, "not two finite arrays"),
        ({"labels": np.zeros((0, 2)), "scores": np.zeros((0, 2))}, "not two finite arrays"),
        ({"labels": np.full((4, 2), 100), "scores": np.zeros((4, 2))}, "neither 0 nor 1"),
        ({"labels": np.full((4, 2), 255, np.uint8), "scores": np.zeros((4, 2))}, "neither 0 nor 1"),
        ({"labels": np.full((4, 2), 0.5), "scores": np.zeros((4, 2))}, "neither 0 nor 1"),
        ({"labels": np.full((4, 2), "yes"), "scores": np.zeros((4, 2))}, "neither 0 nor 1"),
        ({"labels": np.zeros((4, 2)), "scores": np.zeros((4, 2)), "names": np.array(["a"])}, "do not fit"),
    ],
)
def test_what_are_no_predictions_gets_two_lines(tmp_path: Path, arrays: dict[str, np.ndarray], problem: str) -> None:
    np.savez(tmp_path / "x.npz", **arrays)
    with pytest.raises(EinthovenError, match=problem):
        read_answers(tmp_path / "x.npz")


def test_logits_are_refused() -> None:
    one = answers(1)
    wrong = Tested(one.names, one.ids, one.patients, one.labels, 5 * one.scores - 2)
    with pytest.raises(EinthovenError, match="no probability"):
        label_report(wrong)


def test_the_plot_leaves_out_labels_without_cases(tmp_path: Path) -> None:
    one = answers(1)
    one.labels[:, :60] = 0
    found = label_report(one, resamples=20)["all"]
    assert reliability_plot(found.names, found.scores, tmp_path / "r.png").read_bytes()[:4] == b"\x89PNG"


def test_a_coarser_label_is_unknown_where_nobody_knows_its_codes() -> None:
    one = answers(1)
    codes = [one.names.index(code) for code in scp_groups()["superdiagnostic"]["HYP"]]
    labels = np.zeros_like(one.labels)
    labels[0, codes[0]], labels[0, codes[1:]] = 1, -1
    labels[1, codes[0]] = -1
    space = spaces_of(Tested(one.names, one.ids, one.patients, labels, one.scores))["superdiagnostic"]
    assert space.labels[:3, space.names.index("HYP")].tolist() == [1, -1, 0]


def test_the_threshold_of_f1_is_chosen_where_the_label_is_known() -> None:
    """Unknown labels are no negatives: taken as such they would push the threshold up."""
    labels = np.repeat([0, 1, -1], [100, 100, 300]).astype(np.int8)[:, None]
    scores = np.concatenate([np.linspace(*ends) for ends in ((0, 0.4, 100), (0.5, 1, 100), (0.5, 0.7, 300))])[:, None]
    people = np.arange(500).astype(str)
    test = Tested(("a",), people, people, labels, scores)
    assert test.scored(test, resamples=2).labels[0].threshold == 0.5
    taken = Tested(("a",), people, people, np.maximum(labels, 0), scores)
    assert test.scored(taken, resamples=2).labels[0].threshold > 0.7
