"""Measure a twelve-lead recording: rate, intervals and axes, each unknown where the trace does not show it."""

from __future__ import annotations

from einthoven.ecg.measure.measured import Boundaries, Measured
from einthoven.ecg.measure.measurer import MEASURER, VERSION, measure
from einthoven.ecg.measure.rhythm import Rhythm

__all__ = ["MEASURER", "VERSION", "Boundaries", "Measured", "Rhythm", "measure"]
