from pathlib import Path

import numpy as np
import pytest

from einthoven.bench.bundle import read_bundle
from einthoven.bench.compare import compare
from einthoven.bench.run import run
from einthoven.bench.settings import Settings
from einthoven.leaderboard.answers import board_answers
from einthoven.leaderboard.crew import Crew
from einthoven.leaderboard.runs import find_runs
from einthoven.leaderboard.site import Site
from einthoven.leaderboard.standing import Difference, Standing, standing_of, tiers_of

_MODELS = ("baseline/majority", "control/scripted?malformed=0.3", "control/random", "reference/resnet1d")


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("standing")
    for number, model in enumerate(_MODELS):
        run(Settings(model, "sim-demo", arms=("image",), limit=120, out=folder / str(number), jobs=1))
    return folder


@pytest.fixture(scope="module")
def standing(bundles: Path, tmp_path_factory: pytest.TempPathFactory) -> Standing:
    site = Site.of(find_runs([bundles])[0])
    with Crew(0) as crew:
        answers = board_answers(site, site.boards[0], tmp_path_factory.mktemp("scratch"), crew)
        assert answers is not None
        return standing_of(answers)


def test_differences_are_those_of_the_command_that_compares(bundles: Path, standing: Standing) -> None:
    slugs = {name: slug for slug, name in standing.names.items()}
    for one, other in ((0, 1), (3, 1), (2, 3)):
        found = compare(
            read_bundle(bundles / str(one)), read_bundle(bundles / str(other)), resamples=2_000, flips=200
        )
        for name, axis in found.items():
            mine = standing.axes[name].between(slugs[_MODELS[one]], slugs[_MODELS[other]])
            if axis.gain.value is None:
                assert mine is None
                continue
            assert mine is not None and axis.gain.interval is not None
            assert mine.value == pytest.approx(axis.gain.value, abs=1e-12)
            assert (mine.low, mine.high) == pytest.approx(axis.gain.interval, abs=1e-12)
    assert sum(bool(axis.scores) for axis in standing.axes.values()) >= 3


def test_scores_are_those_of_the_results(bundles: Path, standing: Standing) -> None:
    for each in find_runs([bundles])[0]:
        slug = next(slug for slug, name in standing.names.items() if name == each.model)
        for name, axis in each.result["axes"].items():
            value = axis["arms"]["image"]["informedness"]
            mine = standing.axes[name].scores.get(slug)
            assert (mine is None) == (value is None)
            if mine is not None:
                assert round(mine, 6) == value


def test_turned_round_only_signs_change(standing: Standing) -> None:
    one, other, *_ = standing.names
    for axis in standing.axes.values():
        there, back = axis.between(one, other), axis.between(other, one)
        if there is None or back is None:
            assert there is back
            continue
        assert (back.value, back.low, back.high) == pytest.approx((-there.value, -there.high, -there.low))
        assert back.apart == there.apart


def test_baselines_and_controls_stand_in_no_tier(standing: Standing) -> None:
    for axis in standing.axes.values():
        assert {slug for tier in axis.tiers for slug in tier} <= {"reference--resnet1d"}


def test_reader_is_told_from_the_majority_and_the_majority_from_nobody_like_it(standing: Standing) -> None:
    rate = standing.axes["rate"]
    assert rate.scores["reference--resnet1d"] > 0.9
    found = rate.between("reference--resnet1d", "baseline--majority")
    assert found is not None and found.apart and found.low > 0.5


def _apart(*pairs: str) -> dict[tuple[str, str], Difference]:
    every = [(a, b) for k, a in enumerate("abcd") for b in "abcd"[k + 1 :]]
    return {pair: Difference(0.1, 0.0, 0.2, "".join(pair) in pairs) for pair in every}


_SCORES = {"a": 0.9, "b": 0.8, "c": 0.7, "d": 0.1}


@pytest.mark.parametrize(
    ("apart", "tiers"),
    [
        ((), ["abcd"]),
        (("ad", "bd", "cd"), ["abc", "d"]),
        (("ac", "ad", "bd"), ["ab", "cd"]),  # c is not told from b, but from the best
        (("ab", "ac", "ad", "bc", "bd", "cd"), ["a", "b", "c", "d"]),
    ],
)
def test_a_tier_is_who_cannot_be_told_from_its_first(apart: tuple[str, ...], tiers: list[str]) -> None:
    found = tiers_of(dict(reversed(_SCORES.items())), _apart(*apart))
    assert ["".join(tier) for tier in found] == tiers


def test_false_distinctions_are_rare() -> None:
    """Of equal guessers none should be told apart: 5 % over all pairs of an axis, a little more by chance of 200."""
    from einthoven.bench.scoring.counts import count, eligible, patient_index
    from einthoven.bench.scoring.encode import AxisData, encode
    from einthoven.bench.scoring.gains import Sheet, resample
    from einthoven.bench.scoring.metrics import informedness
    from einthoven.ecg.reading import AxisTruth
    from einthoven.leaderboard.standing import _standing

    random = np.random.RandomState(3)
    false = 0
    for _ in range(100):
        truth = [AxisTruth("sinus" if each else "paced") for each in random.rand(300) < 0.7]
        said = {name: np.where(random.rand(300) < 0.7, "sinus", "paced").tolist() for name in "abcde"}
        codes = encode(AxisData("rhythm", "categorical", ("sinus", "paced"), truth, said))
        index = patient_index([str(k // 2) for k in range(300)])
        counts = {name: count(codes, name, eligible(codes, index), index) for name in said}
        sheet = Sheet("rhythm", counts, {name: informedness(each.total()) for name, each in counts.items()})
        resample([sheet], 400, 1, informedness)
        false += len(_standing(sheet, set(said)).tiers) > 1
    assert false <= 12
