"""Numbers as they stand on the page. Unknown is a word, never 0; what rounds to 0 but is not says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = [
    "below_span",
    "ceiling",
    "count",
    "dollars",
    "interval",
    "percent",
    "plain",
    "probability",
    "seconds",
    "share_x",
    "signed",
    "span_x",
]

#: What the bars of gains span. No arm beats perfection by more than 1; what lies below the low end is an arrow at it,
#: and the figures beside the bar go on.
_SPAN = (-0.25, 1.0)


def signed(value: float | None) -> str:
    """Return a gain: ``+0.31``, ``−0.02``, ``0.00``."""
    if value is None:
        return "none"
    rounded = round(value, 2)
    return f"{rounded:+.2f}".replace("-", "−") if rounded else "0.00"


def plain(value: float | None) -> str:
    """Return a number with two decimals and a sign only where it is negative."""
    return "none" if value is None else f"{round(value, 2) + 0.0:.2f}".replace("-", "−")


def interval(ends: Sequence[float] | None) -> str:
    """Return an interval: ``+0.25 to +0.37``."""
    return "no interval" if ends is None else f"{signed(ends[0])} to {signed(ends[1])}"


def percent(share: float | None, digits: int = 1) -> str:
    """Return a share: ``94.2 %``; some but fewer than one in two thousand is ``< 0.1 %``; spaces do not break."""
    if share is None:
        return "none"
    return "<\u00a00.1\u00a0%" if 0 < share < 0.0005 else f"{100 * share:.{digits}f}\u00a0%"


def count(number: float | None) -> str:
    """Return a whole number: ``1,108``."""
    return "unknown" if number is None else f"{int(number):,}"


def dollars(amount: float | None) -> str:
    """Return a price: ``unknown`` is not ``$0.00``, and a fraction of a cent is ``< $0.01``."""
    if amount is None:
        return "unknown"
    return "< $0.01" if 0 < amount < 0.005 else f"${amount:,.2f}"


def seconds(amount: float | None) -> str:
    """Return a latency; ``unknown`` where nobody measured."""
    return "unknown" if amount is None else f"{amount:.2f}\u00a0s"


def probability(p: float | None) -> str:
    """Return a p value with its relation: ``p = 0.012``, ``p < 0.001``."""
    if p is None:
        return "p not computed"
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def ceiling(image: Mapping[str, Any]) -> float | None:
    """Return the gain of a perfect reader on an axis: what the best blind arm leaves to be gained."""
    if image.get("gain") is None or image.get("informedness") is None:
        return None
    return float(1 - (image["informedness"] - image["gain"]))


def below_span(value: float) -> bool:
    """Tell whether a gain lies below what bars span."""
    return value < _SPAN[0]


def span_x(value: float) -> str:
    """Return where a gain lies on a bar of 250 units, one unit 0.005; beyond the ends is at the end."""
    low, high = _SPAN
    return f"{200 * (min(max(value, low), high) - low):.0f}"


def share_x(value: float) -> str:
    """Return where a share lies on a bar of 200 units."""
    return f"{200 * min(max(value, 0.0), 1.0):.0f}"
