"""The page of the published study: what was done, taken from bundles alone, and what the source reports."""

import json
from pathlib import Path

import pytest

from einthoven.cli.main import main
from einthoven.leaderboard.build import build
from einthoven.leaderboard.runs import find_runs
from einthoven.leaderboard.site import Site
from einthoven.leaderboard.studies import studies_of


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Experiment 1 of two models."""
    folder = tmp_path_factory.mktemp("study")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EINTHOVEN_CACHE", str(folder / "cache"))
        models = ("--model", "baseline/majority", "--model", "control/random")
        main(["experiment", "run", "1", *models, "--data", "sim-demo", "--limit", "12", "--out", str(folder / "x")])
    return folder / "x"


def studies(folder: Path) -> list[str]:
    return [one.model for one in studies_of(Site.of(find_runs([folder])[0]))]


def diary(folder: Path) -> Path:
    return next(folder.glob("*majority*/1-zero-shot/experiment.json"))


def test_the_page_shows_what_the_bundle_says(done: Path, tmp_path: Path) -> None:
    text = build([done], tmp_path).with_name("study.html").read_text()
    assert "2 models have done experiments" in text and text.count("SIMULATED ECGs") >= 3
    for bundle in done.glob("*/1-zero-shot/bundle"):
        arm = json.loads((bundle / "result.json").read_text())["secondary"]["flat_label"]["arms"][
            "image+measurements"
        ]
        assert f"{100 * arm['accuracy']:.1f}\u00a0%" in text
    assert "Reported by the source, not re-run" in text and "GPT-5.5" in text and "about 1.4" in text
    assert "macro F1 is 0.014" in text and "about 74" in text
    assert "too few to score" in text and "printed as “at the majority”" in text
    assert '<a href="study.html" aria-current="page">' in text
    assert build([done], tmp_path / "again").with_name("study.html").read_text() == text


def test_the_figures_are_computed_and_not_believed(done: Path, tmp_path: Path) -> None:
    """A stranger may write what he likes into his diary: only which experiment it was is taken from it."""
    path = diary(done)
    kept = path.read_text()
    try:
        document = json.loads(kept)
        for row in document["outcome"][0]["rows"]:
            row["value"] = 0.987
        document["facts"]["model"] = "<script>alert(1)</script>"
        path.write_text(json.dumps(document))
        text = build([done], tmp_path).with_name("study.html").read_text()
        assert "98.7" not in text and "<script>alert" not in text and "&lt;script&gt;" in text
        for facts in (
            {"experiment": "dense"},
            {"experiment": ["flat"]},
            {"experiment": "zero-shot", "given": "blank"},
        ):
            path.write_text(json.dumps({"facts": facts}))
            assert studies(done) == ["control/random"], facts
        for content in ("", "[]", '{"facts": 3}', "[" * 100_000, "\x00"):
            path.write_text(content)
            assert studies(done) == ["control/random"]
    finally:
        path.write_text(kept)
    assert studies(done) == ["baseline/majority", "control/random"]


def test_without_experiments_it_says_so(done: Path, tmp_path: Path) -> None:
    bundle = next(done.glob("*random*/1-zero-shot/bundle"))
    alone = tmp_path / "alone"
    alone.mkdir()
    for path in bundle.iterdir():
        (alone / path.name).write_bytes(path.read_bytes())
    text = build([alone], tmp_path / "site").with_name("study.html").read_text()
    assert "0 models have done" in text and "einthoven experiment run all" in text
