"""Truth of rate and axis from measurements, where the statements cannot give it.

Limits: AHA/ACC/HRS 2009, part III (Surawicz et al., Circulation 119:e235): frontal QRS axis -30 to +90 degrees is
normal, -30 to -90 left, +90 to 180 right, the rest extreme. A rate of 60 to 100/min is normal (AHA/ACC/HRS 2007,
part II, Mason et al., Circulation 115:1325, statements 21 and 22).
"""

from __future__ import annotations

from dataclasses import replace

from einthoven.ecg.measurements import Measurements
from einthoven.ecg.reading import AxisTruth, Truth

__all__ = [
    "AXIS_TOLERANCE",
    "MEASURED_BY",
    "RATE_TOLERANCE",
    "axis_class",
    "axis_truth",
    "rate_class",
    "rate_truth",
    "with_measured",
]

#: How the reason of such a truth begins; the measurer's name follows.
MEASURED_BY = "measured by "

#: Beats a minute. Two careful measurers differ by so much, so within it of a limit either class is right.
RATE_TOLERANCE = 2.0

#: Degrees, likewise.
AXIS_TOLERANCE = 5.0


def rate_class(heart_rate: float) -> str:
    """Return the class of a heart rate in beats a minute."""
    return "bradycardia" if heart_rate < 60 else "tachycardia" if heart_rate > 100 else "normal"


def axis_class(degrees: float) -> str:
    """Return the class of a frontal QRS axis in degrees."""
    turned = (degrees + 180) % 360 - 180  # -180 <= turned < 180
    if -30 <= turned <= 90:
        return "normal"
    if -90 <= turned < -30:
        return "left"
    return "right" if turned > 90 or turned == -180 else "extreme"  # -180 is +180: right


def rate_truth(measurements: Measurements) -> AxisTruth:
    """Return the truth on ``rate`` that a measured heart rate gives; masked where it is unknown.

    Parameters
    ----------
    measurements : Measurements
        Of which the heart rate is used, in beats a minute.
    """
    rate = measurements.heart_rate
    if rate is None:
        return AxisTruth(reason=f"the heart rate could not be measured by {measurements.measurer}")
    near = frozenset(rate_class(rate + shift) for shift in (-RATE_TOLERANCE, RATE_TOLERANCE))
    return AxisTruth(rate_class(rate), accepted=near, reason=f"{MEASURED_BY}{measurements.measurer}")


def axis_truth(measurements: Measurements) -> AxisTruth:
    """Return the truth on ``axis`` that a measured frontal QRS axis gives; masked where it is unknown.

    Parameters
    ----------
    measurements : Measurements
        Of which the QRS axis is used, in degrees.
    """
    degrees = measurements.qrs_axis
    if degrees is None:
        return AxisTruth(reason=f"the QRS axis could not be measured by {measurements.measurer}")
    near = frozenset(axis_class(degrees + shift) for shift in (-AXIS_TOLERANCE, AXIS_TOLERANCE))
    return AxisTruth(axis_class(degrees), accepted=near, reason=f"{MEASURED_BY}{measurements.measurer}")


def with_measured(truth: Truth, measurements: Measurements) -> Truth:
    """Fill in rate and axis where the statements say nothing; what is stated stays.

    Parameters
    ----------
    truth : Truth
        From the statements.
    measurements : Measurements
        Of the same recording.
    """
    found = dict(truth.axes)
    for axis, measured in (("rate", rate_truth), ("axis", axis_truth)):
        if found[axis].masked:
            found[axis] = measured(measurements)
    return replace(truth, axes=found)
