"""What was found on a paper ECG, as one JSON document: how it lay, what was measured, and where every lead stands."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
from numpy.typing import NDArray

from einthoven.adapters.digitiser.beats import Beats
from einthoven.adapters.digitiser.digitised import Digitised
from einthoven.adapters.digitiser.reader import VERSION
from einthoven.adapters.digitiser.reading import reading
from einthoven.ecg.measurements import Measurements
from einthoven.ecg.reading import Reading
from einthoven.ecg.recording import LEADS
from einthoven.version import __version__

if TYPE_CHECKING:
    from einthoven.ecg.reading import Ischemia

__all__ = ["document_of", "identity", "page_line", "refused", "what_was_found", "written"]

#: Significant digits of a number in the document.
_DIGITS = 7


def identity(images: Sequence[tuple[str, bytes | None]]) -> dict[str, Any]:
    """Say which images were digitised by which version: equal only where the same would come out.

    Parameters
    ----------
    images : sequence of (str, bytes or None)
        Names and contents; None where a file cannot be read.
    """
    named = [{"file": name, "sha256": None if content is None else _sha256(content)} for name, content in images]
    return {"einthoven": __version__, "digitiser": VERSION, "images": named}


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def refused(stem: str, images: Mapping[str, Any], reason: str, warnings: Sequence[str] = ()) -> dict[str, Any]:
    """Give the document of a page that gives no signal.

    Parameters
    ----------
    stem : str
        Name of the record.
    images : mapping
        As `identity` gives it.
    reason : str
        Why; for people.
    warnings : sequence of str
        What else is to be said.
    """
    outcome = {"outcome": "undigitisable", "reason": reason, "warnings": list(warnings), "files": []}
    return {"record": stem, **images, **outcome}


def document_of(path: Path) -> dict[str, Any] | None:
    """Read a document; `None` where there is none, or something else."""
    try:
        document = orjson.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return document if isinstance(document, dict) and {"record", "outcome", "files"} <= document.keys() else None


def what_was_found(found: Digitised, measured: Beats) -> dict[str, Any]:
    """Say what was found on the page, and what was measured there.

    Parameters
    ----------
    found, measured
        What was read off the page. Without a heart beat there is no reading.
    """
    own = [one for one in found.stretches if not one.strip]
    follow = len({one.t0 for one in own}) > 1
    scale = found.scale
    ruled = bool(scale.px_per_mm_x)
    shown = np.isfinite(found.signal).sum(axis=1) / found.sampling_rate
    return {
        "layout": found.layout,
        "confidence": found.confidence,
        "grid": {"px_per_mm_x": scale.px_per_mm_x, "px_per_mm_y": scale.px_per_mm_y} if ruled else None,
        "mm_per_second": scale.mm_per_second if ruled else None,
        "mm_per_mv": scale.mm_per_mv if ruled else None,
        "px_per_second": scale.px_per_second,
        "px_per_mv": scale.px_per_mv,
        "angle": max((_angle(one.homography, one.pixels.shape) for one in found.papers), key=abs),
        "straightened": any(not np.array_equal(one.homography, np.eye(3)) for one in found.papers),
        "papers": [
            {"width": one.pixels.shape[1], "height": one.pixels.shape[0], "homography": one.homography.tolist()}
            for one in found.papers
        ],
        "clock": "columns follow each other" if follow else "all leads show the same seconds",
        "sampling_rate": found.sampling_rate,
        "seconds": found.signal.shape[1] / found.sampling_rate,
        "seconds_shown": dict(zip(LEADS, shown.tolist(), strict=True)),
        "rows": [{"y": float(y)} for y in found.baselines],
        "stretches": [asdict(one) for one in found.stretches],
        "measurements": _measurements(measured),
        "reading": None if measured.rhythm.measurements.heart_rate is None else _reading(reading(measured)),
    }


def _angle(homography: NDArray[np.float64], shape: tuple[int, ...]) -> float:
    """Give by how many degrees the middle of the sheet lies turned in its image, clockwise."""
    back = np.linalg.inv(homography)
    x, y = shape[1] / 2.0, shape[0] / 2.0
    ends = np.array([[x - 50.0, y, 1.0], [x + 50.0, y, 1.0]]) @ back.T
    a, b = ends[:, :2] / ends[:, 2:]
    return math.degrees(math.atan2(b[1] - a[1], b[0] - a[0]))


def _measurements(measured: Beats) -> dict[str, Any]:
    """Give the numbers as a cart prints them: the rate off the strip, the rest off the twelve leads' middle beat."""
    rhythm, form = measured.rhythm, measured.form
    names = [one.name for one in fields(Measurements) if one.name not in ("measurer", "heart_rate")]
    numbers = {"heart_rate": rhythm.measurements.heart_rate}
    numbers |= {name: getattr(form.measurements, name) for name in names}
    return numbers | {"beats": len(rhythm.r_peaks), "quality": min(rhythm.quality, form.quality)}


def _reading(read: Reading) -> dict[str, Any]:
    return {
        "rate": read.rate,
        "rhythm": read.rhythm,
        "axis": read.axis,
        "conduction": sorted(read.conduction or ()),
        "ischemia": [{"stage": one.stage, "walls": sorted(one.walls)} for one in _in_order(read)],
        "other_findings": sorted(read.other_findings or ()),
        "diagnosis": sorted(read.diagnosis or ()),
    }


def _in_order(read: Reading) -> list[Ischemia]:
    return sorted(read.ischemia or (), key=lambda one: (one.stage, sorted(one.walls)))


def page_line(document: Mapping[str, Any]) -> str:
    """Say in one line how the page was measured."""
    if document["grid"] is None:
        measured = "no grid, by the pulse"
    else:
        x, y = (document["grid"][f"px_per_mm_{side}"] for side in "xy")
        speed, gain = document["mm_per_second"], document["mm_per_mv"]
        measured = f"{speed:.3g} mm/s, {gain:.3g} mm/mV, {x:.2f} x {y:.2f} px/mm"
    laid = f", laid straight from {document['angle']:+.1f} degrees" if document["straightened"] else ""
    return f"layout {document['layout']}, {measured}{laid}; {document['clock']}"


def written(document: Mapping[str, Any]) -> bytes:
    """Give the document as a file; what is not finite is null."""
    return orjson.dumps(_rounded(document), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _rounded(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _rounded(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(one) for one in value]
    if isinstance(value, float):
        return float(f"{value:.{_DIGITS}g}") if math.isfinite(value) else None
    return value
