"""Verdicts in the model card of what was trained: taken from bundles of runs with it, and from nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from einthoven.adapters.local.checkpoint import fingerprint
from einthoven.adapters.local.lora import card_of
from einthoven.bench.bundle import read_bundle
from einthoven.bench.lora_card import card
from einthoven.errors import EinthovenError, Exit

__all__ = ["VERDICTS", "add_verdicts"]

#: A line a run. No part of what tells these weights from others: a run goes on after its card was written.
VERDICTS = "verdicts.jsonl"


def add_verdicts(folder: Path, bundles: Sequence[Path]) -> list[dict[str, Any]]:
    """Write what runs said of a trained model into its card; a run about the same records takes the place of another.

    Parameters
    ----------
    folder : Path
        What ``einthoven train lora`` wrote.
    bundles : sequence of Path
        Finished runs of it.

    Returns
    -------
    list of dict
        A row a run: what was asked, and by axis the word or, where none is given, the gain.

    Raises
    ------
    EinthovenError
        The folder is none of ours, or a bundle is of another model.
    """
    found = card_of(folder)
    if not found or not isinstance(found.get("recipe"), dict):
        raise EinthovenError(
            f"{folder} holds nothing that einthoven train lora wrote", "give its --out folder", Exit.MISSING
        )
    weights = fingerprint(folder)
    path = folder / VERDICTS
    rows = {}
    if path.is_file():
        try:
            rows = {_asked(row): row for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise EinthovenError(
                f"{path} cannot be read: {type(error).__name__}: {str(error).splitlines()[0]}",
                "delete it, and name all of the runs again",
                Exit.MISSING,
            ) from None
    for bundle in bundles:
        row = _row(bundle, weights, found)
        rows[_asked(row)] = row
    lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in rows.values()]
    path.write_text("".join(lines), encoding="utf-8")
    (folder / "README.md").write_text(card(found, folder, list(rows.values())), encoding="utf-8")
    return list(rows.values())


def _asked(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(row[key]) for key in ("data", "fingerprint", "split", "task", "view"))


def _row(bundle: Path, weights: str, found: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a run says, in a card's few words."""
    run = read_bundle(bundle).run
    result = json.loads((bundle / "result.json").read_text(encoding="utf-8"))
    parameters = run["identity"].get("parameters", {})
    if parameters.get("weights" if found["recipe"].get("full") else "adapter") != weights:
        raise EinthovenError(
            f"{bundle} is a run of {run['model']['name']} with other weights than these",
            "give a bundle that was made with this folder",
        )
    axes = {}
    for axis, scores in result["axes"].items():
        image = scores["arms"]["image"]
        axes[axis] = {
            "word": scores["verdict"]["word"] if "verdict" in scores else None,
            "gain": image["gain"],
            "gain_ci": image["gain_ci"],
        }
    data = result["data"]
    return {
        "data": data["name"],
        "fingerprint": data["fingerprint"],
        "split": data["split"],
        "records": data["records"],
        "simulated": data["simulated"],
        "task": result["task"]["name"],
        "view": result["view"]["name"],
        "arms": sorted(result["arms"]),
        "axes": axes,
    }
