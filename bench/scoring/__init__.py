"""Metrics, statistics and verdicts."""

from einthoven.bench.scoring.ranking import macro_auroc

__all__ = ["macro_auroc"]
