"""What cannot wait: misses and false alarms per 1,000 ECGs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from einthoven.bench.audit.canvas import FALSE, MISSED, QUIET, canvas

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["draw_act_now"]


def draw_act_now(audit: Mapping[str, Any]) -> Figure:
    """Draw the act-now table as bars with their intervals.

    Parameters
    ----------
    audit : mapping
        An ``audit.json``.
    """
    rows = audit["act_now"]
    figure = canvas(
        audit, f"Act now: errors per 1,000 ECGs, and at {audit['per_day']:g} ECGs a day", 9.6, 1.4 + 0.46 * len(rows)
    )
    left, right = figure.subplots(1, 2, sharey=True)
    for axes, keys, color, title, hatch in (
        (left, ("missed_per_1000", "missed_per_day"), MISSED, "missed", ""),
        (right, ("false_per_1000", "false_per_day"), FALSE, "false alarms", "//"),
    ):
        longest = max((_end(_of(row, keys[0])) for row in rows), default=0.0)
        for place, row in enumerate(rows):
            found, day = _of(row, keys[0]), _of(row, keys[1])
            if found is None:  # the other panel's error
                continue
            if found["value"] is None:
                axes.text(0, place, f" {_why(row)}", va="center", color=QUIET, fontsize=8)
                continue
            axes.barh(place, found["value"], height=0.55, color=color, alpha=0.35, hatch=hatch, edgecolor=color)
            axes.plot(found["ci"], [place, place], color=color, linewidth=2)
            assert day is not None
            told = f" {found['value']:.1f}; {day['value']:.1f} a day"
            axes.text(found["ci"][1] + 0.01 * longest, place, told, va="center", fontsize=8)
        axes.set_xlim(0, 1.55 * longest or 1)
        axes.set_xlabel(f"{title} per 1,000 ECGs, 95 % interval")
    left.set_yticks(range(len(rows)), [_title(row) for row in rows])
    left.invert_yaxis()
    return figure


def _of(row: Mapping[str, Any], key: str) -> Mapping[str, Any] | None:
    """Return a figure of a condition; of the two confusions of infarction and normal, the one on its side."""
    if key in row:
        found: Mapping[str, Any] = row[key]
        return found
    side = "missed" if row["name"] == "mi_called_normal" else "false"
    own = row["per_1000" if key.endswith("1000") else "per_day"]
    return own if key.startswith(side) and "errors" in row else None


def _end(found: Mapping[str, Any] | None) -> float:
    return 0.0 if found is None or found["ci"] is None else float(found["ci"][1])


def _why(row: Mapping[str, Any]) -> str:
    return "not known in these data" if not row["n"] else "no case in these data"


def _title(row: Mapping[str, Any]) -> str:
    few = " (few)" if row["few"] else ""
    return f"{row['title']}\n{row['cases']:,} case{'' if row['cases'] == 1 else 's'}{few} in {row['n']:,} ECGs"
