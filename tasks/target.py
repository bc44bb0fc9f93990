"""What a perfect model would answer, as far as the truth says: the source of training targets."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from einthoven.ecg.reading import AXES, Reading, Truth
from einthoven.tasks.task import Task

__all__ = ["reading_of"]


def reading_of(truth: Truth, chosen: Task | None = None) -> Reading:
    """Return the reading that a truth amounts to; what is masked is `None` and teaches nothing.

    Labels that are open are not in it. Ischaemia whose territory is masked keeps its stage without a territory.
    A task's training target is ``chosen.target(reading_of(truth, chosen))``.

    Parameters
    ----------
    truth : Truth
        Of one record.
    chosen : Task, optional
        Whose axes, and whose label, to give; the eight axes where `None`.
    """
    asked = AXES if chosen is None else chosen.asked
    fields: dict[str, Any] = {
        axis: truth[axis].value for axis in asked if axis not in ("ischemia_stage", "ischemia_territory")
    }
    if "ischemia_stage" in asked and not truth["ischemia_stage"].masked:
        nowhere = truth["ischemia_territory"].masked
        fields["ischemia"] = frozenset(replace(e, walls=frozenset()) if nowhere else e for e in truth.ischemia)
    if chosen is not None and chosen.space is not None:
        fields["label"] = chosen.space.truth(truth).value
    return Reading(**fields)
