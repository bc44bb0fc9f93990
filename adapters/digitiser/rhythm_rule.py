"""The rhythm, by rule."""

from __future__ import annotations

import numpy as np

from einthoven.adapters.digitiser.beats import Beats

__all__ = ["p_waves", "rhythm"]

#: Pacing spikes on a page that make it paced.
_SPIKES = 3

#: Median change between successive RR intervals beyond which an irregular rhythm without P waves is fibrillation
#: (ESC 2020, Hindricks et al., Eur Heart J 42:373: irregular RR intervals and no discernible, repeating P waves).
_IRREGULAR = 0.09

#: Irregularity beyond which low waves before the QRS (mV) are no P waves, however well they agree; and less of it
#: where the intervals vary by so much of their mean without extrasystoles.
_VERY_IRREGULAR, _LOW_P = 0.12, 0.04
_RATHER_IRREGULAR, _VARIED = 0.07, 0.15

#: Flutter with 2:1 conduction: regular at so many beats a minute, the atria at twice that rate (AHA/ACC/HRS 2007,
#: part II, Mason et al., Circulation 115:1325; 240 to 340 a minute) and at hardly any other.
_FLUTTER_RATE, _FLUTTER_REGULAR, _FLUTTER_PEAK, _TWICE = (115.0, 172.0), 0.008, 0.5, 0.05

#: A regular narrow rhythm above this rate without P waves is supraventricular tachycardia (ESC 2019, Brugada et al.,
#: Eur Heart J 41:655); sinus rhythm seldom is so fast at rest.
_SVT_RATE, _NARROW = 150.0, 120.0

#: Sinus arrhythmia: the longest and the shortest RR interval differ by more than 120 ms (Schamroth, An Introduction
#: to Electrocardiography) and vary by this share of their mean; ectopic beats are no arrhythmia of the sinus.
_DIFFER_MS, _VARIES, _ECTOPIC = 120.0, 0.085, 0.05


def p_waves(found: Beats) -> bool:
    """Tell whether P waves lead the QRS complexes: in the strip, beat after beat."""
    return found.rhythm.measurements.pr is not None


def rhythm(found: Beats) -> str:
    """Name the rhythm.

    Parameters
    ----------
    found : Beats
        What was measured.

    Returns
    -------
    str
        A value of the taxonomy's ``rhythm``; sinus where nothing speaks against it.
    """
    seen, rate = found.rhythm.rhythm, found.rhythm.measurements.heart_rate
    if seen.spikes >= _SPIKES or seen.ventricular_pacing:
        return "paced"
    if rate is None or seen.irregularity is None:
        return "sinus"
    low = seen.p_height is not None and seen.p_height < _LOW_P
    varied = (seen.variation or 0.0) > _VARIED and seen.ectopic < _ECTOPIC
    irregular = seen.irregularity > (_RATHER_IRREGULAR if varied else _VERY_IRREGULAR)
    if (seen.irregularity > _IRREGULAR and not p_waves(found)) or (irregular and low):
        return "atrial_fibrillation"
    if (
        _FLUTTER_RATE[0] < rate < _FLUTTER_RATE[1]
        and seen.irregularity < _FLUTTER_REGULAR
        and (seen.atrial_peak or 0.0) > _FLUTTER_PEAK
        and abs((seen.atrial_rate or 0.0) / (2.0 * rate) - 1.0) < _TWICE
    ):
        return "atrial_flutter"
    qrs = found.form.measurements.qrs
    if rate > _SVT_RATE and not p_waves(found) and (qrs is None or qrs < _NARROW):
        return "supraventricular_tachycardia"
    if (
        p_waves(found)
        and seen.ectopic < _ECTOPIC
        and seen.rr.size > 3
        and float(np.ptp(seen.rr)) > _DIFFER_MS
        and (seen.variation or 0.0) > _VARIES
    ):
        return "sinus_arrhythmia"
    return "sinus"
