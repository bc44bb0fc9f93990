from pathlib import Path

import numpy as np
import pytest

from einthoven.bench.bundle import read_bundle
from einthoven.bench.live import is_right
from einthoven.bench.readings import readings_of
from einthoven.ecg.reading import AxisTruth
from einthoven.leaderboard.alphabet import NOT_ASKED
from einthoven.leaderboard.sheets import sheet_of
from einthoven.leaderboard.truths import AxisTruths, truths_of
from einthoven.tasks.registry import task

RESULTS = Path(__file__).parents[2] / "results"


@pytest.mark.parametrize("folder", ["ptbxl-fold10/reference-resnet1d", "sim-v1/control-random"])
def test_right_is_what_the_benchmark_calls_right(folder: str) -> None:
    bundle = read_bundle(RESULTS / folder)
    truths = truths_of(bundle)
    sheet = sheet_of(bundle, truths)
    rows = {row["record"]: row for row in bundle.answers if row["arm"] == "image"}
    readings = readings_of([rows[record] for record in truths.ids], task("dense"))
    for axis in truths.axes:
        values = [None if reading is None else axis.read(reading) for reading in readings]
        pairs = zip(axis.truths, values, axis.counted, strict=True)
        wanted = [int(is_right(truth, value)) if counts else NOT_ASKED for truth, value, counts in pairs]
        assert sheet.axes[axis.name].right["image"].tolist() == wanted
        assert len(set(wanted)) > 1
        legend, places = sheet.axes[axis.name].legend, sheet.axes[axis.name].places["image"]
        said = [None if place < 0 else legend[place] for place in places]
        assert said == [tuple(sorted(v)) if isinstance(v, frozenset) else v for v in values]


def test_arms_that_contradict_the_picture_are_not_scored(bundles: Path) -> None:
    bundle = read_bundle(bundles / "random")
    sheet = sheet_of(bundle, truths_of(bundle))
    assert sheet.arms == ("image", "image+measurements", "measurements", "no-image", "swapped", "conflict")
    for axis in sheet.axes.values():
        assert set(axis.right["swapped"].tolist()) == set(axis.right["conflict"].tolist()) == {NOT_ASKED}
    asked = {row["record"] for row in bundle.answers if row["arm"] == "swapped"}
    assert int((sheet.statuses["swapped"] != NOT_ASKED).sum()) == len(asked) > 0


def _axis(*truths: AxisTruth) -> AxisTruths:
    from einthoven.leaderboard import truths as module

    return module._axis("conduction", "set", ("lafb", "lbbb", "rbbb"), truths)


def test_open_labels_count_neither_way() -> None:
    axis = _axis(
        AxisTruth(frozenset({"lbbb"}), open=frozenset({"lafb"})),
        AxisTruth(),
        AxisTruth(frozenset()),
        AxisTruth(frozenset()),
    )
    legend = (("lbbb",), ("lafb", "lbbb"), ("rbbb",), ("martian",), ())
    rows = [axis.right(legend, np.full(4, place)).tolist() for place in (0, 1, 2, 3, 4, -1)]
    assert rows[0] == [1, -2, 0, 0]
    assert rows[1] == [1, -2, 0, 0]
    assert rows[2] == [0, -2, 0, 0]
    assert rows[3] == [0, -2, 0, 0]  # a label of no axis is never an exact match, not even of the empty set
    assert rows[4] == [0, -2, 1, 1]
    assert rows[5] == [0, -2, 0, 0]
