"""Freeze the smallest gain that matters on a data set: from one bundle on it, into ``scoring/deltas.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from einthoven.bench.bundle import json_bytes, read_bundle
from einthoven.bench.result import result_of
from einthoven.bench.scoring.deltas import Delta
from einthoven.errors import EinthovenError, Exit

__all__ = ["derive", "freeze"]

#: The signal reference.
REFERENCE = "reference/resnet1d"


def derive(folder: Path) -> dict[str, Any]:
    """Derive the deltas of the data set that a bundle was made on.

    Parameters
    ----------
    folder : Path
        A bundle in the declared cell, on the whole data set.

    Returns
    -------
    dict
        ``data``, ``split``, ``records``, ``fingerprint``, the ``model`` whose gains were looked at, and ``axes``: by
        axis that can be scored ``delta`` and whose gain it is half ``of``.

    Raises
    ------
    EinthovenError
        No bundle, or one of a part of the records: a preview freezes nothing.
    """
    result = result_of(read_bundle(folder), deltas={})
    data = result["data"]
    if data["limit"] is not None or not any("verdict" in axis for axis in result["axes"].values()):
        raise EinthovenError(
            f"{folder} holds no run of all records with task dense on view grid", "give such a bundle", Exit.USAGE
        )
    reference = result["model"]["name"].partition("?")[0] == REFERENCE
    axes = {}
    for name, axis in result["axes"].items():
        image = axis["arms"]["image"]
        if image["delta"] is None:
            continue
        found = Delta(image["delta"])
        if reference and image["gain_ci"][0] > 0:
            found = Delta(round(image["gain"] / 2, 6), "the signal reference")
        axes[name] = {"delta": found.value, "of": found.of}
    return {
        "data": data["name"],
        "split": data["split"],
        "records": data["records"],
        "fingerprint": data["fingerprint"],
        "model": result["model"]["name"],
        "axes": axes,
    }


def freeze(row: Mapping[str, Any]) -> Path:
    """Put what `derive` gave into the file of frozen deltas, replacing what stood there for the same records."""
    path = Path(str(files("einthoven.bench.scoring").joinpath("deltas.json")))
    table = json.loads(path.read_text(encoding="utf-8"))
    table[row["fingerprint"]] = {key: value for key, value in row.items() if key != "fingerprint"}
    order = sorted(table, key=lambda key: (table[key]["data"], table[key]["split"], key))
    path.write_bytes(json_bytes({key: table[key] for key in order}))
    return path
