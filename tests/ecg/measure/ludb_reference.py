"""What LUDB's annotators measured: their marks in twelve leads, brought to one number a record.

Per beat the onset of a wave is the third earliest over the leads and its end the third latest; only beats marked in
at least eight leads count, and a record's number is the median over its beats. The definition decides the number:
earliest to latest over the leads gives a median QRS of 120 ms, the median over the leads 93 ms, this one 104 ms.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from einthoven.ecg.recording import LEADS

RATE = 500.0
LEAST_LEADS = 8
THIRD = 2

Marks = list[tuple[int, int, int, int]]  # lead, onset, peak, end


@dataclass(frozen=True)
class Reference:
    """bpm and ms; nan where the annotators marked none."""

    heart_rate: float
    pr: float
    qrs: float
    qt: float


def is_tuning(record_id: str) -> bool:
    """Whether thresholds were chosen on this record: LUDB's odd numbers are shared out by fours."""
    return int(record_id) % 4 == 1


def reference(record: Path) -> Reference:
    """Read the annotations of a record, given by its path without suffix."""
    marks = _marks(record)
    qrs, p, t = (_waves(marks[kind], gap) for kind, gap in (("N", 0.10), ("p", 0.10), ("t", 0.15)))
    if not len(qrs):
        return Reference(*[float("nan")] * 4)
    pr, qt = [], []
    for k, (onset, _, end) in enumerate(qrs):
        earliest = max(onset - 0.5 * RATE, qrs[k - 1, 2] if k else 0)
        if len(before := p[(p[:, 0] > earliest) & (p[:, 0] < onset)]):
            pr.append(onset - before[-1, 0])
        latest = min(onset + 0.7 * RATE, qrs[k + 1, 0] if k + 1 < len(qrs) else np.inf)
        if len(behind := t[(t[:, 2] > end) & (t[:, 2] < latest)]):
            qt.append(behind[0, 2] - onset)
    rr = np.diff(qrs[:, 1])
    return Reference(60.0 * RATE / rr.mean() if len(rr) else np.nan, _ms(pr), _ms(qrs[:, 2] - qrs[:, 0]), _ms(qt))


def _marks(record: Path) -> dict[str, Marks]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import wfdb

        found: dict[str, Marks] = {"N": [], "p": [], "t": []}
        for number, lead in enumerate(LEADS):
            annotation = wfdb.rdann(str(record), lead.lower())
            symbols, samples = annotation.symbol, annotation.sample
            for k in range(1, len(symbols) - 1):
                if symbols[k] in found and symbols[k - 1] == "(" and symbols[k + 1] == ")":
                    found[symbols[k]].append((number, *map(int, samples[k - 1 : k + 2])))
    return found


def _waves(marks: Marks, gap: float) -> NDArray[np.float64]:
    """Gather marks of one wave whose peaks lie together; rows of onset, peak, end."""
    groups: list[Marks] = []
    for mark in sorted(marks, key=lambda mark: mark[2]):
        if groups and mark[2] - np.median([other[2] for other in groups[-1]]) <= gap * RATE:
            groups[-1].append(mark)
        else:
            groups.append([mark])
    rows = [
        (
            sorted(m[1] for m in group)[THIRD],
            np.median([m[2] for m in group]),
            sorted(m[3] for m in group)[-1 - THIRD],
        )
        for group in groups
        if len({mark[0] for mark in group}) >= LEAST_LEADS
    ]
    return np.array(rows, dtype=np.float64).reshape(-1, 3)


def _third_latest(group: Marks) -> int:
    return sorted(mark[3] for mark in group)[-1 - THIRD]


def _ms(samples: list[float] | NDArray[np.float64]) -> float:
    return float(np.median(samples)) * 1e3 / RATE if len(samples) else float("nan")
