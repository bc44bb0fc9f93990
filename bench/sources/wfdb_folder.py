"""Any folder of WFDB records with a label table, ``labels.csv``; ``einthoven.toml`` says what is true of all rows."""

from __future__ import annotations

import re
from pathlib import Path

from einthoven.bench.sources.challenge import find_headers
from einthoven.bench.sources.index import FolderSource, Index, existing_folder
from einthoven.bench.sources.labels import TABLE, read_labels

__all__ = ["open_wfdb"]


def open_wfdb(path: str) -> FolderSource:
    """Open a folder of WFDB records with a label table; ``docs/sources.md`` describes its columns.

    Raises
    ------
    EinthovenError
        Where there is no such folder, table or column, or ``einthoven.toml`` cannot be used. A row that cannot be
        used, and a record without a row, are faults.
    """
    root = existing_folder(path, "wfdb", holds="")
    table = read_labels(root)
    index = Index()
    described = set()
    for row in table.rows:
        record_id = re.sub(r"\.hea$", "", row["record"].strip().removeprefix("./"))
        described.add(record_id)
        if not record_id or Path(record_id).is_absolute() or ".." in Path(record_id).parts:
            index.fault(record_id or "(no record)", "record is no path of a header in this folder, without .hea")
            continue
        table.add(index, record_id, row, root / f"{record_id}.hea")
    for header in find_headers(root):
        name = header.relative_to(root).with_suffix("").as_posix()
        if name not in described:
            index.fault(name, f"no row in {TABLE}")
    entries, faults = index.finish()
    has_folds = any(entry.split == "train" for entry in entries)  # a table that says only "test" has none
    return FolderSource("wfdb", root, has_folds=has_folds, entries=entries, faults=faults)
