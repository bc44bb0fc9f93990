"""The PhysioNet/CinC Challenge 2020 and 2021 format: headers with ``#Age``, ``#Sex`` and ``#Dx``.

Perez Alday et al., "Classification of 12-lead ECGs: the PhysioNet/Computing in Cardiology Challenge 2020",
Physiological Measurement 2021; Reyna et al., "Will two do? Varying dimensions in electrocardiography", CinC 2021.
No folds and no patient ids: everything is test, and each recording counts as a patient of its own.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from einthoven.bench.sources.demographics import parse_age, parse_sex
from einthoven.bench.sources.header import comments, read_text
from einthoven.bench.sources.index import FolderSource, Index, existing_folder
from einthoven.ecg.patient import Patient
from einthoven.errors import EinthovenError, Exit

__all__ = ["find_headers", "open_challenge"]

_NAME = re.compile(r"(A|Q|E|S|HR|JS|I)(\d+)")

#: The first letters of a record's name -> the data set and its dialect, in the Challenge's numbering.
_BY_LETTERS = {
    "A": "cpsc2018",
    "Q": "cpsc_extra",
    "E": "georgia",
    "S": "ptb",
    "HR": "ptbxl_snomed",
    "I": "incart",
}

#: Chapman-Shaoxing is JS00001 to JS10646, Ningbo begins above (Zheng et al. 2022, PhysioNet ecg-arrhythmia 1.0.0).
_LAST_CHAPMAN = 10646

#: Words in a folder's name, tried in this order, for records that are named otherwise.
_BY_FOLDER = (
    ("extra", "cpsc_extra"),
    ("cpsc", "cpsc2018"),
    ("georgia", "georgia"),
    ("g12ec", "georgia"),
    ("ptb-xl", "ptbxl_snomed"),
    ("ptbxl", "ptbxl_snomed"),
    ("ptb", "ptb"),
    ("chapman", "chapman_shaoxing"),
    ("shaoxing", "chapman_shaoxing"),
    ("ningbo", "ningbo"),
    ("incart", "incart"),
)


def open_challenge(path: str) -> FolderSource:
    """Open a folder of Challenge records; every header below it is found, in the order of the paths.

    Raises
    ------
    EinthovenError
        Where there is no such folder or no header in it. A record without ``#Dx``, with a code that no table has, or
        of an unknown data set is a fault.
    """
    root = existing_folder(path, "challenge", holds="")
    headers = list(find_headers(root))
    if not headers:
        raise EinthovenError(
            f"no WFDB header (.hea) below {root}", "name the folder of the records: challenge:DIR", Exit.MISSING
        )
    count = Counter(header.stem for header in headers)
    index = Index()
    for header in headers:
        # A name that several folders use is told apart by its folder.
        record_id = header.stem if count[header.stem] == 1 else header.relative_to(root).with_suffix("").as_posix()
        _add(index, record_id, header, root)
    entries, faults = index.finish()
    return FolderSource("challenge", root, has_folds=False, entries=entries, faults=faults)


def _add(index: Index, record_id: str, header: Path, root: Path) -> None:
    try:
        said = comments(read_text(header))
    except OSError as error:
        index.fault(record_id, f"{header.name} cannot be read: {error.strerror or error}")
        return
    codes = [code for part in said.get("dx", "").split(",") if (code := part.strip())]
    if not codes or all(code.lower() in ("unknown", "nan") for code in codes):
        index.fault(record_id, "no #Dx in the header")
        return
    dataset = _dataset(header, root)
    if dataset is None:
        index.fault(record_id, f"neither the name {header.stem} nor its folder tells which data set it is of")
        return
    # The first release of CPSC2018 wrote words (RBBB) where later ones write SNOMED CT codes.
    dialect = dataset if all(code.isdigit() for code in codes) else "cpsc2018_text"
    index.add(
        record_id,
        Patient(record_id, parse_age(said.get("age")), parse_sex(said.get("sex"))),
        dialect,
        dict.fromkeys(codes, 0.0),
        locator=header,
        site=dataset,
    )


def _dataset(header: Path, root: Path) -> str | None:
    """Return the data set by the record's name, or by the folders it lies in; `None` where neither tells."""
    if (name := _NAME.fullmatch(header.stem)) is not None:
        letters, number = name.groups()
        if letters == "JS":
            return "chapman_shaoxing" if int(number) <= _LAST_CHAPMAN else "ningbo"
        return _BY_LETTERS[letters]
    folders = [part.lower() for part in (root / header.relative_to(root)).parts[-2::-1]]
    return next((dataset for folder in folders for word, dataset in _BY_FOLDER if word in folder), None)


def find_headers(root: Path) -> Iterator[Path]:
    """Yield every ``.hea`` file below a folder in the order of the paths, hidden ones left out.

    Linked folders are followed, each real folder once.
    """
    seen: set[str] = set()
    found: list[str] = []
    for folder, folders, files in os.walk(root, followlinks=True):
        real = os.path.realpath(folder)
        folders[:] = [] if real in seen else sorted(name for name in folders if not name.startswith("."))
        if real not in seen:
            seen.add(real)
            found.extend(f"{folder}/{name}" for name in files if name.endswith(".hea") and not name.startswith("."))
    yield from (Path(name) for name in sorted(found))
