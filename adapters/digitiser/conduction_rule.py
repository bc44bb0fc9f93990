"""Conduction, by rule.

Criteria: AHA/ACC/HRS 2009, part III (Surawicz et al., Circulation 119:e235), for adults.
"""

from __future__ import annotations

from collections.abc import Mapping

from einthoven.adapters.digitiser.beats import Beats
from einthoven.adapters.digitiser.rhythm_rule import p_waves
from einthoven.adapters.digitiser.shape import Shape

__all__ = ["conduction"]

#: ms by which a page's QRS comes out longer than the signal's: the pen is 15 ms wide, and two or three beats are
#: averaged; median over the training folds.
_PEN_MS = 4.0

#: ms of a complete block; of a left one after Strauss et al., Am J Cardiol 2011;107:927 (women's limit): below it
#: the form is as often that of hypertrophy. An rSr' form in V1 counts as an incomplete right one from less than
#: 110 ms on, as readers name it (tuned on the training folds: sensitivity 0.61, specificity 0.95).
_COMPLETE, _LEFT, _INCOMPLETE_RIGHT = 120.0, 130.0, 95.0

#: ms up to which rSr' without the broad S of a complete block stays an incomplete one: a page's QRS of 12 leads is
#: laid together from beats that are aligned within 10 ms.
_INCOMPLETE_TO = 130.0

#: ms of first-degree AV block: 200 and what a page adds, since a P wave of 1 mm begins between two pixels. Tuned on
#: the training folds: at 200 twelve in a hundred other records have it, at 220 four, and of the block's own as many.
_LONG_PR = 220.0

#: Degrees of a left anterior and of a left posterior fascicular block. The statement asks for -45; readers name it
#: from left axis deviation on where II and aVF are rS (training folds: sensitivity 0.64 against 0.36).
_LAFB, _LPFB = (-90.0, -30.0), (100.0, 180.0)

#: A second R wave in V1 that is one: mV, and its share of the S wave before it.
_SECOND_R, _OF_S = 0.1, 0.35

#: mV of a Q wave in I or V6 that speaks against a left bundle branch block, ms of a broad S and of a broad R wave.
_SMALL_Q, _BROAD_S, _BROAD_R = 0.06, 40.0, 45.0


def conduction(found: Beats, leads: Mapping[str, Shape], rhythm: str) -> frozenset[str]:
    """Name the blocks.

    Parameters
    ----------
    found : Beats
        What was measured.
    leads : mapping of str to Shape
        The beat lead by lead.
    rhythm : str
        The rhythm: paced beats are not conducted, and PR needs P waves.
    """
    if rhythm == "paced":
        return frozenset()
    labels: set[str] = set()
    pr = found.rhythm.measurements.pr
    if pr is not None and p_waves(found) and rhythm in ("sinus", "sinus_arrhythmia") and pr > _LONG_PR:
        labels.add("first_degree_av_block")
    qrs, axis = found.form.measurements.qrs, found.form.measurements.qrs_axis
    if qrs is None or not {"I", "V1", "V6"} <= set(leads):
        return frozenset(labels)
    labels |= _bundles(leads, qrs - _PEN_MS)
    if "lbbb" not in labels and axis is not None and {"II", "aVF"} <= set(leads):
        down = all(max(leads[lead].q, leads[lead].s) > leads[lead].r for lead in ("II", "aVF"))
        # QS in every inferior lead is a scar and no block. A right block turns the end of the QRS, not its beginning.
        begins_up = any(leads[lead].r > 0.0 for lead in ("II", "aVF"))
        left = _LAFB[0] <= axis <= _LAFB[1] or ("rbbb" in labels and leads["I"].r > leads["I"].q)
        if down and begins_up and left:
            labels.add("lafb")
        elif _LPFB[0] <= axis <= _LPFB[1] and leads["I"].s > leads["I"].r and leads["aVF"].q > 0.0:
            labels.add("lpfb")
    return frozenset(labels)


def _bundles(leads: Mapping[str, Shape], width: float) -> set[str]:
    """Name what the QRS's width and form say; a left form of 120 to 130 ms is named neither way."""
    if width >= _COMPLETE:
        if _right_bundle(leads):
            return {"rbbb"}
        if _second_r(leads["V1"]) and width < _INCOMPLETE_TO:
            return {"incomplete_rbbb"}
        if not _left_bundle(leads):
            return {"ivcd"}
        return {"lbbb"} if width >= _LEFT else set()
    v1 = leads["V1"]
    return {"incomplete_rbbb"} if width >= _INCOMPLETE_RIGHT and _second_r(v1) else set()


def _second_r(v1: Shape) -> bool:
    return v1.r > 0.0 and v1.r2 > _SECOND_R


def _left_bundle(leads: Mapping[str, Shape]) -> bool:
    """Tell the left bundle's form: V1 goes down and does not come up again, I and V6 have no Q and no deep S."""
    v1, one, v6 = leads["V1"], leads["I"], leads["V6"]
    down = v1.area < 0 and v1.r2 < max(_SECOND_R, _OF_S * v1.s) and max(v1.q, v1.s) > 2.0 * v1.r
    return down and max(one.area, v6.area) > 0 and max(one.q, v6.q) < _SMALL_Q and one.s < 0.5 * max(one.r, 0.1)


def _right_bundle(leads: Mapping[str, Shape]) -> bool:
    """Tell the right bundle's form: V1 ends upwards, I or V6 ends with a broad S."""
    v1 = leads["V1"]
    second = v1.r2 > max(_SECOND_R, _OF_S * v1.s)
    alone = v1.r > 0.3 and v1.r > max(v1.s, v1.q) and v1.r_ms > _BROAD_R
    return (second or alone) and max(leads["I"].s_ms, leads["V6"].s_ms) >= _BROAD_S
