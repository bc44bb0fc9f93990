"""The downloads described for machines: Croissant 1.0 (MLCommons), JSON-LD over schema.org's Dataset."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from einthoven.leaderboard.exports import Described
from einthoven.version import __version__

__all__ = ["croissant"]

#: As the specification gives it: https://docs.mlcommons.org/croissant/docs/croissant-spec.html, "Context".
_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}

_TYPES = {
    "simulated": "sc:Boolean",
    **dict.fromkeys(("n", "masked", "limit"), "sc:Integer"),
    **dict.fromkeys(
        (
            *("accuracy", "majority_accuracy", "informedness", "informedness_low", "informedness_high", "gain"),
            *("gain_low", "gain_high", "p_holm", "minimum_detectable_gain", "invalid_share", "declined_share"),
        ),
        "sc:Float",
    ),
}


def croissant(exports: Sequence[Described], published: date | None = None) -> bytes:
    """Describe the downloads.

    Parameters
    ----------
    exports : sequence of Described
        All files, in order. Their paths are relative to the site's ``data/``, where the description stands.
    published : date, optional
        When the boards changed last.

    Returns
    -------
    bytes
        JSON-LD.
    """
    document: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "name": "einthoven-leaderboard",
        "description": "Scores and answers of models that were asked to read 12-lead ECGs, axis by axis, with what "
        "is true of the ECGs. Made by einthoven from the bundles of the runs.",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "license": "https://www.apache.org/licenses/LICENSE-2.0",
        "url": "https://github.com/einthoven-ecg/einthoven",
        "creator": {"@type": "sc:Organization", "name": "The einthoven maintainers"},
        "version": __version__,
        "citeAs": "The einthoven maintainers: einthoven, a benchmark of ECG-reading models. "
        "https://github.com/einthoven-ecg/einthoven",
        **({} if published is None else {"datePublished": published.isoformat()}),
        "distribution": [_file(export) for export in exports],
        "recordSet": [_records(export) for export in exports if export.columns is not None],
    }
    return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode()


def _identity(export: Described) -> str:
    return export.path.removeprefix("data/")


def _file(export: Described) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": _identity(export),
        "name": _identity(export),
        "description": export.about,
        "contentUrl": _identity(export),
        "contentSize": f"{export.size} B",
        "encodingFormat": export.media_type,
        "sha256": export.sha256,
    }


def _records(export: Described) -> dict[str, Any]:
    place = f"{_identity(export)}#rows"
    return {
        "@type": "cr:RecordSet",
        "@id": place,
        "name": place,
        "description": export.about,
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{place}/{name}",
                "name": f"{place}/{name}",
                "description": about,
                "dataType": _TYPES.get(name, "sc:Text"),
                "source": {"fileObject": {"@id": _identity(export)}, "extract": {"column": name}},
            }
            for name, about in (export.columns or {}).items()
        ],
    }
