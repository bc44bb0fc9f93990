"""The data behind the site as files for other programs: CSV, JSON and, where pyarrow is installed, Parquet."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
import orjson

from einthoven.bench.table import asked_for
from einthoven.leaderboard.alphabet import written
from einthoven.leaderboard.answers import BoardAnswers
from einthoven.leaderboard.boards import Board
from einthoven.leaderboard.sheets import STATUSES, Sheet

__all__ = ["NO_PARQUET", "Described", "Export", "answer_exports", "parquet_there", "score_exports"]

#: Said where pyarrow is missing.
NO_PARQUET = "no Parquet: pyarrow is not installed (pip install 'einthoven[datasets]')"

#: Columns of the scores, each with what stands in it.
SCORES = {
    "board": "Folder of the board on this site.",
    "data": "Data source of the ECGs.",
    "simulated": "Whether the ECGs are simulated.",
    "split": "Which records.",
    "task": "What was asked.",
    "view": "How the ECG was shown.",
    "limit": "ECGs drawn, where only a part was asked about; empty otherwise.",
    "model": "Name of the model as the run gives it.",
    "axis": "Diagnostic axis.",
    "n": "ECGs that count.",
    "masked": "ECGs whose source does not say the truth.",
    "accuracy": "Share right (sets: exactly the right labels).",
    "majority_accuracy": "The same of the training records' commonest answer.",
    "informedness": "Balanced accuracy rescaled: every constant answer has 0, perfection 1.",
    "informedness_low": "Lower end of its 95 % interval.",
    "informedness_high": "Upper end of its 95 % interval.",
    "gain": "Informedness minus that of the best answer given without looking.",
    "gain_low": "Lower end of its 95 % interval.",
    "gain_high": "Upper end of its 95 % interval.",
    "p_holm": "Permutation test of the gain, after Holm over the axes.",
    "minimum_detectable_gain": "Gain that a real reader needs to be found four times in five.",
    "invalid_share": "Share of answers that could not be used.",
    "declined_share": "Share of refusals.",
    "verdict": "reads, associated, leaks, prior or underpowered; empty where none is given.",
}

#: Columns of the answers: one row a model, arm and axis.
ANSWERS = {
    "model": "Name of the model as the run gives it.",
    "arm": "What the model was given.",
    "axis": "Diagnostic axis.",
    "legend": "JSON list of the distinct answers; a string is a class, a list is a set of labels.",
    "answers": "One character an ECG, in the order of ecgs.json: its place in the legend, ! unusable, - not asked.",
    "right": "One character an ECG: 1 right, 0 wrong, - does not count.",
}


@dataclass(frozen=True, slots=True)
class Export:
    """One file for download.

    Attributes
    ----------
    path : str
        In the site.
    content : bytes
        The file.
    media_type : str
        As servers name it.
    about : str
        One line for people.
    columns : mapping of str to str, or None
        Name -> what stands in it, for tables.
    """

    path: str
    content: bytes
    media_type: str
    about: str
    columns: dict[str, str] | None = None

    def described(self) -> Described:
        """Return what is kept of it when its content is let go."""
        digest = hashlib.sha256(self.content).hexdigest()
        return Described(self.path, len(self.content), digest, self.media_type, self.about, self.columns)


@dataclass(frozen=True, slots=True)
class Described:
    """A file for download without its content.

    Attributes
    ----------
    path, media_type, about, columns
        As in `Export`.
    size : int
        Bytes.
    sha256 : str
        Of the content.
    """

    path: str
    size: int
    sha256: str
    media_type: str
    about: str
    columns: dict[str, str] | None


def parquet_there() -> bool:
    """Tell whether Parquet can be written."""
    return find_spec("pyarrow") is not None


def _ends(pair: Sequence[float] | None) -> tuple[float | None, float | None]:
    return (None, None) if pair is None else (pair[0], pair[1])


def _score_rows(boards: Iterable[Board]) -> Iterator[dict[str, Any]]:
    for board in boards:
        for run in board.runs:
            result = run.result
            for name, axis in asked_for(result).items():
                image = axis["arms"]["image"]
                informed, gain = _ends(image["informedness_ci"]), _ends(image.get("gain_ci"))
                values = (
                    *(board.slug, result["data"]["name"], result["data"]["simulated"], result["data"]["split"]),
                    *(result["task"]["name"], result["view"]["name"], result["data"]["limit"], run.model, name),
                    *(axis["n"], axis["masked"], image["accuracy"], axis["baselines"]["majority"]["accuracy"]),
                    *(image["informedness"], *informed, image.get("gain"), *gain, image.get("p_holm")),
                    *(image.get("mde"), image["invalid_share"], image["declined_share"]),
                    axis["verdict"]["word"] if "verdict" in axis else None,
                )
                yield dict(zip(SCORES, values, strict=True))


def score_exports(boards: Sequence[Board]) -> Iterator[Export]:
    """Yield all scores of all boards: one row a board, model and axis."""
    rows = list(_score_rows(boards))
    yield Export("data/scores.csv", _csv(SCORES, rows), "text/csv", "every score of every model", SCORES)
    yield Export("data/scores.json", _lines(rows), "application/json", "the same as JSON, null where not known")
    if parquet_there():
        yield Export(
            "data/scores.parquet", _score_parquet(rows), "application/vnd.apache.parquet", "the same as Parquet"
        )


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
    rows = [
        {
            "model": one.run.model,
            "arm": arm,
            "axis": axis.name,
            "legend": orjson.dumps(one.gathered.sheet.axes[axis.name].legend).decode(),
            "answers": written(one.gathered.sheet.axes[axis.name].places[arm]),
            "right": written(one.gathered.sheet.axes[axis.name].right[arm]),
        }
        for one in found.answered
        for arm in one.gathered.sheet.arms
        for axis in found.truths.axes
    ]
    packed = gzip.compress(_csv(ANSWERS, rows), 6, mtime=0)
    about = "every answer, one character each, a row a model, arm and axis"
    yield Export(f"{place}/answers.csv.gz", packed, "application/gzip", about, ANSWERS)
    if parquet_there():
        content = _answer_parquet(found)
        about = "every answer in words, a row a model, arm and ECG"
        yield Export(f"{place}/answers.parquet", content, "application/vnd.apache.parquet", about)


def _csv(columns: Iterable[str], rows: Iterable[dict[str, Any]]) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(columns), lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _safe(value) for name, value in row.items()} for row in rows)
    return stream.getvalue().encode("utf-8", "backslashreplace")


def _safe(value: Any) -> Any:
    """Keep a stranger's string from being taken for a formula by a spreadsheet."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+@\t\r" and value[:1] else value


