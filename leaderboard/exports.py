"""Files for other programs, CSV, JSON and, where pyarrow is installed, Parquet: what they are, and the scores."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, TextIO

import orjson

from einthoven.bench.table import asked_for
from einthoven.leaderboard.boards import Board

__all__ = [
    "NO_PARQUET",
    "Described",
    "Export",
    "csv_bytes",
    "packed_csv",
    "parquet_bytes",
    "parquet_there",
    "score_exports",
]

#: Said where pyarrow is missing.
NO_PARQUET = "no Parquet: pyarrow is not installed (pip install 'einthoven[datasets]')"

#: Of gzip; the strongest saves 1 % and takes three times as long.
_LEVEL = 6

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
    yield Export("data/scores.csv", csv_bytes(SCORES, rows), "text/csv", "every score of every model", SCORES)
    yield Export("data/scores.json", _lines(rows), "application/json", "the same as JSON, null where not known")
    if parquet_there():
        yield Export(
            "data/scores.parquet", _score_parquet(rows), "application/vnd.apache.parquet", "the same as Parquet"
        )


def csv_bytes(columns: Iterable[str], rows: Iterable[dict[str, Any]]) -> bytes:
    """Write a table; a stranger's string is no formula in it."""
    stream = io.StringIO(newline="")
    _write(stream, columns, rows)
    return stream.getvalue().encode("utf-8", "backslashreplace")


def packed_csv(columns: Iterable[str], rows: Iterable[dict[str, Any]]) -> bytes:
    """Write a table and gzip it row by row: answers unpacked are many times as large as what is kept of them."""
    sink = io.BytesIO()
    with (
        gzip.GzipFile("", "wb", _LEVEL, sink, mtime=0) as packer,
        io.TextIOWrapper(packer, "utf-8", "backslashreplace", newline="") as stream,
    ):
        _write(stream, columns, rows)
    return sink.getvalue()


def _write(stream: TextIO, columns: Iterable[str], rows: Iterable[dict[str, Any]]) -> None:
    writer = csv.DictWriter(stream, list(columns), lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _safe(value) for name, value in row.items()} for row in rows)


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
    return parquet_bytes([pa.Table.from_pylist(rows, schema)])


def parquet_bytes(tables: Iterable[Any]) -> bytes:
    """Write tables of one schema, each as a row group of its own; none give an empty file."""
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
