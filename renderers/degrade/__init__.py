"""Worn paper: a page as a scanner, a telephone or a fax machine would hand it on, with its geometry carried along.

Importing this imports neither numpy nor OpenCV.
"""

from einthoven.renderers.degrade.degraded import KINDS, SEVERITIES, degraded, seed_of

__all__ = ["KINDS", "SEVERITIES", "degraded", "seed_of"]
