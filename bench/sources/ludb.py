"""LUDB, the Lobachevsky University database: 200 recordings of 200 people, diagnoses in words.

Kalyakulina et al., "LUDB: a new open-access validation tool for electrocardiogram delineation algorithms",
IEEE Access 2020, doi 10.1109/ACCESS.2020.3029211. No folds: everything is test.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from einthoven.bench.sources.demographics import parse_age, parse_sex
from einthoven.bench.sources.index import FolderSource, Index, existing_folder
from einthoven.bench.sources.signals import read_record
from einthoven.bench.sources.source import Entry
from einthoven.bench.sources.table import read_table
from einthoven.ecg.patient import Patient
from einthoven.ecg.recording import Recording, checked_signal

__all__ = ["load_ludb", "open_ludb"]

_TABLE = "ludb.csv"
_LABELS = (
    "Rhythms",
    "Electric axis of the heart",
    "Conduction abnormalities",
    "Extrasystolies",
    "Hypertrophies",
    "Cardiac pacing",
    "Ischemia",
    "Non-specific repolarization abnormalities",
    "Other states",
)


def open_ludb(path: str) -> FolderSource:
    """Open a LUDB folder, or the folder that holds ``ludb/``.

    Raises
    ------
    EinthovenError
        Where there is no such folder or table, or a column is missing. A recording without a row is a fault.
    """
    root = existing_folder(path, "ludb", holds=_TABLE, inside=("ludb",))
    index = Index()
    described = set()
    for row in read_table(root / _TABLE, ("ID", "Sex", "Age", *_LABELS)):
        record_id = row["ID"].strip()
        described.add(record_id)
        # A cell holds one label a line; sex and age carry a line break of their own.
        labels = [label for column in _LABELS for line in row[column].splitlines() if (label := line.strip())]
        index.add(
            record_id,
            Patient(record_id, parse_age(row["Age"]), parse_sex(row["Sex"])),
            "ludb",
            dict.fromkeys(labels, 0.0),
            locator=root / "data" / f"{record_id}.hea",
            device="Schiller Cardiovit AT-101",
        )
    for header in sorted((root / "data").glob("*.hea")):
        if header.stem not in described:
            index.fault(header.stem, f"no row in {_TABLE}")
    entries, faults = index.finish()
    return FolderSource("ludb", root, has_folds=False, entries=entries, faults=faults, reader=load_ludb)


def load_ludb(entry: Entry) -> Recording:
    """Read a recording of LUDB in millivolts, past its header's gains.

    In LUDB 1.0.1 the gain of each lead is that lead's own peak-to-peak range in converter units: by the header every
    lead spans exactly 1 mV, and II differs from I + III by 0.4 mV (median over records of the largest difference). In
    converter units II = I + III holds to the last bit, and the ranges are those of PTB-XL in microvolts (medians of
    1.09 against 1.07 mV in I, 2.15 against 2.11 mV in V3): one unit is one microvolt. A release with other gains is
    read by them.

    Raises
    ------
    RecordingFault
        As `einthoven.bench.sources.signals.load_recording`.
    """
    record = read_record(entry.id, Path(entry.locator), physical=False)
    digital = record.d_signal.astype(np.float64)
    if np.array_equal(np.ptp(digital, axis=0), np.asarray(record.adc_gain, dtype=np.float64)):
        samples, units = digital, ["uV"] * record.n_sig
    else:
        samples, units = record.dac(), record.units
    rate = float(record.fs)
    signal = checked_signal(entry.id, samples, record.sig_name, units, rate)
    return Recording(entry.id, signal, rate, entry.patient, entry.statements)
