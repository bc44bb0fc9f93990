"""Voltage, by rule: left ventricular hypertrophy, low voltage.

Criteria: AHA/ACC/HRS 2009, part V (Hancock et al., Circulation 119:e251), table 1; without sex, Cornell's limit is
that of men.
"""

from __future__ import annotations

from collections.abc import Mapping

from einthoven.adapters.digitiser.shape import Shape

__all__ = ["low_voltage", "strain", "voltage_criteria"]

#: mV: S in V1 and R in V5 or V6 (Sokolow and Lyon 1949), R in aVL (as above), R in aVL and S in V3 (Cornell, Casale
#: et al. 1985, men).
_SOKOLOW, _AVL, _CORNELL = 3.5, 1.1, 2.8

#: mV from peak to peak, in all limb leads and in all chest leads (AHA/ACC/HRS 2009, part III).
_LOW_LIMB, _LOW_CHEST = 0.5, 1.0

#: mV of ST depression and of T inversion that are strain.
_ST, _T = 0.03, 0.05


def voltage_criteria(leads: Mapping[str, Shape]) -> int:
    """Count the criteria of left ventricular hypertrophy that the voltages meet, 0 to 3."""
    if not {"V1", "V3", "V5", "V6", "aVL"} <= set(leads):
        return 0
    deep = max(leads["V1"].s, leads["V1"].q)
    tall = max(leads["V5"].r, leads["V6"].r)
    cornell = leads["aVL"].r + max(leads["V3"].s, leads["V3"].q)
    return (deep + tall >= _SOKOLOW) + (leads["aVL"].r >= _AVL) + (cornell > _CORNELL)


def strain(leads: Mapping[str, Shape]) -> bool:
    """Tell ST depression with an inverted T wave where the left ventricle looks: I, aVL, V5, V6, in two of them."""
    own = [leads[lead] for lead in ("I", "aVL", "V5", "V6") if lead in leads]
    return sum(shape.st < -_ST and shape.t < -_T for shape in own) >= 2


def low_voltage(leads: Mapping[str, Shape]) -> bool:
    """Tell low QRS voltage in limb and chest leads."""
    if len(leads) < 12:
        return False
    size = {lead: max(shape.r, shape.r2) + max(shape.q, shape.s) for lead, shape in leads.items()}
    limb = max(size[lead] for lead in ("I", "II", "III", "aVR", "aVL", "aVF"))
    return limb < _LOW_LIMB and max(size[f"V{k}"] for k in range(1, 7)) < _LOW_CHEST
