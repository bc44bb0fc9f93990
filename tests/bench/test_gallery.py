import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from einthoven.bench.bundle import read_bundle
from einthoven.bench.gallery import gallery
from einthoven.ecg.reading import AXES

RESULTS = Path(__file__).parents[2] / "results"


def _row(record: str, **values: object) -> dict[str, object]:
    return {"id": record, "truth": {"axes": {axis: {"value": values.get(axis)} for axis in AXES}}}


def _labels(truths: Iterable[dict[str, Any]], axis: str) -> set[str]:
    values = [truth[axis]["value"] for truth in truths]
    return {label for value in values if value for label in ([value] if isinstance(value, str) else value)}


def test_every_class_is_seen_whatever_the_order() -> None:
    rows = read_bundle(RESULTS / "sim-v1" / "control-random").records
    chosen = gallery(rows)
    assert len(chosen) == len(set(chosen)) == 100
    assert chosen == gallery(random.Random(0).sample(list(rows), len(rows)))
    truth = {row["id"]: row["truth"]["axes"] for row in rows}
    for axis in AXES:
        assert _labels((truth[one] for one in chosen), axis) == _labels(truth.values(), axis), axis


def test_rare_before_many_and_never_more_than_asked() -> None:
    rows = [_row(f"{k}", rhythm="sinus") for k in range(50)] + [_row("rare", rhythm="paced")]
    assert "rare" in gallery(rows, most=2)
    assert len(gallery(rows, most=2)) == 2
    assert len(gallery(rows)) == 51
    assert gallery([]) == []
