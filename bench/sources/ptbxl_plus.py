"""PTB-XL+ 1.0.1 (Strodthoff et al. 2023, Scientific Data 10:279): the 12SL measurements beside a PTB-XL folder.

A second measurer: what 12SL measured gives the truth of rate and axis, so that the numbers in a prompt, measured by
einthoven, come from somebody else. Units are bpm, ms and degrees as they stand.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from pathlib import Path

from einthoven.ecg.measurements import Measurements
from einthoven.errors import EinthovenError, Exit

__all__ = ["FEATURES_FILE", "MEASURER", "features_beside"]

FEATURES_FILE = "12sl_features.csv"
MEASURER = "12SL"

#: Field of `Measurements` -> column. There are 783 columns, `ecg_id` is not the first and the rows are not sorted.
_COLUMNS: Mapping[str, str] = {
    "heart_rate": "HR_Ventr_Global",
    "pr": "PR_Int_Global",
    "qrs": "QRS_Dur_Global",
    "qt": "QT_Int_Global",
    "qtc_fridericia": "QT_IntFridericia_Global",
    "qtc_bazett": "QT_IntBazett_Global",
    "p_axis": "P_AxisFront_Global",
    "qrs_axis": "R_AxisFrontal_Global",
}

#: How people name the folder that they put beside PTB-XL.
_FOLDERS = ("*ptb-xl-plus*", "*ptb-xl+*", "*ptbxl+*", "*ptbxl-plus*", "*ptb_xl_plus*")


def _file(root: Path) -> Path | None:
    for where in (root, root.parent):
        for pattern in _FOLDERS:
            for folder in sorted(where.glob(pattern)):
                for path in (folder / "features" / FEATURES_FILE, folder / FEATURES_FILE):
                    if path.is_file():
                        return path
    return None


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def features_beside(root: Path) -> dict[str, Measurements]:
    """Return the 12SL measurements by ``ecg_id``; empty where no PTB-XL+ folder stands in or beside PTB-XL's.

    Parameters
    ----------
    root : Path
        The PTB-XL folder.

    Raises
    ------
    EinthovenError
        The file is there and lacks a column.
    """
    path = _file(root)
    if path is None:
        return {}
    found = {}
    with path.open(newline="", encoding="utf-8-sig") as stream:
        rows = csv.reader(stream)
        header = {name: column for column, name in enumerate(next(rows, []))}
        missing = [name for name in ("ecg_id", *_COLUMNS.values()) if name not in header]
        if missing:
            raise EinthovenError(
                f"{path} has no column {missing[0]}", "take PTB-XL+ 1.0.1, or move the folder away", Exit.MISSING
            )
        for row in rows:
            if len(row) != len(header):  # a torn last line
                continue
            record = row[header["ecg_id"]].removesuffix(".0")
            values = {field: _number(row[header[column]]) for field, column in _COLUMNS.items()}
            found[record] = Measurements(**values, measurer=MEASURER)
    return found
