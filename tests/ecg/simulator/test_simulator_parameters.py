from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ruler import ACUTE_ANTERIOR, AF, LBBB, PACED, RBBB

from einthoven.ecg.reading import Ischemia
from einthoven.ecg.simulator import Parameters
from einthoven.ecg.simulator.parameters import ANTERIOR, INFERIOR

FLUTTER = Parameters(rhythm="atrial_flutter", pr=None, heart_rate=75, ratio=4)
VT = Parameters(rhythm="ventricular_tachycardia", pr=None, heart_rate=160, qrs=150)
WPW = Parameters(conduction="preexcitation", pr=100, qrs=130)
OLD = Ischemia("old", INFERIOR)


def form(*names: str) -> dict[str, Any]:
    return {"findings": frozenset(names)}


IMPOSSIBLE: list[tuple[Parameters, dict[str, Any], str]] = [
    (AF, {"pr": 160}, "no PR interval"),
    (PACED, {"pr": 160}, "no PR interval"),
    (VT, {"pr": 160}, "no PR interval"),
    (Parameters(), {"pr": None}, "has a PR interval"),
    (Parameters(), {"pr": 70}, "80 to 400"),
    (Parameters(), {"pr": float("nan")}, "80 to 400"),
    (Parameters(heart_rate=110), {"pr": 320}, "before the T wave's peak"),
    (PACED, {"conduction": "lbbb"}, "hides the bundles"),
    (VT, {"conduction": "rbbb"}, "hides the bundles"),
    (PACED, {"ischemia": OLD}, "cannot be read"),
    (VT, {"ischemia": OLD}, "cannot be read"),
    (WPW, {"ischemia": OLD}, "cannot be read"),
    (LBBB, {"ischemia": Ischemia("acute", ANTERIOR)}, "cannot be read"),
    (FLUTTER, {"ischemia": OLD}, "cannot be read in atrial_flutter"),
    (Parameters(reversal="la_ra"), {"ischemia": OLD}, "another wall"),
    (LBBB, form("left_ventricular_hypertrophy"), "do not hold"),
    (RBBB, form("low_qrs_voltage"), "do not hold"),
    (FLUTTER, form("st_depression"), "do not hold"),
    (PACED, form("left_ventricular_hypertrophy"), "cannot be read"),
    (WPW, form("fragmented_qrs"), "cannot be read"),
    (Parameters(), form("left_ventricular_hypertrophy") | {"qrs_axis": 120}, "does not turn"),
    (Parameters(), form("right_ventricular_hypertrophy"), "turns the axis right"),
    (Parameters(), form("lv_strain"), "goes with"),
    (Parameters(), form("low_qrs_voltage", "high_qrs_voltage"), "of voltage, one form"),
    (Parameters(), form("pericarditis", "tall_t_wave"), "of repolarization, one form"),
    (Parameters(), form("long_qt"), "not a form"),
    (Parameters(ischemia=OLD), form("tall_t_wave"), "cannot be told apart"),
    (Parameters(ischemia=OLD), form("pathological_q_wave"), "Q waves of its own"),
    (Parameters(), form("ventricular_aneurysm"), "over an old infarction"),
    (AF, form("left_atrial_enlargement"), "in sinus rhythm"),
    (Parameters(), {"conduction": "lbbb"}, "QRS of 120 to 200"),
    (LBBB, {"conduction": "none"}, "QRS of 70 to 109"),
    (Parameters(), {"qrs": 115}, "QRS of 70 to 109"),
    (PACED, {"qrs": 100}, "QRS of 120 to 220"),
    (Parameters(), {"conduction": "left"}, "one of none, lbbb, rbbb"),
    (Parameters(), {"conduction": "lafb", "qrs_axis": -30}, "-45 to -90"),
    (Parameters(), {"conduction": "lpfb", "qrs_axis": 60}, "90 to 180"),
    (WPW, {"pr": 140}, "below 120"),
    (WPW, {"block": "two_to_one"}, "bridges"),
    (Parameters(), {"rhythm": "flutter"}, "one of sinus"),
    (Parameters(), {"rhythm": "other"}, "one of sinus"),
    (FLUTTER, {"ratio": 5}, "2:1, 3:1 or 4:1"),
    (FLUTTER, {"ratio": 2}, "220 to 350"),
    (Parameters(), {"ratio": 2}, "have a ratio"),
    (Parameters(), {"heart_rate": 230}, "30 to 200"),
    (Parameters(), {"heart_rate": float("nan")}, "30 to 200"),
    (PACED, {"heart_rate": 150}, "40 to 130"),
    (
        Parameters(rhythm="ventricular_fibrillation", pr=None, heart_rate=300, qrs_axis=None),
        {"qrs_axis": 50},
        "neither",
    ),
    (Parameters(), {"block": "complete", "pr": None, "heart_rate": 45}, "50 to 130"),
    (Parameters(), {"block": "complete", "atrial_rate": 80, "heart_rate": 45}, "no PR interval"),
    (Parameters(), {"block": "wenckebach", "heart_rate": 60}, "3 to 5 P waves"),
    (AF, {"block": "sinoatrial"}, "in sinus rhythm"),
    (Parameters(), {"pattern": "bigeminy"}, "are of premature"),
    (AF, {"ectopy": "pac"}, "only ventricular beats"),
    (Parameters(heart_rate=45), {"ectopy": "pvc"}, "50 to 125"),
    (ACUTE_ANTERIOR, {"ischemia": Ischemia("infarct_age_undetermined", ANTERIOR)}, "no statement names"),
    (ACUTE_ANTERIOR, {"ischemia": Ischemia("acute", ANTERIOR | INFERIOR)}, "no statement names"),
    (ACUTE_ANTERIOR, {"ischemia": Ischemia("acute")}, "no statement names"),
    (ACUTE_ANTERIOR, {"wellens": True}, "wellens needs"),
    (Parameters(), {"wellens": True}, "wellens needs"),
    (Parameters(), {"qrs_axis": 181}, "-180 to 180"),
    (LBBB, {"qrs_axis": None}, "narrow complexes only"),
    (Parameters(), {"qtc": 280}, "300 to 600"),
    (
        Parameters(heart_rate=180, rhythm="atrial_fibrillation", pr=None),
        {"conduction": "rbbb", "qrs": 190},
        "no room",
    ),
    (Parameters(), {"age": -1}, "between 0 and 120"),
    (Parameters(), {"sex": 2}, "0 (male)"),
    (Parameters(), {"noise": 6}, "0 to 5"),
]


@pytest.mark.parametrize(("base", "change", "reason"), IMPOSSIBLE)
def test_what_cannot_be_is_refused(base: Parameters, change: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError) as refusal:
        replace(base, **change)
    assert reason in str(refusal.value)


def test_qt_follows_fridericia() -> None:
    assert Parameters(heart_rate=60, qtc=400).qt == pytest.approx(400)
    assert Parameters(heart_rate=120, qtc=400, pr=130).qt == pytest.approx(400 * 0.5 ** (1 / 3))
