"""The error table: counted batch by batch, so that it can be made in slices, and put into shares with bounds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from scipy.stats import beta

from einthoven.bench.error_rates.cells import CELLS, Cell
from einthoven.bench.error_rates.simulate import PAIRS, RESAMPLES, AxisOutcome
from einthoven.bench.scoring.permutation import FLIPS
from einthoven.bench.scoring.power import ALPHA

__all__ = ["BOUND", "markdown", "table_of", "tally", "upper_bound"]

#: What the upper bounds of a cell without readers must not exceed.
BOUND = 0.06


def tally(cell: Cell, batch: int, outcomes: Sequence[Mapping[str, AxisOutcome]]) -> dict[str, Any]:
    """Count one batch: one line of the journal."""
    words: Counter[str] = Counter()
    axes: dict[str, Counter[str]] = {axis: Counter() for axis in outcomes[0]}
    for model in outcomes:
        for axis, found in model.items():
            words[found.word] += 1
            axes[axis][found.word] += 1
            axes[axis]["tested"] += found.p is not None
            axes[axis]["passed"] += found.passed
            axes[axis]["at_alpha"] += found.p is not None and found.p <= ALPHA
            axes[axis]["planned"] += found.p is not None and found.mde is not None
    return {
        "cell": cell.name,
        "batch": batch,
        "models": len(outcomes),
        "passed": sum(any(found.passed for found in model.values()) for model in outcomes),
        "reads": sum(any(found.word == "reads" for found in model.values()) for model in outcomes),
        "words": dict(words),
        "axes": {axis: dict(counts) for axis, counts in axes.items()},
    }


def upper_bound(found: int, of: int) -> float:
    """Return the one-sided upper 95 % bound of a share (Clopper and Pearson 1934)."""
    return 1.0 if found == of else float(beta.ppf(0.95, found + 1, of - found))


def table_of(lines: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Put tallies together.

    Parameters
    ----------
    lines : iterable of mapping
        From `tally`, each batch of a cell once.

    Returns
    -------
    dict
        ``engine`` (swaps, resamples, pairs a contrast) and ``cells``: by name what it is, the number of models, the
        shares of models with any axis that passed test 1 and any axis called ``reads``, each with its upper bound;
        how often each word was given; and by axis how often test 1 was passed after Holm, how often at the plan's
        own level, and the words.
    """
    rows: dict[str, list[Mapping[str, Any]]] = {name: [] for name in CELLS}
    for line in lines:
        rows[line["cell"]].append(line)
    return {
        "engine": {"swaps": FLIPS, "resamples": RESAMPLES, "pairs": PAIRS, "alpha": ALPHA},
        "cells": {name: _cell(CELLS[name], found) for name, found in rows.items() if found},
    }


def _cell(cell: Cell, lines: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    models = sum(line["models"] for line in lines)
    words: Counter[str] = Counter()
    for line in lines:
        words.update(line["words"])
    row: dict[str, Any] = {
        "title": cell.title,
        "null": cell.null,
        "records": cell.records,
        "majority": cell.majority if isinstance(cell.majority, float) else dict(cell.majority),
        "clustered": cell.clustered,
        "models": models,
    }
    for name in ("passed", "reads"):
        times = sum(line[name] for line in lines)
        row[name] = {
            "models": times,
            "share": round(times / models, 6),
            "upper": round(upper_bound(times, models), 6),
        }
    row["words"] = {word: round(times / words.total(), 6) for word, times in sorted(words.items())}
    row["axes"] = {}
    for axis in lines[0]["axes"]:
        counts: Counter[str] = Counter()
        for line in lines:
            counts.update(line["axes"][axis])
        row["axes"][axis] = {
            key: round(counts[key] / models, 6)
            for key in ("tested", "planned", "at_alpha", "passed", *sorted(words))
            if counts[key]
        }
    return row


def markdown(table: Mapping[str, Any]) -> list[str]:
    """Return the table as it stands in docs/protocol.md: the cells, then the readers axis by axis."""
    lines = [
        "| cell | what its models do | ECGs | normal | test 1 passed | `reads` | words |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, row in table["cells"].items():
        shares = [row["majority"]] if isinstance(row["majority"], float) else sorted(row["majority"].values())
        normal = " to ".join(f"{100 * share:.0f}" for share in dict.fromkeys((shares[0], shares[-1])))
        passed, reads = (
            f"{100 * row[key]['share']:.1f} %" + (f" (<= {100 * row[key]['upper']:.1f})" if row["null"] else "")
            for key in ("passed", "reads")
        )
        words = ", ".join(f"{word} {100 * share:.1f} %" for word, share in row["words"].items())
        records = f"{row['records']:,}{', clustered' if row['clustered'] else ''}"
        lines.append(f"| {name} | {row['title']} | {records} | {normal} % | {passed} | {reads} | {words} |")
    readers = {name: row for name, row in table["cells"].items() if not row["null"]}
    lines += ["", f"| axis | {' | '.join(readers)} |", "|---|" + "---|" * len(readers)]
    for axis in next(iter(readers.values()), {"axes": {}})["axes"]:
        cells = []
        for row in readers.values():
            found = row["axes"][axis]
            tested = found.get("tested", 0.0)
            share = found.get("at_alpha", 0.0) / tested if tested else 0.0
            cells.append(f"{100 * share:.0f} % of {100 * tested:.0f} %" if tested else "never scored")
        lines.append(f"| {axis} | {' | '.join(cells)} |")
    return lines
