"""The scores of trained weights on test records, and the files that they leave in the folder of the weights."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from einthoven.adapters.signal.checkpoint import read_config
from einthoven.adapters.signal.outputs import SUPERCLASS
from einthoven.bench.label_report import LABELS, label_report
from einthoven.bench.reliability_plot import reliability_plot
from einthoven.bench.signal_test import TESTED, tested

__all__ = ["RELIABILITY", "REPORT", "signal_report"]

#: What a test leaves in the folder beside `TESTED`: the scores of all labels, and the superclasses' reliability.
REPORT, RELIABILITY = "test.json", "reliability.png"


def signal_report(folder: Path, data: str, test: str) -> dict[str, Any]:
    """Score the test records in every label space of the network; its superclasses go into a file for comparisons.

    Parameters
    ----------
    folder : Path
        Of the weights.
    data : str
        Data name whose validation records choose the thresholds of F1.
    test : str
        Data name whose test records are scored.

    Returns
    -------
    dict
        By label space a row a label, the mean first.

    Raises
    ------
    EinthovenError
        Weights or data that cannot be used.
    """
    tested(folder, test).write(folder / TESTED)
    group = "scp" if read_config(folder).recipe.outputs == "scp" else SUPERCLASS
    answered, validation = tested(folder, test, group=group), tested(folder, data, "validation", group)
    if group != SUPERCLASS:
        answered.write(folder / f"test-{group}.npz")
        validation.write(folder / f"validation-{group}.npz")
    report = label_report(answered, validation)
    drawn = report.get("superdiagnostic") or next(iter(report.values()))
    reliability_plot(drawn.names, drawn.scores, folder / RELIABILITY)
    rows = {space if space != LABELS else group: one.rows() for space, one in report.items()}
    (folder / REPORT).write_text(json.dumps(rows, indent=1), encoding="utf-8")
    return rows
