"""What an audit says, in sentences for people; on the command line and on the site the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from einthoven.bench.scoring.verdict import LEVEL

__all__ = ["interval", "model_rank", "number", "share", "subgroup_lines", "summary_lines"]


def number(one: Mapping[str, Any], digits: int = 2) -> str:
    """Write a value with its interval; a dash where there is none."""
    if one["value"] is None:
        return "-"
    return f"{one['value']:.{digits}f}{interval(one['ci'], digits)}"


def interval(ends: Sequence[float] | None, digits: int = 2) -> str:
    """Write an interval behind its value; nothing where there is none."""
    return "" if ends is None else f" [{ends[0]:.{digits}f}, {ends[1]:.{digits}f}]"


def share(one: Mapping[str, Any], digits: int = 1) -> str:
    """Write a share in percent, with its interval."""
    if one["value"] is None:
        return "-"
    ends = None if one["ci"] is None else [100 * end for end in one["ci"]]
    return f"{100 * one['value']:.{digits}f} %{interval(ends, digits)}"


def model_rank(matrix: Mapping[str, Any], key: str = "cost") -> tuple[int, int]:
    """Return the model's place among the readers of a matrix, the cheapest first, and how many there are."""
    mine, *others = [one[key]["value"] for one in matrix["rows"]]
    return 1 + sum(other < mine for other in others), 1 + len(others)


def summary_lines(audit: Mapping[str, Any]) -> list[str]:
    """Say in words what a reader should take home.

    Parameters
    ----------
    audit : mapping
        An ``audit.json``.
    """
    leading = audit["matrices"][0]
    model = leading["rows"][0]
    lines = [
        f"Its errors cost {number(model['cost'])} an ECG with the weights “{leading['title']}”; an ECG without an "
        "error costs 0."
    ]
    cheaper, alike = leading["cheaper"], leading["alike"]
    if cheaper:
        verb = "is" if len(cheaper) == 1 else "are"
        lines.append(f"It would cost less to look at no ECG: {_listed(cheaper, 'and')} {verb} cheaper.")
    if alike:
        lines.append(f"It cannot be told from a reader who looks at no ECG: {_listed(alike, 'or')}.")
    if not cheaper and not alike:
        best = min(leading["rows"][1:], key=lambda one: one["cost"]["value"])
        lines.append(
            f"It is cheaper than every reader who always says the same; the best of them, “{best['reader']}”, costs "
            f"{number(best['cost'])}."
        )
    places = [(matrix["title"], *model_rank(matrix)) for matrix in audit["matrices"]]
    if len({place for _, place, _ in places}) > 1:
        told = ", ".join(f"{_ordinal(place)} with “{title}”" for title, place, _ in places)
        of = places[0][2]
        lines.append(
            f"Where it stands depends on the weights: of {of} readers, {of - 1} of whom always say the same, it is "
            f"{told}."
        )
    records = audit["records"]
    if records["invalid"]:
        all_of = audit["data"]["records"]
        lines.append(
            f"{records['invalid']} of {all_of} answers cannot be used; over the others an ECG costs "
            f"{number(audit['of_valid'])}."
        )
    return lines


def _listed(names: Sequence[str], word: str) -> str:
    *others, last = [f"“{name}”" for name in names]
    return f"{', '.join(others)} {word} {last}" if others else last


def _ordinal(place: int) -> str:
    if place == 1:
        return "cheapest"
    ending = "th" if place % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{ending} cheapest"


def subgroup_lines(audit: Mapping[str, Any]) -> list[str]:
    """Say which attributes make a difference, and how many groups are too small to tell."""
    lines = []
    for name, one in audit["subgroups"].items():
        if one["p_holm"] is None:
            lines.append(f"{name}: fewer than two groups of 30 records, nothing to compare")
            continue
        raw, beyond = one["p_holm"] < LEVEL, one["p_beyond_holm"] < LEVEL
        said = (
            "differs between groups, also beyond what their labels explain"
            if raw and beyond
            else "differs between groups as their labels do, not beyond"
            if raw
            else "differs beyond what the labels explain"
            if beyond
            else "no difference shown"
        )
        small = sum(group["few"] for group in one["groups"])
        rest = f"; {small} group{'s' * (small > 1)} under 30 records not tested" if small else ""
        lines.append(f"{name}: {said} (p {_p(one['p_holm'])}, beyond {_p(one['p_beyond_holm'])}){rest}")
    return lines


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"{value:.3f}"
