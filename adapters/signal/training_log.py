"""The log of a training run, a JSON line an epoch, and its plot."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

__all__ = ["LOG", "plot", "write_log"]

LOG = "log.jsonl"


def write_log(folder: Path, identity: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> None:
    """Write what is trained, and a line an epoch; whole or not at all."""
    part = folder / f"{LOG}.part"
    lines = [dict(identity), *rows]
    part.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    part.replace(folder / LOG)


def plot(folder: Path, name: str = "training.png") -> Path:
    """Draw loss and AUROC over the epochs of a folder's log."""
    from matplotlib.figure import Figure

    lines = [json.loads(line) for line in (folder / LOG).read_text(encoding="utf-8").splitlines()]
    rows = lines[1:]
    epochs = [row["epoch"] for row in rows]
    figure = Figure(figsize=(8, 3.2), layout="constrained")
    left, right = figure.subplots(1, 2)
    left.plot(epochs, [row["loss"] for row in rows], label="training")
    left.plot(epochs, [row["validation_loss"] for row in rows], label="validation")
    left.set(xlabel="epoch", ylabel="loss", title="Loss")
    left.legend(frameon=False)
    right.plot(epochs, [row["validation_auroc"] for row in rows], color="tab:green")
    best = max(rows, key=lambda row: float(row["validation_auroc"]))
    right.plot(best["epoch"], best["validation_auroc"], "o", color="tab:green")
    right.annotate(
        f"{best['validation_auroc']:.3f}",
        (best["epoch"], best["validation_auroc"]),
        (0, -14),
        textcoords="offset points",
        ha="center",
    )
    right.set(xlabel="epoch", ylabel="macro AUROC", title="Validation")
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
        axes.xaxis.get_major_locator().set_params(integer=True)
    path = folder / name
    figure.savefig(path, dpi=120)
    return path
