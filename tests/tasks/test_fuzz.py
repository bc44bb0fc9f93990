from fuzz import fuzz

from einthoven.tasks.registry import TASKS


def test_no_generated_input_crashes_a_parser() -> None:
    counts = fuzz(12_000, seed=1)
    for name in TASKS:
        assert counts[name, True] > 200 and counts[name, False] > 200, name  # both ways are gone
