"""docs/protocol.md says what the code does: its example runs, its tables are the code's."""

import doctest
import json
from pathlib import Path

from einthoven.bench.arms import ARMS, CONTROLS
from einthoven.bench.error_rates.tally import markdown
from einthoven.bench.scoring.verdict import _WORDS

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")


def test_the_example_runs() -> None:
    found = doctest.testfile(str(ROOT / "docs" / "protocol.md"), module_relative=False, encoding="utf-8")
    assert (found.failed, found.attempted > 8) == (0, True)


def test_the_error_table_is_the_committed_one() -> None:
    table = json.loads((ROOT / "results" / "error-rates.json").read_text())
    for line in filter(None, markdown(table)):
        assert line in TEXT.splitlines(), line


def test_all_arms_and_words_stand_there() -> None:
    rows = {row.split("|")[1]: row for row in TEXT.splitlines() if row.startswith("| `")}
    for name in ARMS:
        row = next(row for cell, row in rows.items() if f"`{name}`" in cell)
        assert row.rstrip("| ").endswith("yes") == (name in CONTROLS["core"][0]), name
    words = [word for word, _ in _WORDS] + ["underpowered"]
    assert [cell.strip(" `") for cell in rows if cell.strip(" `") in words] == words
