"""The log of a training, a JSON line a look, and its plot."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

__all__ = ["LOG", "PLOT", "append", "plot", "rows"]

LOG, PLOT = "log.jsonl", "training.png"


def append(folder: Path, row: Mapping[str, Any]) -> None:
    """Write one line; numbers rounded to six decimals."""
    plain = {key: round(value, 6) if isinstance(value, float) else value for key, value in row.items()}
    with (folder / LOG).open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(plain, ensure_ascii=False) + "\n")


def rows(folder: Path, up_to: int | None = None) -> list[dict[str, Any]]:
    """Read the log, up to an update; a torn last line counts as nothing."""
    found = []
    if (folder / LOG).is_file():
        for line in (folder / LOG).read_text(encoding="utf-8").splitlines():
            try:
                found.append(json.loads(line))
            except ValueError:
                break
    return [row for row in found if up_to is None or row["step"] <= up_to]


def plot(folder: Path) -> Path | None:
    """Draw loss, and accuracy per axis beside the majority's, over the updates; nothing where nothing is logged."""
    found = rows(folder)
    if not found:
        return None
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 3.6), layout="constrained")
    left, right = figure.subplots(1, 2)
    for key, label in (("loss", "training"), ("validation_loss", "validation")):
        points = [(row["step"], row[key]) for row in found if key in row]
        if points:
            left.plot(*zip(*points, strict=True), label=label, marker="." if len(points) < 20 else None)
    # From nothing the loss falls a hundredfold before the pictures begin to count: that end would not be seen.
    left.set(xlabel="update", ylabel="loss on the answer", title="Loss", yscale="log")
    left.legend(frameon=False)
    looks = [row for row in found if row.get("axes")]
    for number, axis in enumerate(looks[-1]["axes"] if looks else ()):
        share = [row["axes"][axis]["accuracy"] for row in looks]
        right.plot([row["step"] for row in looks], share, color=f"C{number}", label=axis, marker=".")
        right.axhline(looks[-1]["axes"][axis]["majority"], color=f"C{number}", linestyle=":", linewidth=1)
    right.set(xlabel="update", ylabel="share that is right", ylim=(-0.02, 1.02))
    right.set_title("Validation answers (dotted: majority)")
    if looks:
        right.legend(frameon=False, fontsize="x-small", loc="upper left", bbox_to_anchor=(1.0, 1.0))
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(folder / PLOT, dpi=120)
    return folder / PLOT