def _lines(rows: Iterable[dict[str, Any]]) -> bytes:
    return b"[\n" + b",\n".join(orjson.dumps(row) for row in rows) + b"\n]\n"


def _score_parquet(rows: list[dict[str, Any]]) -> bytes:
    import pyarrow as pa

    words = {"board", "data", "split", "task", "view", "model", "axis", "verdict"}
    whole = {"n", "masked", "limit"}

    def kind(name: str) -> Any:
        if name == "simulated":
            return pa.bool_()
        return pa.string() if name in words else pa.int64() if name in whole else pa.float64()

    schema = pa.schema(
        [pa.field(name, kind(name), metadata={"description": about}) for name, about in SCORES.items()]
    )
    return _parquet([pa.Table.from_pylist(rows, schema)])


def _answer_parquet(found: BoardAnswers) -> bytes:
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

    return _parquet(table(one.run.model, one.gathered.sheet) for one in found.answered)


def _coded(places: Any, legend: list[str]) -> Any:
    import pyarrow as pa

    indices = pa.array(np.maximum(places, 0).astype(np.int32), mask=places < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(legend or [""], pa.string()))


def _parquet(tables: Iterable[Any]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    writer = None
    for table in tables:
        writer = writer or pq.ParquetWriter(sink, table.schema, compression="zstd")
        writer.write_table(table)
    if writer is not None:
        writer.close()
    return bytes(sink.getvalue())
