"""What the records of each class cost, with any number of labels and on one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from einthoven.bench.audit.canvas import FALSE, MISSED, QUIET, canvas

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["draw_classes"]


def draw_classes(audit: Mapping[str, Any]) -> Figure:
    """Draw the mean cost of the records that have each class.

    Parameters
    ----------
    audit : mapping
        An ``audit.json``.
    """
    from matplotlib.patches import Rectangle

    figure = canvas(audit, f"Cost of the ECGs of each class, weights: {audit['matrices'][0]['title']}", 7.2, 3.6)
    axes = figure.add_subplot()
    model = audit["matrices"][0]["rows"][0]
    for place, row in enumerate(audit["classes_cost"].values()):
        cost = row["cost"]
        if cost["value"] is not None:
            axes.barh(place, cost["value"], height=0.55, color=MISSED, alpha=0.35)
            axes.plot(cost["ci"], [place, place], color=MISSED, linewidth=2)
        if row["single"] is not None:
            axes.plot(row["single"], place, "D", color=FALSE, markersize=6, clip_on=False)
    # an empty bar would have the key's colour, not its own
    axes.add_patch(Rectangle((0, 0), 0, 0, facecolor=MISSED, alpha=0.35, label="any number of labels, 95 %"))
    axes.plot([], [], "D", color=FALSE, markersize=6, label="on one label")
    axes.axvline(model["cost"]["value"], color=QUIET, linewidth=1, linestyle="--", label="all ECGs, any number")
    axes.set_yticks(
        range(len(audit["classes"])), [f"{name}  (n = {row['n']:,})" for name, row in audit["classes_cost"].items()]
    )
    axes.invert_yaxis()
    axes.set_xlim(left=0)
    axes.set_xlabel("mean cost of an ECG; 0 is no error. An ECG with several classes counts in each")
    axes.legend(fontsize=8, frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5))
    return figure
