"""What a perfect model would answer, as far as the truth says: the source of training targets."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from einthoven.ecg.reading import Reading, Truth

__all__ = ["reading_of"]


def reading_of(truth: Truth) -> Reading:
    """Return the reading that a truth amounts to; what is masked is `None` and teaches nothing.

    Labels that are open are not in it. Ischaemia whose territory is masked keeps its stage without a territory.

    Parameters
    ----------
    truth : Truth
        Of one record.
    """
    fields: dict[str, Any] = {
        axis: truth[axis].value for axis in ("rate", "rhythm", "axis", "conduction", "other_findings", "diagnosis")
    }
    if not truth["ischemia_stage"].masked:
        nowhere = truth["ischemia_territory"].masked
        fields["ischemia"] = frozenset(replace(e, walls=frozenset()) if nowhere else e for e in truth.ischemia)
    return Reading(**fields)
