"""From what was measured on a page to a reading over the eight axes, by rules with their sources.

What no rule here can say stays unsaid: the reading names no finding without one.
"""

from __future__ import annotations

from collections.abc import Mapping

from einthoven.adapters.digitiser import voltage_rule
from einthoven.adapters.digitiser.atrial_rule import atria
from einthoven.adapters.digitiser.beats import Beats
from einthoven.adapters.digitiser.conduction_rule import conduction
from einthoven.adapters.digitiser.ectopy_rule import ectopy
from einthoven.adapters.digitiser.ischemia_rule import ischemia, q_walls
from einthoven.adapters.digitiser.repolarization_rule import repolarization
from einthoven.adapters.digitiser.rhythm_rule import rhythm
from einthoven.adapters.digitiser.shape import Shape, shapes
from einthoven.ecg.reading import Ischemia, Reading
from einthoven.tasks import taxonomy
from einthoven.tasks.measured import axis_truth, rate_truth

__all__ = ["reading", "statements"]

#: ms of a long QTc (Fridericia): women's limit, as the page does not say whose it is (ESC 2015, Priori et al., Eur
#: Heart J 36:2793); a QRS this wide lengthens QT by itself.
_LONG_QTC, _WIDE = 460.0, 120.0

#: Rhythms as diagnoses; sinus rhythm goes by its rate.
_RHYTHM_STATEMENTS = {"paced": "paced_rhythm"}
_SINUS = {"bradycardia": "sinus_bradycardia", "normal": "sinus_rhythm", "tachycardia": "sinus_tachycardia"}

_INFARCTED = frozenset({"acute", "recent", "old", "infarct_age_undetermined"})


def reading(found: Beats) -> Reading:
    """Read a page.

    Parameters
    ----------
    found : Beats
        What was measured on it.
    """
    leads = shapes(found.form, found.usable)
    rate = rate_truth(found.rhythm.measurements).value
    axis = axis_truth(found.form.measurements).value
    named = rhythm(found)
    blocks = conduction(found, leads, named)
    walls = ischemia(leads, blocks, named, voltage_rule.hypertrophy(leads))
    others = _others(found, leads, blocks, named)
    rate_named = rate if isinstance(rate, str) else "normal"
    return Reading(
        rate=rate_named,
        rhythm=named,
        axis=axis if isinstance(axis, str) else "indeterminate",
        conduction=blocks,
        ischemia=walls,
        other_findings=others,
        diagnosis=_diagnosis(rate_named, named, blocks, walls, others),
    )


def _others(found: Beats, leads: Mapping[str, Shape], blocks: frozenset[str], named: str) -> frozenset[str]:
    if named == "paced":
        return frozenset()
    labels = {*ectopy(found, named), *atria(found)}
    if "lbbb" in blocks or not leads:
        return frozenset(labels)
    if voltage_rule.tall(leads):
        labels.add("lvh_voltage_criteria")
    if voltage_rule.hypertrophy(leads):
        labels.add("left_ventricular_hypertrophy")
    if voltage_rule.low_voltage(leads):
        labels.add("low_qrs_voltage")
    if q_walls(leads):
        labels.add("pathological_q_wave")
    labels |= repolarization(leads)
    qtc, qrs = found.form.measurements.qtc_fridericia, found.form.measurements.qrs
    if qtc is not None and qtc >= _LONG_QTC and (qrs is None or qrs < _WIDE):
        labels.add("long_qt")
    return frozenset(labels)


def _diagnosis(
    rate: str, named: str, blocks: frozenset[str], walls: frozenset[Ischemia], others: frozenset[str]
) -> frozenset[str]:
    """Restate the findings as statements."""
    known = frozenset(taxonomy.axes()["diagnosis"].values)
    labels = {_SINUS[rate] if named == "sinus" else _RHYTHM_STATEMENTS.get(named, named), *blocks, *others}
    for entry in walls:
        kind = "myocardial_infarction" if entry.stage in _INFARCTED else entry.stage
        # Strain has no wall of its own (AHA/ACCF/HRS 2009, part V).
        strain = kind == "ischemia" and "left_ventricular_hypertrophy" in others
        labels |= {kind} if strain else statements(entry.walls, kind, known)
    if "first_degree_av_block" in blocks:
        labels.add("prolonged_pr")
    if "t_wave_abnormality" in others:
        labels.add("nondiagnostic_t_abnormality")
    if named in ("sinus", "sinus_arrhythmia") and not (blocks or walls or others):
        labels.add("normal_ecg")
    return known & labels


def statements(walls: frozenset[str], kind: str, known: frozenset[str]) -> set[str]:
    """Cover walls by few statements.

    Parameters
    ----------
    walls : frozenset of str
        Walls of one process.
    kind : str
        ``ischemia``, ``myocardial_infarction``, ``subendocardial_injury``.
    known : frozenset of str
        The statements there are. The one with the most walls comes first; what none names has no wall.
    """
    left, found = set(walls), set()
    named = {name: own for name, own in taxonomy.territories().items() if own and f"{name}_{kind}" in known}
    for name, own in sorted(named.items(), key=lambda item: -len(item[1])):
        if own <= left:
            found.add(f"{name}_{kind}")
            left -= own
    return found if found and not left else found | {kind}
