"""Every answer on a board as files for other programs: one character an answer, and in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import orjson

from einthoven.leaderboard.alphabet import written
from einthoven.leaderboard.answers import BoardAnswers
from einthoven.leaderboard.exports import Export, packed_csv, parquet_bytes, parquet_there
from einthoven.leaderboard.sheets import STATUSES, Sheet

__all__ = ["ANSWERS", "LEGENDS", "answer_exports"]

#: Columns of the answers: one row a model, arm and axis.
ANSWERS = {
    "model": "Name of the model as the run gives it.",
    "arm": "What the model was given.",
    "axis": "Diagnostic axis.",
    "answers": "One character an ECG, in the order of ecgs.json: its place in the model's legend, ! unusable, "
    "- not asked.",
    "right": "One character an ECG: 1 right, 0 wrong, - does not count.",
}

#: Columns of the legends, one row a model and axis. They stand apart because those of all arms are the same: with the
#: answers they would be ten times there, further apart than gzip looks back.
LEGENDS = {
    "model": "Name of the model as the run gives it.",
    "axis": "Diagnostic axis.",
    "legend": "JSON list of the distinct answers in any arm; a string is a class, a list is a set of labels.",
}


def answer_exports(found: BoardAnswers) -> Iterator[Export]:
    """Yield the ECGs of a board and every answer to them."""
    place = f"data/{found.board.slug}"
    truth = {axis.name: axis.to_json() for axis in found.truths.axes}
    document = {"ids": found.truths.ids, "axes": truth}
    yield Export(
        f"{place}/ecgs.json",
        orjson.dumps(document, option=orjson.OPT_INDENT_2),
        "application/json",
        "the ECGs in their order, and what is true of them",
    )
    about = "every answer, one character each, a row a model, arm and axis"
    yield Export(f"{place}/answers.csv.gz", packed_csv(ANSWERS, _answers(found)), "application/gzip", about, ANSWERS)
    about = "what the characters stand for, a row a model and axis"
    yield Export(f"{place}/legends.csv.gz", packed_csv(LEGENDS, _legends(found)), "application/gzip", about, LEGENDS)
    if parquet_there():
        about = "every answer in words, a row a model, arm and ECG"
        yield Export(f"{place}/answers.parquet", _parquet(found), "application/vnd.apache.parquet", about)


def _answers(found: BoardAnswers) -> Iterator[dict[str, Any]]:
    for one in found.answered:
        for arm in one.gathered.sheet.arms:
            for axis in found.truths.axes:
                own = one.gathered.sheet.axes[axis.name]
                values = (one.run.model, arm, axis.name, written(own.places[arm]), written(own.right[arm]))
                yield dict(zip(ANSWERS, values, strict=True))


def _legends(found: BoardAnswers) -> Iterator[dict[str, Any]]:
    for one in found.answered:
        for axis in found.truths.axes:
            legend = orjson.dumps(one.gathered.sheet.axes[axis.name].legend).decode()
            yield dict(zip(LEGENDS, (one.run.model, axis.name, legend), strict=True))


def _parquet(found: BoardAnswers) -> bytes:
    """Write one row group a model: with fewer rows in one, the dictionaries outweigh the rows."""
    import pyarrow as pa

    ids, size = pa.array(found.truths.ids, pa.string()), len(found.truths.ids)

    def table(model: str, sheet: Sheet) -> Any:
        times = len(sheet.arms)
        columns = {
            "model": _coded(np.zeros(times * size, np.int32), [model]),
            "arm": _coded(np.repeat(np.arange(times, dtype=np.int32), size), list(sheet.arms)),
            "ecg": pa.DictionaryArray.from_arrays(pa.array(np.tile(np.arange(size, dtype=np.int32), times)), ids),
            "status": _coded(np.concatenate([sheet.statuses[arm] for arm in sheet.arms]), list(STATUSES)),
        }
        for axis in found.truths.axes:
            own = sheet.axes[axis.name]
            legend = [value if isinstance(value, str) else "|".join(value) for value in own.legend]
            columns[axis.name] = _coded(np.concatenate([own.places[arm] for arm in sheet.arms]), legend)
            right = np.concatenate([own.right[arm] for arm in sheet.arms])
            columns[f"{axis.name}_right"] = pa.array(right == 1, mask=right < 0)
        return pa.table(columns)

    return parquet_bytes(table(one.run.model, one.gathered.sheet) for one in found.answered)


def _coded(places: Any, legend: list[str]) -> Any:
    import pyarrow as pa

    indices = pa.array(np.maximum(places, 0).astype(np.int32), mask=places < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(legend or [""], pa.string()))
