"""The committed bundles: each is scored again to the bytes that stand there."""

import gzip
import json
import re
from pathlib import Path

import pytest

from einthoven.bench.audit.audit import audited
from einthoven.bench.audit.document import AUDIT
from einthoven.bench.audit.probabilities import PROBABILITIES
from einthoven.bench.bundle import json_bytes
from einthoven.bench.result import scored

RESULTS = Path(__file__).parents[1] / "results"
PROOF = RESULTS.parent / "docs" / "proof-of-learning"
BUNDLES = sorted(path.parent for folder in (RESULTS, PROOF) for path in folder.rglob("result.json"))
#: Of a picture, in the rows of records and answers.
DIGEST = re.compile(rb'"[0-9a-f]{64}"')
AUDITED = [bundle for bundle in BUNDLES if bundle.is_relative_to(RESULTS)]


def test_there_are_some() -> None:
    assert len(BUNDLES) >= 5


@pytest.mark.parametrize("bundle", BUNDLES, ids=lambda path: str(path.relative_to(RESULTS.parent)))
def test_scored_again_it_is_the_same(bundle: Path) -> None:
    assert (bundle / "result.json").read_bytes() == json_bytes(scored(bundle))


#: What is known of the controls before anybody asks: who reads, whom the text helps on some axes, who only guesses.
KNOWN = {
    "control-constant": {"prior"},
    "control-prior": {"prior"},
    "control-random": {"prior"},
    "control-age-sex": {"prior", "leaks"},
    "control-text-follower": {"prior", "leaks"},
    "control-donor-follower": {"reads"},
    "control-oracle": {"reads"},
    "baseline-majority": {"prior"},
    "baseline-measurements": {"leaks"},
}


@pytest.mark.parametrize("board", ["ptbxl-fold10", "sim-v1"])
@pytest.mark.parametrize("name", KNOWN)
def test_the_words_of_the_controls_are_the_known_ones(board: str, name: str) -> None:
    axes = json.loads((RESULTS / board / name / "result.json").read_bytes())["axes"]
    words = {axis: row["verdict"]["word"] for axis, row in axes.items()}
    assert len(words) == 8
    assert set(words.values()) <= KNOWN[name], words
    if name == "control-text-follower":  # these the numbers decide
        assert words["rate"] == words["axis"] == words["conduction"] == "leaks"


@pytest.mark.parametrize("bundle", AUDITED, ids=lambda path: str(path.relative_to(RESULTS)))
def test_audited_again_it_is_the_same(bundle: Path) -> None:
    assert (bundle / AUDIT).read_bytes() == json_bytes(audited(bundle))


@pytest.mark.parametrize("bundle", BUNDLES, ids=lambda path: str(path.relative_to(RESULTS.parent)))
def test_a_bundle_holds_its_files_and_no_signal(bundle: Path) -> None:
    names = {path.name for path in bundle.iterdir()}
    own = {"result.json", "run.json", "records.jsonl.gz", "answers.jsonl.gz"}
    assert names - {PROBABILITIES} == own | ({AUDIT} if bundle in AUDITED else set())
    size = sum(path.stat().st_size for path in bundle.iterdir())
    lines = [line for path in bundle.glob("*.gz") for line in gzip.decompress(path.read_bytes()).splitlines()]
    further = sum(max(0, len(DIGEST.findall(line)) - 1) for line in lines)
    # A signal has 24 kB; a row, with its share of the scores, has a hundredth of that. The full protocol on 3,000
    # records has 36,000 rows, and of a model that gets the pictures a hash for each of 7,600.
    # In a view of several pictures each has one of its own, 32 bytes that do not shrink.
    assert size < 120 * len(lines) + 40 * further
    assert size < 2_500_000
