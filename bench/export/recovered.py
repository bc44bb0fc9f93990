"""What a paper ECG gave, as files: WFDB, CSV, an overlay picture, and a JSON document that says what was found."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from einthoven.adapters.digitiser.beats import beats
from einthoven.adapters.digitiser.digitise import digitised
from einthoven.adapters.digitiser.digitised import Digitised
from einthoven.adapters.digitiser.overlay import overlay
from einthoven.adapters.digitiser.undigitisable import Undigitisable
from einthoven.bench.export.page_document import identity, page_line, refused, what_was_found, written
from einthoven.ecg.recording import LEADS

__all__ = ["ENDINGS", "recovered"]

#: Endings of a record's files, in the order in which they are written: who sees the document sees all of them.
ENDINGS = (".dat", ".hea", ".csv", ".overlay.png", ".json")

#: WFDB format 16: steps of a microvolt, as long as they fit; its lowest number says that nothing is known.
_STEPS, _MOST_STEPS = 1000.0, 32767


def recovered(stem: str, images: Sequence[tuple[str, bytes]], *, with_overlay: bool = True) -> dict[str, bytes]:
    """Digitise a paper ECG.

    Parameters
    ----------
    stem : str
        Name of the record, which its files begin with; a path may stand before it.
    images : sequence of (str, bytes)
        Names and contents of the image, or of twelve with a lead each.
    with_overlay : bool
        Draw the picture.

    Returns
    -------
    dict of str to bytes
        Ending -> content, in the order of `ENDINGS`; the document alone where the page gives no signal.
    """
    warnings = [said for name, content in images if (said := _warning(name, content))]
    try:
        found = digitised([content for _, content in images])
    except Undigitisable as why:
        return {".json": written(refused(stem, identity(images), why.reason, warnings))}
    measured = beats(found)
    if measured.rhythm.measurements.heart_rate is None:
        warnings.append("no heart beat was found in what the page shows")
    document = {"record": stem, **identity(images), "outcome": "digitised", "reason": ""}
    document["warnings"] = [*warnings, *found.warnings]
    document |= what_was_found(found, measured)
    name = PurePosixPath(stem).name
    files = _wfdb(name, found, _comments(document)) | {".csv": _csv(found)}
    if with_overlay:
        files[".overlay.png"] = overlay(found, _caption(document))
    document["files"] = [name + ending for ending in ENDINGS if ending in files or ending == ".json"]
    return files | {".json": written(document)}


def _wfdb(name: str, found: Digitised, comments: Sequence[str]) -> dict[str, bytes]:
    """Write a WFDB record: what the page does not show is WFDB's "not a number"."""
    import wfdb

    signal = found.signal.astype(np.float64).T
    with np.errstate(invalid="ignore"):
        largest = np.nanmax(np.abs(signal), axis=0, initial=0.0)
    gains = [_STEPS if peak * _STEPS <= _MOST_STEPS else float(int(_MOST_STEPS / peak)) for peak in largest]
    count = len(LEADS)
    with TemporaryDirectory() as folder:
        wfdb.wrsamp(
            name,
            fs=found.sampling_rate,
            units=["mV"] * count,
            sig_name=list(LEADS),
            p_signal=signal,
            fmt=["16"] * count,
            adc_gain=gains,
            baseline=[0] * count,
            comments=list(comments),
            write_dir=folder,
        )
        return {ending: Path(folder, name + ending).read_bytes() for ending in (".dat", ".hea")}


def _comments(document: Mapping[str, Any]) -> list[str]:
    """Say in the header where the signal comes from; WFDB's comments are of ASCII."""
    files = ", ".join(str(one["file"]) for one in document["images"])
    lines = [
        f"digitised from {files} by einthoven {document['einthoven']}",
        page_line(document),
        "invalid samples: the page does not show the lead at that time",
        *(f"warning: {one}" for one in document["warnings"]),
    ]
    return [_plain(line) for line in lines]


def _plain(line: str) -> str:
    return "".join(letter if letter.isascii() and letter.isprintable() else "?" for letter in line)


def _caption(document: Mapping[str, Any]) -> list[str]:
    """Word what stands above the picture."""
    numbers = document["measurements"]
    said = {"rate": ("heart_rate", "/min"), "PR": ("pr", " ms"), "QRS": ("qrs", " ms"), "QT": ("qt", " ms")}
    values = [f"{word} {numbers[key]:.0f}{unit}" for word, (key, unit) in said.items() if numbers[key] is not None]
    if numbers["qrs_axis"] is not None:
        values.append(f"axis {numbers['qrs_axis']:.0f} degrees")
    files = ", ".join(str(one["file"]) for one in document["images"])
    lines = [f"{files}: {page_line(document)}", ", ".join(values) or "nothing was measured"]
    return [*lines, *(f"warning: {one}" for one in document["warnings"])]


def _csv(found: Digitised) -> bytes:
    """Write a row a sample: seconds, then millivolts lead by lead, empty where the page shows nothing."""
    lines = ["time_s," + ",".join(LEADS)]
    time = np.arange(found.signal.shape[1]) / found.sampling_rate
    columns = [["" if value != value else f"{value:.4f}" for value in row] for row in found.signal.tolist()]
    lines += [f"{t:.3f}," + ",".join(row) for t, row in zip(time, zip(*columns, strict=True), strict=True)]
    return ("\n".join(lines) + "\n").encode()


def _warning(name: str, content: bytes) -> str:
    """Warn of what a file has beside an image, or in its place."""
    if content.startswith(b"%PDF-"):
        return f"{name} is a PDF: turn its pages into images first, as with pdftoppm -r 200 -png"
    if content[4:8] == b"ftyp" and content[8:12] in (b"heic", b"heix", b"mif1"):
        return f"{name} is a HEIC photograph: save it as a JPEG first"
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content)) as opened:
            pages = int(getattr(opened, "n_frames", 1))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return ""  # the digitiser says so
    return f"only the first of the {pages} pages of {name} was read" if pages > 1 else ""
