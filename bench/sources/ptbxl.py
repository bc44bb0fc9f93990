"""PTB-XL: 21,799 recordings of 18,869 patients with SCP-ECG statements and ten official folds.

Wagner et al., "PTB-XL, a large publicly available electrocardiography dataset", Scientific Data 2020,
doi 10.1038/s41597-020-0495-6. Folds 1-8 train, 9 validation, 10 test; no patient crosses a fold.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from einthoven.bench.sources.demographics import parse_age, parse_count, parse_identifier, parse_sex
from einthoven.bench.sources.index import FolderSource, Index, existing_folder
from einthoven.bench.sources.ptbxl_plus import features_beside
from einthoven.bench.sources.source import Split
from einthoven.bench.sources.table import read_table
from einthoven.ecg.patient import Patient
from einthoven.errors import EinthovenError

__all__ = ["open_ptbxl"]

_TABLE = "ptbxl_database.csv"

_QUALITY = ("baseline_drift", "static_noise", "burst_noise", "electrodes_problems")
_STADIUMS = ("infarction_stadium1", "infarction_stadium2")
_REQUIRED = (
    *("ecg_id", "patient_id", "age", "sex", "site", "device", "scp_codes", *_STADIUMS, "validated_by_human"),
    *(*_QUALITY, "strat_fold", "filename_lr", "filename_hr"),
)

_FOLDS = range(1, 11)
_VALIDATION_FOLD, _TEST_FOLD = 9, 10


def open_ptbxl(path: str, *, sampling_rate: int = 500) -> FolderSource:
    """Open a PTB-XL folder, or the folder that holds ``ptb-xl/``.

    Parameters
    ----------
    path : str
        The folder with ``ptbxl_database.csv``, ``records500/`` and ``records100/``.
    sampling_rate : {500, 100}
        500 Hz falls back to 100 Hz for a record that has no 500 Hz file; 100 Hz does not fall back.

    Raises
    ------
    EinthovenError
        Where there is no such folder or table, or a column is missing. A row that cannot be used is a fault.
    """
    if sampling_rate not in (100, 500):
        raise EinthovenError(f"PTB-XL has no {sampling_rate} Hz recordings", "choose a sampling rate of 500 or 100")
    root = existing_folder(path, "ptbxl", holds=_TABLE, inside=("ptb-xl", "ptbxl"))
    index = Index()
    features = features_beside(root)
    for row in read_table(root / _TABLE, _REQUIRED):
        record_id = parse_identifier(row["ecg_id"]) or f"row {row['filename_hr'] or '?'}"
        try:
            fold = _fold(row["strat_fold"])
            codes = _statements(row["scp_codes"])
            patient_id = parse_identifier(row["patient_id"])
            if not patient_id:
                raise ValueError("no patient_id")
        except ValueError as error:
            index.fault(record_id, str(error))
            continue
        index.add(
            record_id,
            Patient(patient_id, parse_age(row["age"]), parse_sex(row["sex"])),
            "scp",
            codes,
            locator=_header(root, row["filename_hr"], row["filename_lr"], sampling_rate),
            split=_split(fold),
            fold=fold,
            validated=row["validated_by_human"].strip().lower() == "true",
            stadiums=[row[name].strip() for name in _STADIUMS],
            site=parse_identifier(row["site"]),
            device=" ".join(row["device"].split()),
            quality=_quality(row),
            measurements=features.get(record_id),
        )
    entries, faults = index.finish()
    return FolderSource("ptbxl", root, has_folds=True, entries=entries, faults=faults)


def _fold(text: str) -> int:
    fold = parse_count(text)
    if fold is None or fold not in _FOLDS:
        raise ValueError(f"strat_fold is {text!r}, not 1 to 10")
    return fold


def _split(fold: int) -> Split:
    return {_TEST_FOLD: "test", _VALIDATION_FOLD: "validation"}.get(fold, "train")  # type: ignore[return-value]


@cache
def _statements(text: str) -> Mapping[str, float]:
    """Parse ``{'NORM': 100.0, 'SR': 0.0}``: statement and likelihood in percent, 0 meaning not graded."""
    try:
        codes = ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        raise ValueError(f"scp_codes cannot be read: {text[:60]!r}") from None
    if not isinstance(codes, dict) or not all(
        isinstance(code, str) and isinstance(likelihood, int | float) and 0 <= likelihood <= 100
        for code, likelihood in codes.items()
    ):
        raise ValueError(f"scp_codes are no statements with likelihoods from 0 to 100: {text[:60]!r}")
    return {code: float(likelihood) for code, likelihood in codes.items()}


def _header(root: Path, high: str, low: str, sampling_rate: int) -> Path:
    """Return the header to read; where neither rate is complete the wanted one, which then is a fault of its own."""
    wanted = root / f"{(high if sampling_rate == 500 else low).strip()}.hea"
    if sampling_rate == 500 and not _complete(wanted) and _complete(spare := root / f"{low.strip()}.hea"):
        return spare
    return wanted


def _complete(header: Path) -> bool:
    return header.is_file() and header.with_suffix(".dat").is_file()


def _quality(row: Mapping[str, str]) -> str:
    """Join the annotators' remarks, such as ``static_noise: I-AVR``; empty where there are none."""
    remarks = ((name, " ".join(row[name].split()).strip(" ,")) for name in _QUALITY)
    return "; ".join(f"{name}: {remark}" for name, remark in remarks if remark)
