"""What a simulated heart is told: everything the truth is read off, and nothing that cannot happen together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from einthoven.ecg.patient import MALE
from einthoven.ecg.reading import Ischemia

__all__ = [
    "ANTERIOR",
    "INFERIOR",
    "T_PEAK",
    "Artifact",
    "Block",
    "Conduction",
    "Ectopy",
    "Pacing",
    "Parameters",
    "Pattern",
    "Reversal",
    "Rhythm",
    "fridericia",
]

Rhythm = Literal[
    "sinus",
    "sinus_arrhythmia",
    "atrial_fibrillation",
    "atrial_flutter",
    "supraventricular_tachycardia",
    "ectopic_atrial",
    "junctional",
    "ventricular_tachycardia",
    "ventricular_fibrillation",
    "ventricular_escape",
    "paced",
]
Conduction = Literal[
    "none",
    "lbbb",
    "rbbb",
    "incomplete_lbbb",
    "incomplete_rbbb",
    "lafb",
    "lpfb",
    "rbbb_lafb",
    "rbbb_lpfb",
    "ivcd",
    "preexcitation",
]
Block = Literal["none", "wenckebach", "mobitz", "two_to_one", "complete", "sinoatrial"]
Pacing = Literal["ventricular", "atrial", "dual"]
Ectopy = Literal["none", "pac", "pjc", "pvc", "escape", "fusion"]
Pattern = Literal["isolated", "bigeminy", "trigeminy"]
Artifact = Literal["none", "wander", "muscle", "mains", "pop"]
Reversal = Literal["none", "la_ra", "ra_ll", "la_ll"]

INFERIOR = frozenset({"inferior"})
ANTERIOR = frozenset({"anterior"})

#: The T wave peaks at this share of the QT interval: Tpeak-Tend is 0.15 to 0.25 of QT in healthy hearts (Gupta et
#: al., J Electrocardiol 2008;41:567-574).
T_PEAK = 0.80

_VENTRICULAR = ("ventricular_tachycardia", "ventricular_escape", "ventricular_fibrillation")


def fridericia(qtc: float, heart_rate: float) -> float:
    """Return the QT interval in ms that has this QTc in ms at this rate: QT = QTc * cbrt(RR / 1 s)."""
    return qtc * float((60.0 / heart_rate) ** (1.0 / 3.0))


@dataclass(frozen=True, slots=True)
class Parameters:
    """One heart on one page. Age and sex change nothing in the trace; sex sets the limit of a long QTc.

    Attributes
    ----------
    heart_rate : float
        Mean ventricular rate in beats a minute: 60 over the mean distance of the QRS onsets on the page, which the
        simulation realises exactly. In ventricular fibrillation: undulations a minute.
    rhythm : str
        A value of the taxonomy, ``other`` excepted: what drives the atria, or the ventricles where they go alone.
    qrs_axis : float or None
        Frontal QRS axis in degrees, -180 to 180, by net area: atan2(2 aVF / sqrt 3, I) over the QRS. `None`: no axis
        can be given, the limb leads being as much positive as negative (or fibrillating).
    pr : float or None
        ms from the onset of P to the onset of QRS: below 120 short, above 200 a first-degree AV block; under
        Wenckebach's periods that of the first beat of a period. `None`, and only then, where no P wave leads the QRS.
    qrs : float
        ms from the earliest onset to the latest end over the leads.
    qtc : float
        ms, Fridericia's: the QT interval is `qt`.
    conduction : str
        Of the ventricles; ``rbbb_lafb`` and ``rbbb_lpfb`` are bifascicular blocks.
    ischemia : Ischemia or None
        Stage and walls, in the combinations that have a statement of their own.
    findings : frozenset of str
        Labels of ``other_findings`` that are forms of the waves, such as ``left_ventricular_hypertrophy``,
        ``lv_strain`` or ``hyperkalemia``: `einthoven.ecg.simulator.forms.FORMS`. The others follow from the rest
        (``long_qt``, ``bigeminy``, ...).
    age, sex : float, int
        Years; 0 = male, 1 = female.
    noise : float
        0 is a noise-free page, 1 what a resting ECG has. It never changes the truth.
    block : str
        Between sinus node and atria, or atria and ventricles, beyond a long PR interval.
    ratio : int or None
        P waves for each QRS in atrial flutter, P waves in a period under ``wenckebach`` and ``mobitz``.
    atrial_rate : float or None
        Sinus beats a minute under a complete AV block.
    escape : {"junctional", "ventricular"}
        What drives the ventricles under a complete AV block.
    pacing : {"ventricular", "atrial", "dual"}
        Of the rhythm ``paced``. Ventricular pacing is from the right ventricle without atrial activity (VVI).
    ectopy, pattern : str
        Beats out of turn, and whether they come singly or as every second or third beat. ``escape`` is a beat that
        ends a sinus pause, ``fusion`` is drawn beside a premature ventricular complex.
    wellens : bool
        Ischaemia of the anterior or anteroseptal wall has the T waves of a critical LAD stenosis.
    reversal : str
        Which two limb electrodes are exchanged.
    artifact : str
        Strong noise of one sort, beside `noise`.

    Raises
    ------
    ValueError
        Where the values cannot go together in one heart, or could not be seen on its page.
    """

    heart_rate: float = 72.0
    rhythm: Rhythm = "sinus"
    qrs_axis: float | None = 50.0
    pr: float | None = 160.0
    qrs: float = 92.0
    qtc: float = 410.0
    conduction: Conduction = "none"
    ischemia: Ischemia | None = None
    findings: frozenset[str] = frozenset()
    age: float = 60.0
    sex: int = MALE
    noise: float = 1.0
    block: Block = "none"
    ratio: int | None = None
    atrial_rate: float | None = None
    escape: Literal["junctional", "ventricular"] = "junctional"
    pacing: Pacing = "ventricular"
    ectopy: Ectopy = "none"
    pattern: Pattern = "isolated"
    wellens: bool = False
    reversal: Reversal = "none"
    artifact: Artifact = "none"

    @property
    def qt(self) -> float:
        """The QT interval in ms, at the mean rate."""
        return fridericia(self.qtc, self.heart_rate)

    @property
    def rr(self) -> float:
        """The mean RR interval in ms."""
        return 60_000.0 / self.heart_rate

    @property
    def native(self) -> bool:
        """Whether the bundles excite the ventricles, so that conduction, ischaemia and form can be read."""
        if self.rhythm == "paced":
            return self.pacing == "atrial"
        return self.rhythm not in _VENTRICULAR and not (self.block == "complete" and self.escape == "ventricular")

    @property
    def scarred(self) -> bool:
        """Whether an infarction has left Q waves."""
        return self.ischemia is not None and self.ischemia.stage in ("recent", "old")

    def __post_init__(self) -> None:
        from einthoven.ecg.simulator.possible import problem

        found = problem(self)
        if found:
            raise ValueError(found)
