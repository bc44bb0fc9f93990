from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ruler import ACUTE_ANTERIOR, AF, LBBB, PACED, RBBB

from einthoven.ecg.reading import Ischemia
from einthoven.ecg.simulator import Parameters
from einthoven.ecg.simulator.parameters import ANTERIOR, INFERIOR

IMPOSSIBLE: list[tuple[Parameters, dict[str, Any], str]] = [
    (AF, {"pr": 160}, "no PR interval"),
    (PACED, {"pr": 160}, "no PR interval"),
    (Parameters(), {"pr": None}, "has a PR interval"),
    (Parameters(), {"pr": 90}, "120 to 400"),
    (Parameters(), {"pr": float("nan")}, "120 to 400"),
    (Parameters(heart_rate=110), {"pr": 320}, "before the T wave's peak"),
    (PACED, {"conduction": "lbbb"}, "hides the bundles"),
    (PACED, {"ischemia": Ischemia("old", INFERIOR)}, "cannot be read"),
    (LBBB, {"ischemia": Ischemia("acute", ANTERIOR)}, "cannot be read"),
    (LBBB, {"lvh": True}, "do not hold"),
    (RBBB, {"lvh": True}, "do not hold"),
    (PACED, {"lvh": True}, "do not hold"),
    (Parameters(), {"lvh": True, "qrs_axis": 120}, "does not turn"),
    (Parameters(), {"conduction": "lbbb"}, "QRS of 120 to 200"),
    (LBBB, {"conduction": "none"}, "QRS of 70 to 109"),
    (Parameters(), {"qrs": 115}, "QRS of 70 to 109"),
    (PACED, {"qrs": 100}, "QRS of 130 to 220"),
    (Parameters(), {"conduction": "lafb"}, "one of none, lbbb, rbbb"),
    (Parameters(), {"rhythm": "flutter"}, "one of sinus"),
    (Parameters(), {"heart_rate": 190}, "30 to 180"),
    (Parameters(), {"heart_rate": float("nan")}, "30 to 180"),
    (PACED, {"heart_rate": 150}, "40 to 130"),
    (ACUTE_ANTERIOR, {"ischemia": Ischemia("recent", ANTERIOR)}, "acute or old"),
    (ACUTE_ANTERIOR, {"ischemia": Ischemia("acute", ANTERIOR | INFERIOR)}, "inferior or anterior"),
    (ACUTE_ANTERIOR, {"ischemia": Ischemia("acute")}, "inferior or anterior"),
    (Parameters(), {"qrs_axis": 181}, "-180 to 180"),
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
