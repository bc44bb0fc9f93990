"""The limits reached on LUDB: errors, ranks, and how often a number is given at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from agreement import agreement
from ludb_reference import is_tuning, reference

from einthoven.bench.sources.registry import open_source
from einthoven.ecg.measure import measure

LIMITS = {"heart_rate": (1.0, 0.0), "qrs": (6.0, 0.8), "pr": (10.0, 0.9), "qt": (15.0, 0.9)}


@pytest.mark.real_data
@pytest.mark.parametrize("half", ["all", "tuning", "held out"])
def test_ludb(half: str) -> None:
    if not (folder := os.environ.get("EINTHOVEN_DATA")):
        pytest.skip("EINTHOVEN_DATA is not set: it names the folder with ptb-xl/, challenge/ and ludb/")
    source = open_source(f"ludb:{folder}")
    entries = [entry for entry in source.entries if half == "all" or is_tuning(entry.id) == (half == "tuning")]
    truth = [reference(Path(entry.locator).with_suffix("")) for entry in entries]
    found = [measure(source.load(entry)).measurements for entry in entries]
    for name, (error, rank) in LIMITS.items():
        one = agreement([getattr(numbers, name) for numbers in found], [getattr(told, name) for told in truth])
        assert one.error <= error, name
        assert one.rank >= rank, name
        assert one.measured >= 0.9 * one.known, name
