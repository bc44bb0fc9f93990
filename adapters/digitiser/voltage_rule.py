"""Voltage, by rule: left ventricular hypertrophy, low voltage.

Criteria: AHA/ACC/HRS 2009, part V (Hancock et al., Circulation 119:e251), table 1; without sex, Cornell's limit is
that of men.
"""

from __future__ import annotations

from collections.abc import Mapping

from einthoven.adapters.digitiser.shape import Shape

__all__ = ["hypertrophy", "low_voltage", "strain", "tall"]

#: mV: S in V1 and R in V5 or V6 (Sokolow and Lyon 1949: 3.5, less the 0.07 that a page's pen takes off the two tips,
#: median over the training folds), R in aVL (as above), R in aVL and S in V3 (Cornell, Casale et al. 1985, men), the
#: deepest S and that in V4 (Peguero et al., J Am Coll Cardiol 2017;69:1694, men).
_SOKOLOW, _AVL, _CORNELL, _PEGUERO = 3.43, 1.1, 2.8, 2.8

#: mV from peak to peak, in all limb leads and in all chest leads (AHA/ACC/HRS 2009, part III).
_LOW_LIMB, _LOW_CHEST = 0.5, 1.0

#: mV of ST depression that is strain beside tall voltages; T need not be inverted yet. Training folds, of
#: hypertrophy: two criteria, or one with strain, are 0.77 sensitive and 0.95 specific.
_ST = 0.03


def tall(leads: Mapping[str, Shape]) -> bool:
    """Tell whether a voltage criterion of left ventricular hypertrophy is met: Sokolow-Lyon, Cornell, R in aVL."""
    return sum(_criteria(leads)[:3]) > 0


def hypertrophy(leads: Mapping[str, Shape]) -> bool:
    """Tell left ventricular hypertrophy: two criteria, or one with strain; Peguero-Lo Presti counts as one."""
    met = sum(_criteria(leads))
    return met > 1 or (met == 1 and strain(leads))


def strain(leads: Mapping[str, Shape]) -> bool:
    """Tell ST depression in two of the leads that look at the left ventricle: I, aVL, V5, V6."""
    own = [leads[lead] for lead in ("I", "aVL", "V5", "V6") if lead in leads]
    return sum(shape.st < -_ST for shape in own) >= 2


def _criteria(leads: Mapping[str, Shape]) -> tuple[bool, bool, bool, bool]:
    """Hold the voltages against Sokolow-Lyon, R in aVL, Cornell and Peguero-Lo Presti."""
    if not {"V1", "V3", "V4", "V5", "V6", "aVL"} <= set(leads):
        return False, False, False, False
    deep = {lead: max(shape.s, shape.q) for lead, shape in leads.items() if lead != "aVR"}
    return (
        deep["V1"] + max(leads["V5"].r, leads["V6"].r) >= _SOKOLOW,
        leads["aVL"].r >= _AVL,
        leads["aVL"].r + deep["V3"] > _CORNELL,
        max(deep.values()) + deep["V4"] >= _PEGUERO,
    )


def low_voltage(leads: Mapping[str, Shape]) -> bool:
    """Tell low QRS voltage in limb and chest leads."""
    if len(leads) < 12:
        return False
    size = {lead: max(shape.r, shape.r2) + max(shape.q, shape.s) for lead, shape in leads.items()}
    limb = max(size[lead] for lead in ("I", "II", "III", "aVR", "aVL", "aVF"))
    return limb < _LOW_LIMB and max(size[f"V{k}"] for k in range(1, 7)) < _LOW_CHEST
