"""Pictures into a bundle: what the model saw of up to a hundred ECGs, byte by byte, and the traces behind them."""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from einthoven.bench.bundle import Bundle, read_bundle, write_json
from einthoven.bench.gallery import GALLERY, RULE, gallery
from einthoven.bench.pages import drawn
from einthoven.bench.pairs import ARM as PAIRS
from einthoven.bench.settings import Settings
from einthoven.bench.sources.check import check
from einthoven.bench.sources.registry import open_source
from einthoven.bench.sources.source import Entry, Source
from einthoven.ecg.recording import PAGE_SECONDS, Recording
from einthoven.errors import EinthovenError, Exit
from einthoven.renderers.page import Page
from einthoven.renderers.registry import RENDERER_VERSION

__all__ = ["FOLDER", "INDEX", "MEDIA_VERSION", "write_media"]

#: Where the pictures stand in a bundle, and the file that says which is whose.
FOLDER, INDEX = "media", "media.json"

#: Of that file.
MEDIA_VERSION = "1"

#: What a 16-bit microvolt can hold.
_LIMIT = 32767


def write_media(folder: Path, data: str, most: int = GALLERY) -> dict[str, Any]:
    """Draw the pictures of a bundle's gallery once more and put them into it.

    A picture is put in only if its pixels are those that the model was shown, by the hash in the bundle; of a run
    whose model looks at no pictures they are what a model that does is shown.

    Parameters
    ----------
    folder : Path
        The bundle of a finished run.
    data : str
        The run's data source, with its folder: a bundle does not know where the recordings lie.
    most : int
        ECGs with pictures, at most.

    Returns
    -------
    dict
        What stands in ``media/media.json``.

    Raises
    ------
    EinthovenError
        The bundle is of other data or of another renderer, or what is drawn now is not what was shown.
    """
    bundle = read_bundle(folder)
    identity = bundle.run["identity"]
    source = open_source(data)
    _refuse_others(identity, source, folder)
    apart = {row["record"] for row in bundle.answers if row["arm"] == PAIRS}
    rows = {row["id"]: row for row in bundle.records if row["id"] not in apart}
    chosen = gallery(list(rows.values()), most)
    entries = _entries(source, chosen, rows, folder)
    settings = _settings(bundle, data)
    place = folder / FOLDER
    place.mkdir(exist_ok=True)
    document: dict[str, Any] = {
        "media_version": MEDIA_VERSION,
        "rule": RULE.format(most=most),
        "view": dict(identity["view"]),
        "records": {},
    }
    for entry in entries:
        pages = drawn(source, entry, settings)
        shown = rows[entry.id].get("images", [])
        if shown and shown != [page.pixel_id for page in pages]:
            raise EinthovenError(
                f"what is drawn of {entry.id} now is not what the model was shown",
                "use the version of einthoven that stands in the bundle's run.json",
                Exit.MISSING,
            )
        row: dict[str, Any] = {"pages": [_page(place, page) for page in pages]}
        recording = source.load(entry)
        if recording.signal is not None:
            row["trace"] = _trace(place, recording)
        document["records"][entry.id] = row
    write_json(place / INDEX, document)
    return document


def _refuse_others(identity: Mapping[str, Any], source: Source, folder: Path) -> None:
    if identity["data"]["name"] != source.name:
        raise EinthovenError(
            f"{folder} is a run on {identity['data']['name']}, not on {source.name}",
            "give --data as it was given to the run",
        )
    if identity["view"]["version"] != RENDERER_VERSION:
        raise EinthovenError(
            f"{folder} was drawn by renderer {identity['view']['version']}, this is {RENDERER_VERSION}",
            "use the version of einthoven that stands in its run.json",
            Exit.MISSING,
        )


def _settings(bundle: Bundle, data: str) -> Settings:
    identity = bundle.run["identity"]
    kind, _, severity = identity["view"].get("degraded", "").partition(":")
    return Settings(
        identity["model"],
        data,
        identity["task"]["name"],
        identity["view"]["name"],
        split=identity["data"]["split"],
        degrade=kind,
        severity=int(severity or 0),
    )


def _entries(source: Source, chosen: list[str], rows: Mapping[str, Mapping[str, Any]], folder: Path) -> list[Entry]:
    """Return the chosen records, read again and found to be the same signals."""
    by_id = {entry.id: entry for entry in source.entries}
    absent = [record for record in chosen if record not in by_id]
    if absent:
        raise EinthovenError(f"{source.name} has no record {absent[0]}", "give the data of the run", Exit.MISSING)
    entries = [by_id[record] for record in chosen]
    looks = check(source, entries=entries, jobs=1, cached=False).looks
    changed = [one for one in chosen if one not in looks or looks[one].digest[:16] != rows[one]["digest"]]
    if changed:
        raise EinthovenError(
            f"record {changed[0]} is not the signal that {folder} was made with",
            "give the data of the run",
            Exit.MISSING,
        )
    return entries


def _stored(place: Path, content: bytes, suffix: str) -> str:
    name = hashlib.sha256(content).hexdigest()
    path = place / f"{name}{suffix}"
    if not path.is_file():
        path.write_bytes(content)
    return name


def _page(place: Path, page: Page) -> dict[str, Any]:
    return {
        "sha256": _stored(place, page.png, ".png"),
        "pixels": page.pixel_id,
        "width": page.geometry.width,
        "height": page.geometry.height,
    }


def _trace(place: Path, recording: Recording) -> dict[str, Any]:
    """Store ten seconds of twelve leads: microvolts, 16 bits each, least byte first, lead after lead, deflated."""
    assert recording.signal is not None
    samples = recording.signal[:, : round(PAGE_SECONDS * recording.sampling_rate)]
    microvolts = np.clip(np.rint(samples * 1000.0), -_LIMIT, _LIMIT).astype("<i2")
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    stream = io.BytesIO()
    stream.write(packer.compress(microvolts.tobytes()))
    stream.write(packer.flush())
    return {
        "sha256": _stored(place, stream.getvalue(), ".i16"),
        "sampling_rate": recording.sampling_rate,
        "samples": int(microvolts.shape[1]),
    }
