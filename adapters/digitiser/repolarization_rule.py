"""ST and T without a cause of their own, by rule.

Criteria: AHA/ACCF/HRS 2009, part IV (Rautaharju et al., Circulation 119:e241). What a page changes about their
numbers was set on the training folds and stands beside them.
"""

from __future__ import annotations

from collections.abc import Mapping

from einthoven.adapters.digitiser.shape import Shape

__all__ = ["repolarization"]

#: The leads in which part IV calls T low: its share of R, where R has so many mV.
_LOW_LEADS, _LOW, _TALL_R = ("I", "II", "V4", "V5", "V6"), 0.10, 0.3

#: mV below which T is inverted and no longer low (part IV: -0.1; between it and 0.1 T is flat). Half of it is told
#: from the line.
_INVERTED = -0.05

#: The leads that look at the left ventricle and where T has to be upright in adults.
_LEFT = ("I", "II", "aVL", "aVF", "V3", "V4", "V5", "V6")

#: mV of ST depression in two leads. Part IV and the universal definition ask for 0.05; the page's line is 0.04 mV
#: thick, and on the training folds 0.03 is 0.95 sensitive and 0.93 specific, 0.05 0.74 and 0.98.
_DEPRESSED = 0.03


def repolarization(leads: Mapping[str, Shape]) -> frozenset[str]:
    """Name what ST and T show.

    Parameters
    ----------
    leads : mapping of str to Shape
        The beat lead by lead.
    """
    low = {lead for lead in _LOW_LEADS if lead in leads and _is_low(leads[lead])}
    inverted = {lead for lead in _LOW_LEADS if lead in leads and _is_inverted(leads[lead])}
    own = {lead: leads[lead] for lead in _LEFT if lead in leads}
    depressed = {lead for lead, shape in own.items() if shape.st <= -_DEPRESSED}
    labels = set()
    if low:
        labels.add("low_t_wave")
    if low or inverted:
        labels.add("t_wave_abnormality")
    if len(depressed) >= 2:
        labels.add("st_depression")
    if any(own[lead].t < _LOW * own[lead].r for lead in depressed):
        labels.add("nonspecific_st_t_change")
    return frozenset(labels)


def _is_low(shape: Shape) -> bool:
    tall = max(shape.r, shape.r2)
    return tall >= _TALL_R and _INVERTED < shape.t < _LOW * tall


def _is_inverted(shape: Shape) -> bool:
    return shape.t <= _INVERTED and max(shape.r, shape.r2) > max(shape.q, shape.s) / 2.0
