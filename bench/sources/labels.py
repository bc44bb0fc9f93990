"""``labels.csv``, the label table of a folder of one's own; ``einthoven.toml`` says what is true of all its rows."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from einthoven.bench.sources.demographics import parse_age, parse_count, parse_identifier, parse_sex
from einthoven.bench.sources.index import Index
from einthoven.bench.sources.source import Split
from einthoven.bench.sources.table import read_table
from einthoven.ecg.measurements import Measurements
from einthoven.ecg.patient import Patient
from einthoven.errors import EinthovenError, Exit

__all__ = ["TABLE", "LabelTable", "read_labels"]

#: The name of the table.
TABLE = "labels.csv"
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


@dataclass(frozen=True, slots=True)
class LabelTable:
    """The rows of a label table, and how to read them.

    Attributes
    ----------
    rows : list of dict
        Column -> cell, as they stand there; an absent cell is empty.
    folds : list of int
        The folds that the table names, in order.
    settings : _Settings
        What holds for all rows.
    """

    rows: list[dict[str, str]]
    folds: list[int]
    settings: _Settings

    def add(
        self,
        index: Index,
        record_id: str,
        row: Mapping[str, str],
        locator: Path | str,
        measurements: Measurements | None = None,
    ) -> None:
        """Add one row to an index, or note there why it cannot be used."""
        try:
            fold, split = _place(row, self.folds, self.settings)
            validated = _flag(row["validated"])
        except ValueError as error:
            index.fault(record_id, str(error))
            return
        index.add(
            record_id,
            Patient(parse_identifier(row["patient"]) or record_id, parse_age(row["age"]), parse_sex(row["sex"])),
            row["dialect"].strip() or self.settings.dialect,
            dict.fromkeys((code for part in re.split("[;|]", row["codes"]) if (code := part.strip())), 0.0),
            locator=locator,
            split=split,
            fold=fold,
            validated=self.settings.validated if validated is None else validated,
            site=row["site"].strip(),
            device=row["device"].strip(),
            quality=" ".join(row["quality"].split()),
            measurements=measurements,
        )


def read_labels(root: Path, required: Sequence[str] = (), optional: Sequence[str] = ()) -> LabelTable:
    """Read the label table of a folder.

    Parameters
    ----------
    root : Path
        The folder.
    required, optional : sequences of str
        Columns beside those that every label table has.

    Raises
    ------
    EinthovenError
        Where there is no table, a column is missing, or ``einthoven.toml`` cannot be used.
    """
    needed = (_REQUIRED[0], *required, *_REQUIRED[1:])
    if not (root / TABLE).is_file():
        raise EinthovenError(
            f"{root} holds no {TABLE}",
            f"write one that begins with: {','.join(needed)},patient,age,sex,split (needed are {_listed(needed)})",
            Exit.MISSING,
        )
    settings = _settings(root / _SETTINGS)
    rows = list(read_table(root / TABLE, needed, (*_OPTIONAL, *optional)))
    folds = sorted({fold for row in rows if (fold := parse_count(row["fold"])) is not None})
    return LabelTable(rows, folds, settings)


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]])


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
