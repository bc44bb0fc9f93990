"""Numbers as they stand on the page. Unknown is a word, never 0; what rounds to 0 but is not says so."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["bar_x", "count", "dollars", "interval", "percent", "plain", "signed"]

#: What the small bars span, in gain. Two informednesses may differ by 2; beyond 1 the bar ends and the figures go on.
_BAR = (-1.0, 1.0)


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


def percent(share: float | None) -> str:
    """Return a share: ``94.2 %``; some but fewer than one in two thousand is ``< 0.1 %``; spaces do not break."""
    if share is None:
        return "none"
    return "<\u00a00.1\u00a0%" if 0 < share < 0.0005 else f"{100 * share:.1f}\u00a0%"


def count(number: float | None) -> str:
    """Return a whole number: ``1,108``."""
    return "unknown" if number is None else f"{int(number):,}"


def dollars(amount: float | None) -> str:
    """Return a price: ``unknown`` is not ``$0.00``, and a fraction of a cent is ``< $0.01``."""
    if amount is None:
        return "unknown"
    return "< $0.01" if 0 < amount < 0.005 else f"${amount:,.2f}"


def bar_x(value: float) -> str:
    """Return where a gain lies on a bar of 200 units, one unit 0.01; beyond the ends is at the end."""
    low, high = _BAR
    return f"{100 * (min(max(value, low), high) - low):.0f}"
