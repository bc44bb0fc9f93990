"""Pages as Parquet shards that ``datasets`` reads as pictures: ``VIEW-00000-of-00007.parquet``.

A shard holds the pages of one view of so many records of the source. It is written under another name, row group by
row group, and renamed when it is whole.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from einthoven.errors import EinthovenError, Exit, Fault

__all__ = ["COLUMNS", "Shard", "require_pyarrow", "shard_name"]

#: Column -> its type in `datasets`.
COLUMNS = {
    "id": "string",
    "view": "string",
    "page": "int32",
    "lead": "string",
    "split": "string",
    "image": "image",
    "pixel_id": "string",
    "degraded": "string",
    "clipped": "bool",
    "geometry": "string",
}

#: Pages a row group: some ten megabytes, all that is held in memory.
_GROUP = 64


def require_pyarrow() -> None:
    """Refuse to begin without pyarrow, in two lines."""
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        raise EinthovenError(
            "--parquet needs pyarrow", 'install it: pip install "einthoven[datasets]"', Exit.MISSING
        ) from None


def shard_name(view: str, number: int, count: int) -> str:
    """Name a shard as `datasets` expects it."""
    return f"{view}-{number:05d}-of-{count:05d}.parquet"


def _schema() -> Any:
    import pyarrow

    kinds = {
        "string": pyarrow.string(),
        "int32": pyarrow.int32(),
        "bool": pyarrow.bool_(),
        "image": pyarrow.struct([("bytes", pyarrow.binary()), ("path", pyarrow.string())]),
    }
    features = {
        name: {"_type": "Image"} if kind == "image" else {"dtype": kind, "_type": "Value"}
        for name, kind in COLUMNS.items()
    }
    told = json.dumps({"info": {"features": features}})
    return pyarrow.schema([(name, kinds[kind]) for name, kind in COLUMNS.items()], {"huggingface": told})


class Shard:
    """One shard of every view, while it is being written.

    Parameters
    ----------
    folder : Path
        Where it goes.
    views : sequence of str
        One file each.
    number, count : int
        Which of how many.

    Attributes
    ----------
    records : int
        How many of its records were drawn.
    faults : list of Fault
        Records that are left out.

    Raises
    ------
    EinthovenError
        From any method: the disk is full, or the folder cannot be written.
    """

    def __init__(self, folder: Path, views: Sequence[str], number: int, count: int) -> None:
        self.records = 0
        self.faults: list[Fault] = []
        self._folder = folder
        self._number = number
        self._names = {view: shard_name(view, number, count) for view in views}
        self._rows: dict[str, list[dict[str, Any]]] = {view: [] for view in views}
        self._counts = dict.fromkeys(views, 0)
        self._schema = _schema()
        self._writers: dict[str, Any] = {}

    def add(self, rows: Sequence[dict[str, Any]], pictures: Sequence[bytes]) -> None:
        """Add the pages of one record: their rows of a manifest, and the PNG files."""
        self.records += 1
        for row, png in zip(rows, pictures, strict=True):
            segments = row["geometry"]["segments"]
            self._rows[row["view"]].append(
                {
                    "id": row["record"],
                    "view": row["view"],
                    "page": sum(other["view"] == row["view"] for other in rows[: row["page"] - 1]),
                    "lead": segments[0]["lead"] if len(segments) == 1 else None,
                    "split": row["split"],
                    "image": {"bytes": png, "path": Path(row["file"]).name},
                    "pixel_id": row["pixel_id"],
                    "degraded": row["degraded"],
                    "clipped": row["clipped"],
                    "geometry": json.dumps(row["geometry"], separators=(",", ":")),
                }
            )
            if len(self._rows[row["view"]]) >= _GROUP:
                self._flush(row["view"])

    def finish(self) -> list[dict[str, Any]]:
        """Write what is left, give the files their names, and word the rows of a manifest."""
        rows = []
        for number, (view, name) in enumerate(self._names.items(), start=1):
            self._flush(view)
            writer, path = self._writers.pop(view), self._folder / name
            try:
                writer.close()
                size = self._part(view).stat().st_size
                self._part(view).replace(path)
            except OSError as error:
                raise self._stopped(path, error) from None
            rows.append(
                {
                    "shard": self._number,
                    "page": number,
                    "pages": len(self._names),
                    "view": view,
                    "file": name,
                    "bytes": size,
                    "rows": self._counts[view],
                    "records": self.records,
                    "faults": [[one.record_id, one.reason, one.detail] for one in self.faults] if number == 1 else [],
                }
            )
        return rows

    def _part(self, view: str) -> Path:
        return self._folder / f".{self._names[view]}.part"

    def _flush(self, view: str) -> None:
        """Write the rows that are held as one row group; of an empty shard still a file with its columns."""
        import pyarrow
        from pyarrow import parquet

        try:
            if view not in self._writers:
                # PNG bytes do not compress: zstd's time would be lost on them, and all else is small.
                self._writers[view] = parquet.ParquetWriter(
                    self._part(view), self._schema, compression=_compression()
                )
            if rows := self._rows[view]:
                self._writers[view].write_table(pyarrow.Table.from_pylist(rows, self._schema))
                self._counts[view] += len(rows)
                self._rows[view] = []
        except OSError as error:
            raise self._stopped(self._folder / self._names[view], error) from None

    def _stopped(self, path: Path, error: OSError) -> EinthovenError:
        return EinthovenError(
            f"cannot write {path}: {error.strerror or error}",
            "make room or give another -o, and run the same command again: finished shards are kept",
            Exit.INCOMPLETE,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for view, writer in self._writers.items():  # only where something went wrong
            with suppress(OSError):
                writer.close()
            self._part(view).unlink(missing_ok=True)


def _compression() -> dict[str, str]:
    others = {name: "zstd" for name in COLUMNS if name != "image"}
    return others | {"image.bytes": "none", "image.path": "zstd"}
