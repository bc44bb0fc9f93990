"""The simulated models are judged as a run is: the same answers in words, through `score`, give the same figures."""

import zlib
from dataclasses import replace

import numpy as np
import pytest

from einthoven.bench.error_rates.cells import CELLS
from einthoven.bench.error_rates.models import simulated_model
from einthoven.bench.error_rates.simulate import _blind_counts, _codes, _counts, _strength, judge_batch
from einthoven.bench.error_rates.world import SHAPES, world
from einthoven.bench.power_data import contrasts_by_axis
from einthoven.bench.scoring.constant import CONSTANT
from einthoven.bench.scoring.encode import ArmData, AxisData, Prediction
from einthoven.bench.scoring.metrics import informedness
from einthoven.bench.scoring.power import delta, minimum_detectable_gain
from einthoven.bench.scoring.score import score
from einthoven.ecg.reading import AxisTruth

QUICK = {"resamples": 300, "flips": 999}


def in_words(kind: str, answers: np.ndarray) -> list[Prediction]:
    if kind == "set":
        return [frozenset(map(str, np.flatnonzero(column))) for column in answers.T]
    rows = answers.argmax(axis=0)
    return [None if row == len(answers) - 1 else str(row) for row in rows]


@pytest.mark.parametrize("name", ["refuses", "invalid", "measurements", "threshold", "published-277"])
def test_the_engine_finds_the_same(name: str) -> None:
    cell = replace(
        CELLS[name], records=260, majority=0.7 if isinstance(CELLS[name].majority, float) else CELLS[name].majority
    )
    found = judge_batch(cell, 3, models=2, **QUICK)
    random = np.random.RandomState([zlib.crc32(cell.name.encode()), 3])
    seen = world(cell, random)
    codes = {axis: _codes(axis, truth) for axis, truth in seen.truths.items()}
    strength = _strength(cell, {axis: _blind_counts(codes[axis], seen, axis) for axis in SHAPES})
    drawn = [simulated_model(cell, seen, strength, random) for _ in range(2)]
    patients = [f"{number:05d}" for number in seen.patients]
    for model, outcomes in zip(drawn, found, strict=True):
        data = []
        for axis, shape in SHAPES.items():
            truth = seen.truths[axis]
            values = tuple(map(str, range(len(truth) - (shape.kind == "categorical"))))
            said = {arm: in_words(shape.kind, by_axis[axis]) for arm, by_axis in model.arms.items()}
            said["majority"] = in_words(shape.kind, np.broadcast_to(seen.commonest[axis], truth.shape))
            data.append(AxisData(axis, shape.kind, values, [AxisTruth(v) for v in in_words(shape.kind, truth)], said))
        roles = {"image": "image", "no-image": "blind", "measurements": "text"}
        arms = [ArmData(arm, roles[arm]) for arm in model.arms]  # type: ignore[arg-type]
        scores = score(data, patients, [*arms, ArmData("majority", "blind")], seed=3, contrasts={}, **QUICK)
        for axis, outcome in outcomes.items():
            whole = scores[axis]
            assert whole.verdict is not None
            assert outcome.p == pytest.approx(whole.gain.p, abs=1e-12), axis
            assert outcome.mde == whole.gain.mde
            assert outcome.passed == (whole.gain.p_holm is not None and whole.gain.p_holm < 0.05)
            # Without pairs nothing is called reads there.
            assert outcome.word.replace("reads", "associated") == whole.verdict.word, axis


def test_a_batch_is_its_seed() -> None:
    cell = replace(CELLS["temperature-277"], records=120)
    assert judge_batch(cell, 1, 2, **QUICK) == judge_batch(cell, 1, 2, **QUICK)
    assert judge_batch(cell, 1, 2, **QUICK) != judge_batch(cell, 2, 2, **QUICK)


def test_as_many_contrasts_an_axis_as_there_are() -> None:
    assert contrasts_by_axis() == {axis: shape.contrasts for axis, shape in SHAPES.items()}


def test_the_worlds_are_as_their_cells_say() -> None:
    random = np.random.RandomState(0)
    for cell in CELLS.values():
        worlds = [world(cell, random) for _ in range(6)]
        for axis, shape in SHAPES.items():
            wanted = cell.majority if isinstance(cell.majority, float) else cell.majority[axis]
            normal = np.concatenate(
                [
                    one.truths[axis][0]
                    if shape.kind == "categorical"
                    else one.truths[axis][-2]
                    if axis == "diagnosis"
                    else ~one.truths[axis].any(axis=0)
                    for one in worlds
                ]
            )
            assert normal.mean() == pytest.approx(wanted, abs=0.06), (cell.name, axis)
        assert all((len(set(one.patients)) < 0.75 * cell.records) == cell.clustered for one in worlds)


@pytest.mark.parametrize("name", ["planned", "threshold"])
def test_readers_have_the_gain_that_their_cell_says(name: str) -> None:
    cell = replace(CELLS[name], records=900, majority=0.7)
    random = np.random.RandomState(1)
    gaps: dict[str, list[float]] = {axis: [] for axis in SHAPES}
    for _ in range(12):
        seen = world(cell, random)
        codes = {axis: _codes(axis, truth) for axis, truth in seen.truths.items()}
        blind = {axis: _blind_counts(codes[axis], seen, axis) for axis in SHAPES}
        for _ in range(4):
            model = simulated_model(cell, seen, _strength(cell, blind), random)
            for axis in SHAPES:
                constant = blind[axis][CONSTANT]
                counts = _counts(codes[axis], {"image": model.arms["image"][axis]}, seen.patients)["image"]
                wanted = minimum_detectable_gain(constant) if name == "planned" else delta(constant)
                assert wanted is not None
                gaps[axis].append(float(informedness(counts.total())["informedness"][0]) - wanted)
    for axis, found in gaps.items():
        assert np.mean(found) == pytest.approx(0, abs=4 * np.std(found) / np.sqrt(len(found))), axis
