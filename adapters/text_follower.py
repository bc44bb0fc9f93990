"""``control/text-follower``: answers from the printed numbers by the clinical thresholds. Nothing is fitted.

Its verdicts are known: `leaks` where the numbers give an axis away, never `reads`; in the arm ``swapped`` it follows
the text, in the arm ``conflict`` too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from einthoven.ecg.measurements import Measurements
from einthoven.ecg.reading import Reading
from einthoven.exchange import Answer, Input, Request
from einthoven.tasks import taxonomy
from einthoven.tasks.measured import axis_class, rate_class
from einthoven.tasks.registry import task

__all__ = ["LONG_PR", "LONG_QTC", "WIDE_QRS", "TextFollower", "reading_of"]

#: Milliseconds. A PR above 200 is a first-degree block, a QRS of 120 or more a conduction delay (AHA/ACC/HRS 2009,
#: part III, Surawicz et al., Circulation 119:e235); a QTc of 460 or more is long (part IV, Rautaharju et al.,
#: Circulation 119:e241: 460 in women, 450 in men; the text-follower takes the higher one for all).
LONG_PR, WIDE_QRS, LONG_QTC = 200.0, 120.0, 460.0

#: Diagnoses that restate a class.
_RESTATED: Mapping[str, str] = {
    "bradycardia": "sinus_bradycardia",
    "tachycardia": "sinus_tachycardia",
    "left": "left_axis_deviation",
    "right": "right_axis_deviation",
    "extreme": "extreme_axis_deviation",
}


def reading_of(measurements: Measurements | None) -> Reading:
    """Return what the numbers say: normal where they say nothing or are not there.

    Parameters
    ----------
    measurements : Measurements or None
        Beats a minute, milliseconds, degrees.
    """
    m = Measurements() if measurements is None else measurements
    rate = "normal" if m.heart_rate is None else rate_class(m.heart_rate)
    axis = "normal" if m.qrs_axis is None else axis_class(m.qrs_axis)
    conduction = set()
    if m.pr is not None and m.pr > LONG_PR:
        conduction.add("first_degree_av_block")
    if m.qrs is not None and m.qrs >= WIDE_QRS:
        conduction.add("ivcd")
    findings = {"long_qt"} if m.qtc_fridericia is not None and m.qtc_fridericia >= LONG_QTC else set()
    stated = {_RESTATED[each] for each in (rate, axis) if each in _RESTATED} | conduction | findings
    if not stated & {"sinus_bradycardia", "sinus_tachycardia"}:
        stated.add("sinus_rhythm")
    if stated == {"sinus_rhythm"}:
        stated.add("normal_ecg")
    return Reading(
        rate=rate,
        rhythm=taxonomy.axes()["rhythm"].normal,
        axis=axis,
        conduction=frozenset(conduction),
        ischemia=frozenset(),
        other_findings=frozenset(findings),
        diagnosis=frozenset(stated),
    )


class TextFollower:
    """Answer from the measurements in the text; normal everywhere where there are none."""

    inputs = frozenset({Input.MEASUREMENTS})
    concurrency = 1

    def __init__(self, name: str = "control/text-follower") -> None:
        self.name = name
        self.parameters: Mapping[str, Any] = {}

    async def answer(self, request: Request) -> Answer:
        """Answer in the task's own form."""
        return Answer(task(request.task).target(reading_of(request.measurements)), latency_s=0.0)

    async def close(self) -> None:
        """Nothing to let go."""
