"""Anything that answers a Request: models, baselines, controls."""
