"""The label spaces that the field scores PTB-XL's 71 statement codes in: all, diagnostic, its classes, form, rhythm.

``scp_groups.csv`` repeats the columns of PTB-XL 1.0.3's own ``scp_statements.csv``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from einthoven.tasks.statements.table import table_rows

__all__ = ["scp_groups"]


@cache
def scp_groups() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Return by label space its labels, and by label the codes of which one must be there.

    Returns
    -------
    mapping of str to mapping of str to tuple of str
        ``all`` (71 labels), ``diagnostic`` (44), ``subdiagnostic`` (23), ``superdiagnostic`` (5), ``form`` (19) and
        ``rhythm`` (12); in the first two and last two a label is a code.
    """
    rows = table_rows("scp_groups.csv")
    found: dict[str, dict[str, tuple[str, ...]]] = {"all": {row["code"]: (row["code"],) for row in rows}}
    found["diagnostic"] = {row["code"]: (row["code"],) for row in rows if row["diagnostic"]}
    for space, column in (("subdiagnostic", "subclass"), ("superdiagnostic", "superclass")):
        labels = sorted({row[column] for row in rows if row["diagnostic"]})
        found[space] = {
            label: tuple(row["code"] for row in rows if row["diagnostic"] and row[column] == label)
            for label in labels
        }
    for space in ("form", "rhythm"):
        found[space] = {row["code"]: (row["code"],) for row in rows if row[space]}
    return found
