"""Metrics, statistics and verdicts."""
