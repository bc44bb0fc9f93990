"""The first row of a manifest: what must be the same for two commands to fill one folder."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from einthoven.bench.export.drawing import Drawing
from einthoven.bench.sources.source import Entry, Source
from einthoven.errors import EinthovenError
from einthoven.version import __version__

__all__ = ["header", "index_of", "refuse_another"]

#: Goes up when a reader of the old manifests would misread the new.
_MANIFEST_VERSION = 1

#: Facts that may differ: they do not change a pixel.
_FREE = frozenset({"einthoven_version"})


def header(source: Source, drawing: Drawing, form: Mapping[str, Any]) -> dict[str, Any]:
    """Word the header.

    Parameters
    ----------
    source : Source
        Whose records these are. Its folder is not named: it may have moved.
    drawing : Drawing
        What is drawn.
    form : mapping
        How it is stored: PNG files, or shards of so many of these records.
    """
    return {
        "manifest_version": _MANIFEST_VERSION,
        "einthoven_version": __version__,
        "data": {"name": source.name, "index": index_of(source.entries)},
        **drawing.to_json(),
        "form": dict(form),
    }


def index_of(entries: Sequence[Entry]) -> str:
    """Hash which records there are, in order."""
    return hashlib.sha256(b"\n".join(entry.id.encode() for entry in entries)).hexdigest()[:16]


def refuse_another(folder: Path, before: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    """Refuse a folder that holds other pages.

    Raises
    ------
    EinthovenError
        A fact of the two headers differs; it names the first.
    """
    for key in now:
        if key in _FREE:
            continue
        was, is_ = before.get(key), now[key]
        if was != is_:
            name, was, is_ = _narrowed(key, was, is_)
            raise EinthovenError(
                f"{folder} holds other pages: their {name} is {was}, not {is_}",
                "give another -o, or start over with --fresh",
            )


def _narrowed(name: str, was: Any, is_: Any) -> tuple[str, Any, Any]:
    """Name the first part that differs where both are mappings."""
    if isinstance(was, Mapping) and isinstance(is_, Mapping):
        key = next(key for key in {**was, **is_} if was.get(key) != is_.get(key))
        return f"{name} {key}", was.get(key), is_.get(key)
    return name, was, is_
