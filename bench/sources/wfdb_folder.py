"""Any folder of WFDB records with a label table, ``labels.csv``; ``einthoven.toml`` says what is true of all rows."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from einthoven.bench.sources.challenge import find_headers
from einthoven.bench.sources.demographics import parse_age, parse_count, parse_identifier, parse_sex
from einthoven.bench.sources.index import FolderSource, Index, existing_folder
from einthoven.bench.sources.source import Split
from einthoven.bench.sources.table import read_table
from einthoven.ecg.patient import Patient
from einthoven.errors import EinthovenError, Exit

__all__ = ["open_wfdb"]

_TABLE = "labels.csv"
_SETTINGS = "einthoven.toml"

_REQUIRED = ("record", "codes")
_OPTIONAL = ("patient", "age", "sex", "split", "fold", "dialect", "validated", "site", "device", "quality")

_SPLITS: Mapping[str, Split] = {
    **{name: name for name in get_args(Split)},
    "val": "validation",
    "valid": "validation",
    "dev": "validation",
    "training": "train",
}
_TRUTHS = {"": None, "true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


@dataclass(frozen=True, slots=True)
class _Settings:
    """The table ``[labels]`` of ``einthoven.toml``; what a row of the label table says comes first."""

    dialect: str = "einthoven"
    validated: bool = False
    test_fold: int | None = None
    validation_fold: int | None = None


def open_wfdb(path: str) -> FolderSource:
    """Open a folder of WFDB records with a label table; ``docs/sources.md`` describes its columns.

    Raises
    ------
    EinthovenError
        Where there is no such folder, table or column, or ``einthoven.toml`` cannot be used. A row that cannot be
        used, and a record without a row, are faults.
    """
    root = existing_folder(path, "wfdb", holds="")
    if not (root / _TABLE).is_file():
        raise EinthovenError(
            f"{root} holds no {_TABLE}",
            "write one that begins with: record,codes,patient,age,sex,split (needed are record and codes)",
            Exit.MISSING,
        )
    settings = _settings(root / _SETTINGS)
    rows = list(read_table(root / _TABLE, _REQUIRED, _OPTIONAL))
    folds = sorted({fold for row in rows if (fold := parse_count(row["fold"])) is not None})
    index = Index()
    described = set()
    for row in rows:
        record_id = re.sub(r"\.hea$", "", row["record"].strip().removeprefix("./"))
        described.add(record_id)
        try:
            if not record_id or Path(record_id).is_absolute() or ".." in Path(record_id).parts:
                raise ValueError("record is no path of a header in this folder, without .hea")
            fold, split = _place(row, folds, settings)
            validated = _flag(row["validated"])
        except ValueError as error:
            index.fault(record_id or "(no record)", str(error))
            continue
        index.add(
            record_id,
            Patient(parse_identifier(row["patient"]) or record_id, parse_age(row["age"]), parse_sex(row["sex"])),
            row["dialect"].strip() or settings.dialect,
            dict.fromkeys((code for part in re.split("[;|]", row["codes"]) if (code := part.strip())), 0.0),
            locator=root / f"{record_id}.hea",
            split=split,
            fold=fold,
            validated=settings.validated if validated is None else validated,
            site=row["site"].strip(),
            device=row["device"].strip(),
            quality=" ".join(row["quality"].split()),
        )
    for header in find_headers(root):
        name = header.relative_to(root).with_suffix("").as_posix()
        if name not in described:
            index.fault(name, f"no row in {_TABLE}")
    entries, faults = index.finish()
    has_folds = any(row["split"].strip() or row["fold"].strip() for row in rows)
    return FolderSource("wfdb", root, has_folds=has_folds, entries=entries, faults=faults)


def _place(row: Mapping[str, str], folds: list[int], settings: _Settings) -> tuple[int | None, Split]:
    """Return fold and split of a row: the split column decides, then the fold, and without either all is test."""
    fold = parse_count(row["fold"])
    if fold is None and row["fold"].strip():
        raise ValueError(f"fold is {row['fold']!r}, not a whole number")
    if name := row["split"].strip().lower():
        if name not in _SPLITS:
            raise ValueError(f"split is {row['split']!r}, not train, validation or test")
        return fold, _SPLITS[name]
    if fold is None:
        if folds:
            raise ValueError("no fold, where other rows have one")
        return None, "test"
    # As in PTB-XL: the highest fold is the test fold, the one below it validates.
    test = folds[-1] if settings.test_fold is None else settings.test_fold
    below = max((number for number in folds if number < test), default=None)
    validation = below if settings.validation_fold is None else settings.validation_fold
    return fold, "test" if fold == test else "validation" if fold == validation else "train"


def _flag(text: str) -> bool | None:
    flag = _TRUTHS.get(text.strip().lower(), text)
    if isinstance(flag, str):
        raise ValueError(f"validated is {text!r}, not true or false")
    return flag


def _settings(path: Path) -> _Settings:
    """Read the table ``[labels]``; other tables are the command line's and are left alone."""
    try:
        document: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return _Settings()
    except (OSError, ValueError) as error:
        raise EinthovenError(f"{path} cannot be read: {error}", "correct it, or move it away", Exit.MISSING) from None
    table = document.get("labels", {})
    kinds = {"dialect": str, "validated": bool, "test_fold": int, "validation_fold": int}
    for key, value in table.items() if isinstance(table, dict) else (("labels", table),):
        if type(value) is not kinds.get(key):
            raise EinthovenError(
                f"{path}: [labels] {key} = {value!r} is not understood",
                "it takes dialect (text), validated (true or false), test_fold and validation_fold (whole numbers)",
                Exit.MISSING,
            )
    return _Settings(**table)
