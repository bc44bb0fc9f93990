"""What the pairs say, in lines for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from einthoven.bench.pair_scores import STATEMENTS
from einthoven.bench.scoring.contrasts import sign_test_p
from einthoven.bench.scoring.holm import holm
from einthoven.bench.scoring.verdict import LEVEL

__all__ = ["pair_lines"]


def pair_lines(result: Mapping[str, Any]) -> list[str]:
    """Name the contrasts that are read and those that are not, and the answers that flip for no reason.

    Parameters
    ----------
    result : mapping
        A ``result.json``; one without pairs says nothing.
    """
    pairs = result.get("pairs")
    if pairs is None:
        return []
    lines = []
    rows = pairs["contrasts"]
    if rows:
        read = [row for row in rows if row["p_holm"] is not None and row["p_holm"] < LEVEL]
        own, said = ([row for row in read if (row["axis"] == STATEMENTS) == wanted] for wanted in (False, True))
        factors = sum(row["axis"] != STATEMENTS for row in rows)
        named = ", ".join(f"{row['name']} {row['both_right']}/{row['n']}" for row in own)
        lines.append(f"pairs: {len(own)} of {factors} contrasts are read" + (f": {named}" if named else ""))
        if len(rows) > factors:
            named = ", ".join(f"{row['name'].partition(':')[2]} {row['both_right']}/{row['n']}" for row in said)
            lines.append(
                f"in statements ({STATEMENTS}): {len(said)} of {len(rows) - factors}"
                + (f": {named}" if named else "")
            )
        p_turned = holm({row["name"]: sign_test_p(row["both_reversed"], row["both_right"]) for row in rows})
        turned = [row for row in rows if p_turned[row["name"]] < LEVEL]
        if turned:
            named = ", ".join(f"{row['name']} {row['both_reversed']}/{row['n']}" for row in turned)
            lines.append(f"pairs whose sides are taken for each other: {named}")
    flips = {axis: row for axis, row in pairs["flips"].items() if row["n"]}
    if flips:
        n = max(row["n"] for row in flips.values())
        parts = [
            f"{axis} {row['share']:.0%} [{row['share_ci'][0]:.0%}, {row['share_ci'][1]:.0%}]"
            for axis, row in flips.items()
            if row["flipped"]
        ]
        told = (
            ", ".join(parts) if parts else f"none on any axis [0%, {next(iter(flips.values()))['share_ci'][1]:.0%}]"
        )
        lines.append(f"answers that flip for no reason, of {n} nuisance pairs: {told}")
    return lines
