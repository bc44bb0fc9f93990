import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from einthoven.bench.arms import CONTROLS
from einthoven.bench.power_data import contrasts_by_axis, grown, power_of
from einthoven.bench.power_plan import Detectable, detectable, of_cases, pairs_told, plan_lines
from einthoven.bench.power_plot import power_plot
from einthoven.bench.run import run
from einthoven.bench.scoring.contrasts import ContrastScore, contrasts, sign_test_p
from einthoven.bench.settings import Settings
from einthoven.cli.main import main
from einthoven.cli.power import power, print_table
from einthoven.ecg.reading import AxisTruth


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.integers(20, 120), min_size=2, max_size=4), st.integers(2, 5), st.sampled_from(["categorical", "set"])
)
def test_more_records_never_see_less(cases: list[int], times: int, kind: str) -> None:
    def mde(factor: int) -> float:
        found = of_cases(kind, [factor * each for each in cases], factor * 700).mde  # type: ignore[arg-type]
        return 2.0 if found is None else found

    assert mde(times) <= mde(1) + 1e-3
    assert mde(4) <= 0.62 * mde(1) or mde(1) == 2.0  # about one half


@settings(deadline=None)
@given(st.integers(1, 200), st.integers(1, 40))
def test_more_pairs_and_fewer_contrasts_never_need_more(pairs: int, tests: int) -> None:
    def told(n: int, m: int) -> float:
        found = pairs_told(n, m)
        return 2.0 if found is None else found

    assert told(pairs + 1, tests) <= told(pairs, tests)
    assert told(pairs, tests + 1) >= told(pairs, tests)


def test_the_planned_share_of_pairs_is_found_four_times_in_five() -> None:
    share, tests, random = pairs_told(20, 17), 17, np.random.RandomState(0)
    assert share is not None
    unread = [ContrastScore(f"c{k}", "rhythm", 20, 0, 0, 1.0) for k in range(tests - 1)]
    found = 0
    for _ in range(600):
        wins = int(random.binomial(20, share))
        scored = contrasts([ContrastScore("rate", "rate", 20, wins, 0, sign_test_p(wins, 0)), *unread])
        p = scored["rate"][0].p_holm
        found += p is not None and p < 0.05
    assert 0.76 <= found / 600 <= 0.88  # shares come in thousandths, wins in whole numbers
    assert pairs_told(5, 17) is None


def test_what_can_and_what_cannot_be_told_is_said() -> None:
    truths = {
        "rate": [AxisTruth("normal")] * 80 + [AxisTruth("tachycardia")] * 40,
        "axis": [AxisTruth("normal")] * 100 + [AxisTruth("left")] * 20,
        "rhythm": [AxisTruth("sinus")] * 110 + [AxisTruth("paced")] * 10,
    }
    found = detectable(truths, [str(k) for k in range(120)], {"rate": 2, "rhythm": 1})
    assert found["rhythm"].delta is None and found["rate"].mde is not None
    assert found["rate"].cases == {"normal": 80, "tachycardia": 40}
    said = " | ".join(plan_lines(found, 20))
    assert f"rate {found['rate'].mde:.2f}" in said
    assert "too few cases to say anything: rhythm" in said
    assert "no pairs ask about axis: associated at best" in said
    assert "without the arm pairs no axis is called reads" in plan_lines(found, None)


def test_before_a_run_asks_it_says_what_it_can_tell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arms = CONTROLS["none"][0]
    run(Settings("baseline/majority", "sim-demo", arms=arms, out=tmp_path / "out", jobs=1))
    said = capsys.readouterr().err
    assert "1 request: image 1" in said
    assert "gains that would be found four times in five: rate" in said
    assert "without the arm pairs no axis is called reads" in said
    run(Settings("baseline/majority", "sim-demo", arms=arms, out=tmp_path / "out", jobs=1))
    assert "requests" not in capsys.readouterr().err  # nothing is left to ask


def test_the_command_plans_from_data_and_from_numbers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plot = tmp_path / "power.png"
    main(["power", "--data", "sim-demo", "--plot", str(plot)])
    said = capsys.readouterr().out
    assert "150 records" in said and "a contrast is read four times in five" in said
    assert plot.read_bytes()[:4] == b"\x89PNG"
    main(["power", "--cases", "194,63,20", "--json"])
    planned = json.loads(capsys.readouterr().out)["planned"]
    assert planned["n"] == 277 and 0.1 < planned["mde"] < 0.4
    main(["power", "--cases", "60,30", "--labels", "277", "--json"])
    assert json.loads(capsys.readouterr().out)["planned"]["n"] == 277
    assert CliRunner().invoke(power, ["--cases", "many"]).exception is not None


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (["--cases", ""], "is no list of numbers"),
        (["--cases", "-5,30"], "not numbers of records"),
        (["--cases", "999999999,20"], "at most 1,000,000"),
        (["--cases", "40,40", "--labels", "10"], "at most 10"),
        (["--data", "sim-demo", "--plot", "nowhere/power.png"], "the folder nowhere does not exist"),
        (["--data", "sim-demo", "--plot", "power.doc"], "its ending names no format"),
    ],
)
def test_what_cannot_be_planned_is_told_in_two_lines(
    options: list[str],
    problem: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as caught:
        main(["power", *options])
    told = capsys.readouterr()
    assert caught.value.code == 2 and told.out == ""
    assert problem in told.err and len(told.err.splitlines()) == 2


def test_too_few_pairs_are_called_so() -> None:
    found = detectable({"rate": [AxisTruth("normal")] * 30}, [str(k) for k in range(30)], {"rate": 17})
    assert "3 pairs a contrast are too few: with all of them told apart no axis is called reads" in plan_lines(
        found, 3
    )


def test_sixteen_times_the_records_see_a_quarter_of_the_gain(tmp_path: Path) -> None:
    known = power_of("sim-demo", "test", None, 20, 1)
    assert {axis: one.contrasts for axis, one in known.axes.items() if one.contrasts} == contrasts_by_axis()
    points = grown(known)
    assert [n for n, _ in points["rate"]] == [150, 300, 600, 1_200, 2_400]
    first, last = points["rate"][0][1], points["rate"][-1][1]
    assert first is not None and last is not None
    assert 0.15 < last / first < 0.35
    power_plot(points, 150, tmp_path / "power.svg")
    assert "<svg" in (tmp_path / "power.svg").read_text()


def test_in_a_narrow_window_every_number_stays_whole(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The name of the rarest class may be long: it gives way, and the detectable gain does not."""
    monkeypatch.setenv("COLUMNS", "80")
    found = {"ischemia_territory": Detectable(1_108, {"premature_ventricular_complex": 23}, 0.123, 0.285, 17)}
    print_table(found, as_json=False, title="")
    said = capsys.readouterr().out
    assert "…" not in said
    for number in ("1108", "0.12", "0.28", "17", "MDE", "contrasts"):
        assert number in said.split()


def test_no_line_of_the_plot_falls_off_its_lower_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from matplotlib.figure import Figure

    kept: list[tuple[float, float]] = []
    monkeypatch.setattr(Figure, "savefig", lambda figure, *_, **__: kept.append(figure.axes[0].get_ylim()))
    power_plot({"diagnosis": [(1_000, 0.04), (16_000, 0.003)], "rhythm": [(1_000, None)]}, 1_000, tmp_path / "x.png")
    assert kept[0][0] < 0.003
