"""Draw whether labels are there as often as their probability says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from einthoven.bench.scoring.axis_score import Estimate
from einthoven.bench.scoring.calibration import BINS
from einthoven.bench.scoring.label_scores import LabelScores

__all__ = ["reliability_plot"]

#: Panels of one figure, in a row of so many: more are too small to be looked at.
_PANELS, _ROW = 20, 5


def reliability_plot(names: Sequence[str], scores: LabelScores, path: Path) -> Path:
    """Draw a panel a label: observed share against probability, a dot a bin, its area the bin's records.

    Parameters
    ----------
    names : sequence of str
        The labels.
    scores : LabelScores
        Theirs; labels without a case are left out, and of more than 20 the commonest are drawn.
    path : Path
        Where to; its ending says in what form (png, svg).
    """
    from matplotlib.figure import Figure

    there = [(name, one) for name, one in zip(names, scores.labels, strict=True) if one.cases and one.others]
    shown = sorted(there, key=lambda each: -each[1].cases)[:_PANELS] if len(there) > _PANELS else there
    width = min(_ROW, max(len(shown), 1))
    height = -(-len(shown) // width) or 1
    figure = Figure(figsize=(2.3 * width, 2.7 * height + 0.4), layout="constrained")
    panels = figure.subplots(height, width, squeeze=False, sharex=True, sharey=True).ravel()
    for panel, (name, one) in zip(panels, shown, strict=False):
        most = one.plot.records.max()
        panel.plot([0, 1], [0, 1], color="0.7", linewidth=0.8, zorder=1)
        panel.vlines(
            one.plot.predicted, one.plot.low, one.plot.high, color="tab:blue", alpha=0.35, linewidth=1, zorder=2
        )
        panel.plot(one.plot.predicted, one.plot.observed, color="tab:blue", linewidth=1, zorder=2)
        panel.scatter(
            one.plot.predicted, one.plot.observed, s=6 + 60 * one.plot.records / most, color="tab:blue", zorder=3
        )
        panel.set_title(f"{name} ({one.cases})\nECE {_told(one.ece)}", fontsize=8)
        panel.set(xlim=(-0.04, 1.04), ylim=(-0.04, 1.04), aspect="equal")
        panel.tick_params(labelsize=7)
        panel.spines[["top", "right"]].set_visible(False)
    for panel in panels[len(shown) :]:
        panel.set_visible(False)
    figure.supxlabel(f"probability, in {BINS} bins", fontsize=8)
    figure.supylabel("share with the label, 95 % intervals", fontsize=8)
    figure.savefig(path, dpi=130)
    return path


def _told(found: Estimate) -> str:
    if found.value is None or found.low is None or found.high is None:
        return "–"
    return f"{found.value:.2f} [{found.low:.2f}, {found.high:.2f}]"
