"""What a simulated heart is told: everything the truth is read off, and nothing that cannot happen together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from einthoven.ecg.patient import FEMALE, MALE
from einthoven.ecg.reading import Ischemia

__all__ = [
    "ANTERIOR",
    "INFERIOR",
    "T_PEAK",
    "Conduction",
    "Parameters",
    "Rhythm",
    "fridericia",
]

Rhythm = Literal["sinus", "atrial_fibrillation", "paced"]
Conduction = Literal["none", "lbbb", "rbbb"]

INFERIOR = frozenset({"inferior"})
ANTERIOR = frozenset({"anterior"})

#: The T wave peaks at this share of the QT interval: Tpeak-Tend is 0.15 to 0.25 of QT in healthy hearts (Gupta et
#: al., J Electrocardiol 2008;41:567-574).
T_PEAK = 0.83

#: Beats a minute in which a rhythm is drawn. Sinus and AF: the range of ambulatory extremes; pacing: the usual
#: lower and upper rate limits of pacemakers.
_RATES: dict[str, tuple[float, float]] = {
    "sinus": (30.0, 180.0),
    "atrial_fibrillation": (30.0, 180.0),
    "paced": (40.0, 130.0),
}

#: QRS durations in ms that go with each conduction. 110 to 119 ms would be an incomplete block and 120 ms or more
#: without a bundle's pattern a nonspecific delay (Surawicz et al. 2009, AHA/ACCF/HRS part III); neither is modelled.
_QRS: dict[str, tuple[float, float]] = {"none": (70.0, 109.0), "lbbb": (120.0, 200.0), "rbbb": (120.0, 200.0)}
_PACED_QRS = (130.0, 220.0)


def fridericia(qtc: float, heart_rate: float) -> float:
    """Return the QT interval in ms that has this QTc in ms at this rate: QT = QTc * cbrt(RR / 1 s)."""
    return qtc * float((60.0 / heart_rate) ** (1.0 / 3.0))


@dataclass(frozen=True, slots=True)
class Parameters:
    """One heart on one page. Age and sex change nothing in the trace; sex sets the limit of a long QTc.

    Attributes
    ----------
    heart_rate : float
        Mean ventricular rate in beats a minute: 60 over the mean RR interval of the page, which the simulation
        realises exactly.
    rhythm : {"sinus", "atrial_fibrillation", "paced"}
        ``paced`` is ventricular pacing from the right ventricle without atrial activity (VVI).
    qrs_axis : float
        Frontal QRS axis in degrees, -180 to 180, by net area: atan2(2 aVF / sqrt 3, I) over the QRS.
    pr : float or None
        ms from the onset of P to the onset of QRS; above 200 it is a first-degree AV block. `None`, and only then,
        where no P wave leads the QRS (atrial fibrillation, ventricular pacing).
    qrs : float
        ms from the earliest onset to the latest end over the leads.
    qtc : float
        ms, Fridericia's: the QT interval is `qt`.
    conduction : {"none", "lbbb", "rbbb"}
        Of the ventricles; the AV node speaks through `pr`.
    ischemia : Ischemia or None
        Stage ``acute`` or ``old``, walls {inferior} or {anterior}.
    lvh : bool
        Left ventricular hypertrophy: Sokolow-Lyon voltage above 3.5 mV, with strain.
    age, sex : float, int
        Years; 0 = male, 1 = female.
    noise : float
        0 is a noise-free page, 1 what a resting ECG has. It never changes the truth.

    Raises
    ------
    ValueError
        Where the values cannot go together in one heart, or could not be seen on its page.
    """

    heart_rate: float = 72.0
    rhythm: Rhythm = "sinus"
    qrs_axis: float = 50.0
    pr: float | None = 160.0
    qrs: float = 92.0
    qtc: float = 410.0
    conduction: Conduction = "none"
    ischemia: Ischemia | None = None
    lvh: bool = False
    age: float = 60.0
    sex: int = MALE
    noise: float = 1.0

    @property
    def qt(self) -> float:
        """The QT interval in ms, at the mean rate."""
        return fridericia(self.qtc, self.heart_rate)

    @property
    def rr(self) -> float:
        """The mean RR interval in ms."""
        return 60_000.0 / self.heart_rate

    def __post_init__(self) -> None:
        for problem in (self._rhythm_problem(), self._atrial_problem(), self._ventricular_problem(), self._range()):
            if problem:
                raise ValueError(problem)

    def _rhythm_problem(self) -> str:
        if self.rhythm not in _RATES:
            return f"rhythm is one of {', '.join(_RATES)}, not {self.rhythm!r}"
        low, high = _RATES[self.rhythm]
        if not low <= self.heart_rate <= high:
            return f"{self.rhythm} runs at {low:g} to {high:g}/min, not at {self.heart_rate:g}"
        return ""

    def _atrial_problem(self) -> str:
        if self.rhythm != "sinus":
            return "" if self.pr is None else f"{self.rhythm} has no P wave before the QRS, so no PR interval"
        if self.pr is None:
            return "sinus rhythm has a PR interval"
        if not 120.0 <= self.pr <= 400.0:
            return f"a PR interval is 120 to 400 ms, not {self.pr:g}"
        if self.rr - self.pr < T_PEAK * self.qt:
            return f"at {self.heart_rate:g}/min the P wave would come before the T wave's peak: PR {self.pr:g} ms"
        return ""

    def _ventricular_problem(self) -> str:
        paced = self.rhythm == "paced"
        if self.conduction not in _QRS:
            return f"conduction is one of {', '.join(_QRS)}, not {self.conduction!r}"
        if paced and self.conduction != "none":
            return f"ventricular pacing hides the bundles: no {self.conduction} with it"
        low, high = _PACED_QRS if paced else _QRS[self.conduction]
        if not low <= self.qrs <= high:
            what = "a paced beat" if paced else f"conduction {self.conduction}"
            return f"{what} has a QRS of {low:g} to {high:g} ms, not {self.qrs:g}"
        if self.qt - self.qrs < 100.0:
            return f"a QT of {self.qt:.0f} ms leaves no room for a T wave after a QRS of {self.qrs:g} ms"
        if self.ischemia is not None:
            if paced or self.conduction == "lbbb":
                return "infarction cannot be read under pacing or a left bundle branch block: none is drawn there"
            if self.ischemia.stage not in ("acute", "old") or self.ischemia.walls not in (INFERIOR, ANTERIOR):
                return "ischemia is acute or old, and inferior or anterior"
        if self.lvh and (paced or self.conduction != "none"):
            return "voltage criteria of hypertrophy do not hold in a wide QRS"
        if self.lvh and not -90.0 <= self.qrs_axis <= 90.0:
            return "left ventricular hypertrophy does not turn the axis right"
        return ""

    def _range(self) -> str:
        if not -180.0 <= self.qrs_axis <= 180.0:
            return f"an axis is in degrees from -180 to 180, not {self.qrs_axis!r}"
        if not 300.0 <= self.qtc <= 600.0:
            return f"a QTc is 300 to 600 ms, not {self.qtc!r}"
        if not 0 <= self.age <= 120:
            return f"age is in years between 0 and 120, not {self.age!r}"
        if self.sex not in (MALE, FEMALE):
            return f"sex is 0 (male) or 1 (female), not {self.sex!r}"
        if not 0.0 <= self.noise <= 5.0:
            return f"noise is 0 to 5, not {self.noise!r}"
        return ""
