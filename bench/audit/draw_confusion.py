"""What is taken for what, with the critical cells in a double red border."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from einthoven.bench.audit.canvas import CRITICAL, canvas

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["draw_confusion"]


def draw_confusion(audit: Mapping[str, Any]) -> Figure:
    """Draw records on one label: true down, said across, the unusable answers last.

    Parameters
    ----------
    audit : mapping
        An ``audit.json``.
    """
    import numpy as np
    from matplotlib.patches import Rectangle

    counts = np.array(audit["confusion"])
    danger = np.array(audit["matrices"][0]["danger"])
    classes = audit["classes"]
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure = canvas(audit, "Confusion on one label an ECG: records, and percent of their row", 7.2, 4.6)
    axes = figure.add_subplot()
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1.25, aspect="auto")
    for row in range(len(classes)):
        for column in range(len(classes) + 1):
            dark = shares[row, column] > 0.7
            axes.text(
                column,
                row,
                f"{counts[row, column]:,}\n{100 * shares[row, column]:.0f} %",
                ha="center",
                va="center",
                color="white" if dark else "black",
                linespacing=1.4,
            )
    if (danger == danger.max()).sum() < danger.size - len(classes):  # if all errors weigh alike none stands out
        for row, column in np.argwhere(danger == danger.max()):
            for inset, line in ((0.03, 1.6), (0.09, 1.6)):
                side = 1 - 2 * inset
                corner = (column - 0.5 + inset, row - 0.5 + inset)
                axes.add_patch(
                    Rectangle(corner, side, side, fill=False, edgecolor=CRITICAL, linewidth=line, zorder=3)
                )
    axes.axvline(len(classes) - 0.5, color="white", linewidth=4)
    axes.set_xticks(range(len(classes) + 1), [*classes, "not usable"])
    axes.set_yticks(
        range(len(classes)), [f"{name}\nn = {n:,}" for name, n in zip(classes, counts.sum(axis=1), strict=True)]
    )
    axes.set_xlabel(f"said   (double red border: the errors that {audit['leading']} weighs most, {danger.max():g})")
    axes.set_ylabel("true")
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return figure
