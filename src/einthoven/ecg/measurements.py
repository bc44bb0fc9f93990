"""What an ECG cart prints above the trace."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Measurements"]


@dataclass(frozen=True, slots=True)
class Measurements:
    """Global measurements of a recording; `None` where unknown.

    Attributes
    ----------
    heart_rate : float or None
        Mean ventricular rate, beats a minute.
    pr, qrs, qt, qtc_fridericia, qtc_bazett : float or None
        Milliseconds. Fridericia: QT / RR**(1/3); Bazett: QT / RR**(1/2), RR in seconds.
    p_axis, qrs_axis, t_axis : float or None
        Frontal axes in degrees, -180 to 180, 0 along lead I, +90 along aVF.
    measurer : str
        Who measured: ``12sl``, ``einthoven``, the cart's name. Prompt numbers and truth from the same measurer are
        named in the bundle.
    """

    heart_rate: float | None = None
    pr: float | None = None
    qrs: float | None = None
    qt: float | None = None
    qtc_fridericia: float | None = None
    qtc_bazett: float | None = None
    p_axis: float | None = None
    qrs_axis: float | None = None
    t_axis: float | None = None
    measurer: str = ""
