"""An empty figure with the audit's title, and the colours that mean something in all of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["CRITICAL", "FALSE", "MISSED", "QUIET", "canvas"]

#: Contrast above 4.5 on white; never the only sign of what they mean.
CRITICAL, MISSED, FALSE, QUIET = "#B3001B", "#B34700", "#0072B2", "#6B6B6B"

#: Letters of a model's name in a title.
_LONGEST = 60


def canvas(audit: Mapping[str, Any], title: str, width: float, height: float) -> Figure:
    """Return an empty figure; under its title stand the model, the data and the weights.

    Parameters
    ----------
    audit : mapping
        An ``audit.json``.
    title : str
        What is to be seen.
    width, height : float
        Inches.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    data = audit["data"]
    model = "".join(letter if letter.isprintable() else "?" for letter in audit["model"]["name"])
    model = model if len(model) <= _LONGEST else model[: _LONGEST - 1] + "…"
    stamp = "SIMULATED ECGs, " if data["simulated"] else ""
    below = f"{model}; {stamp}{data['name']}, {data['records']:,} records of {data['patients']:,} patients"
    figure.suptitle(f"{title}\n{below}", fontsize=9, x=0.01, ha="left")
    return figure
