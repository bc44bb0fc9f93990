"""Whom the errors meet: the cost of an ECG by group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from einthoven.bench.audit.canvas import CRITICAL, FALSE, QUIET, canvas
from einthoven.bench.scoring.verdict import LEVEL

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["draw_subgroups"]

#: A smaller group is not drawn, nor more groups of an attribute; all stand in the document.
_SMALLEST, _MOST = 10, 12


def draw_subgroups(audit: Mapping[str, Any]) -> Figure:
    """Draw a forest of the groups: cost, and cost beyond what their labels explain.

    Parameters
    ----------
    audit : mapping
        An ``audit.json``.
    """
    lines: list[tuple[str, Mapping[str, Any] | None]] = []
    for name, one in audit["subgroups"].items():
        shown = [group for group in one["groups"] if group["n"] >= _SMALLEST][:_MOST]
        left_out = len(one["groups"]) - len(shown)
        lines.append((name + (f"  ({left_out} smaller not drawn)" if left_out else ""), None))
        lines += [(_short(group["name"]), group) for group in shown]
    figure = canvas(
        audit, f"Cost of an ECG by group, weights: {audit['matrices'][0]['title']}", 9.6, 1.5 + 0.24 * len(lines)
    )
    left, right = figure.subplots(1, 2, sharey=True)
    for place, (_, group) in enumerate(lines):
        if group is None:
            continue
        p = group["p_beyond_holm"]
        for axes, key in ((left, "cost"), (right, "beyond")):
            found = group[key]
            marked = key == "beyond" and p is not None and p < LEVEL
            worse = marked and found["value"] > 0
            color = CRITICAL if worse else QUIET if group["few"] else FALSE
            if found["ci"] is not None:
                axes.plot(found["ci"], [place, place], color=color, linewidth=1.6)
            face = "white" if group["few"] else color
            axes.plot(found["value"], place, "D" if marked else "o", color=color, markerfacecolor=face, markersize=5)
    left.axvline(audit["matrices"][0]["rows"][0]["cost"]["value"], color=QUIET, linewidth=1, linestyle="--")
    right.axvline(0, color=QUIET, linewidth=1, linestyle="--")
    left.set_xlabel("cost of an ECG, 95 % interval (dashed: of all;\nopen: fewer than 30 records, not tested)")
    right.set_xlabel("beyond others with the same labels (diamond: p < 0.05\nafter Holm; red: costs more)")
    left.set_yticks(
        range(len(lines)),
        [text if group is None else f"{text}  (n = {group['n']:,})" for text, group in lines],
    )
    for label, (_, group) in zip(left.get_yticklabels(), lines, strict=True):
        label.set_fontweight("bold" if group is None else "normal")
    left.set_ylim(len(lines) - 0.4, -0.6)
    left.set_xlim(left=0)
    return figure


def _short(name: str) -> str:
    text = "".join(letter if letter.isprintable() else "?" for letter in name)
    return text if len(text) <= 30 else text[:29] + "…"
