"""Findings per ECG: whether a model says as much as there is to say."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np

from einthoven.bench.scoring.bootstrap import interval, resampled
from einthoven.bench.scoring.counts import patient_index
from einthoven.ecg.reading import AXES, Reading, Truth
from einthoven.tasks import taxonomy

__all__ = ["answered_findings", "findings_per_ecg", "true_findings"]

#: The axes whose values are counted one by one; ischaemia is counted by entries, and diagnosis restates them all.
_COUNTED = ("rate", "rhythm", "axis", "conduction", "other_findings")


def true_findings(truth: Truth, asked: Collection[str] = AXES) -> int:
    """Count what the source says is there on the axes asked: what is not normal, each ischaemia entry once."""
    count = 0
    for axis in _COUNTED:
        if axis not in asked:
            continue
        value = truth[axis].value
        if isinstance(value, frozenset):
            count += len(value)
        elif value is not None:
            count += value != taxonomy.axes()[axis].normal
    shown = "ischemia_stage" in asked and not truth["ischemia_stage"].masked
    return count + (len(truth.ischemia) if shown else 0)


def answered_findings(reading: Reading, truth: Truth) -> int:
    """Count a reading's findings on the axes, and among the labels, on which this record's truth says something."""
    kept: dict[str, Any] = {}
    for axis in _COUNTED:
        value = getattr(reading, axis)
        if not truth[axis].masked:
            kept[axis] = value - truth[axis].open if isinstance(value, frozenset) else value
    if not truth["ischemia_stage"].masked:
        kept["ischemia"] = reading.ischemia
    return taxonomy.findings(Reading(**kept))


def findings_per_ecg(
    truths: Sequence[Truth],
    readings: Sequence[Reading | None],
    patients: Sequence[str],
    *,
    asked: Collection[str] = AXES,
    resamples: int,
    seed: int,
) -> dict[str, Any]:
    """Return the mean number of findings an ECG, true and answered, with patient-clustered bootstrap intervals.

    Answers that are not ok say nothing; the model's mean is over the others. Both count the axes asked for; of a task
    that asks for none, the truth is counted on all and the model's number is unknown.

    Returns
    -------
    dict
        ``truth``, ``truth_ci``, ``model``, ``model_ci``; the model's are `None` where no answer is ok.
    """
    answered = readings if asked else [None] * len(truths)
    index = patient_index(patients)
    rows = np.zeros((4, index.max(initial=-1) + 1))
    for patient, truth, reading in zip(index, truths, answered, strict=True):
        rows[0, patient] += true_findings(truth, asked or AXES)
        rows[1, patient] += 1
        if reading is not None:
            rows[2, patient] += answered_findings(reading, truth)
            rows[3, patient] += 1
    total = rows.sum(axis=1)
    draws = np.full((2, resamples), np.nan)
    for part, drawn in resampled(rows, resamples, seed):
        with np.errstate(invalid="ignore", divide="ignore"):
            draws[:, part] = drawn[[0, 2]] / drawn[[1, 3]]
    found: dict[str, Any] = {}
    for name, value, count, values in (
        ("truth", total[0], total[1], draws[0]),
        ("model", total[2], total[3], draws[1]),
    ):
        # A resample without any answer that is ok has no mean.
        ends = interval(values[np.isfinite(values)]) if count else (None, None)
        found[name] = round(float(value / count), 6) if count else None
        found[f"{name}_ci"] = None if None in ends else [round(float(end), 6) for end in ends if end is not None]
    return found
