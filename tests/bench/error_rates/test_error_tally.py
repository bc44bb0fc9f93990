import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from scipy.stats import binom

from einthoven.bench.error_rates.__main__ import main
from einthoven.bench.error_rates.cells import CELLS
from einthoven.bench.error_rates.simulate import AxisOutcome
from einthoven.bench.error_rates.tally import table_of, tally, upper_bound

RESULTS = Path(__file__).parents[3] / "results"


@pytest.mark.parametrize(("found", "of"), [(0, 2_000), (7, 2_000), (100, 2_000), (19, 20)])
def test_the_bound_is_the_share_at_which_so_few_would_be_found_once_in_twenty(found: int, of: int) -> None:
    assert binom.cdf(found, of, upper_bound(found, of)) == pytest.approx(0.05, abs=1e-9)


def test_a_hundred_of_two_thousand_is_the_most_that_holds_the_bound() -> None:
    assert upper_bound(100, 2_000) < 0.06 < upper_bound(103, 2_000)
    assert upper_bound(20, 20) == 1.0


def test_a_model_counts_once_however_many_axes_it_passes() -> None:
    reads, prior = AxisOutcome("reads", 0.001, True, None, 0.2), AxisOutcome("prior", 0.4, False, None, 0.2)
    lines = [
        tally(CELLS["prior"], batch, [{"rate": reads, "axis": reads}, {"rate": prior, "axis": prior}])
        for batch in (0, 1)
    ]
    row = table_of(lines)["cells"]["prior"]
    assert row["models"] == 4
    assert (row["passed"]["models"], row["reads"]["share"]) == (2, 0.5)
    assert row["words"] == {"prior": 0.5, "reads": 0.5}
    assert row["axes"]["rate"] == {
        "tested": 1.0,
        "planned": 1.0,
        "at_alpha": 0.5,
        "passed": 0.5,
        "prior": 0.5,
        "reads": 0.5,
    }


def test_in_slices_it_is_the_same_table(tmp_path: Path) -> None:
    def make(*arguments: str) -> int:
        return CliRunner().invoke(main, [*arguments, "--models", "40", "--cell", "temperature-277"]).exit_code

    assert make("--out", str(tmp_path / "whole.json")) == 1  # no error in forty models bounds it at 7 %
    assert [make("--out", str(tmp_path / "sliced.json"), "--seconds", "0") for _ in range(2)] == [4, 1]
    assert (tmp_path / "sliced.json").read_bytes() == (tmp_path / "whole.json").read_bytes()
    assert not (tmp_path / "sliced.journal.jsonl").exists()


def test_the_committed_table_keeps_the_bound() -> None:
    table = json.loads((RESULTS / "error-rates.json").read_text())
    assert set(table["cells"]) == set(CELLS)
    for row in table["cells"].values():
        assert row["models"] >= 2_000
        if row["null"]:
            assert row["passed"]["upper"] <= 0.06
            assert row["reads"]["upper"] <= 0.06
