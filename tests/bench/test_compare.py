import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from einthoven.bench.bundle import Bundle, read_bundle
from einthoven.bench.compare import compare
from einthoven.bench.live import is_right
from einthoven.bench.result import result_of
from einthoven.bench.run import run
from einthoven.bench.settings import Settings
from einthoven.cli.main import main
from einthoven.ecg.reading import Truth
from einthoven.errors import EinthovenError
from einthoven.tasks.registry import task

QUICK = {"resamples": 200, "flips": 499}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("compare")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EINTHOVEN_CACHE", str(folder / "cache"))
        for name, model in (
            ("strong", "control/oracle?sensitivity=0.9"),
            ("weak", "control/oracle?sensitivity=0.4"),
            ("random", "control/random"),
        ):
            run(Settings(model, "sim-demo", out=folder / name, jobs=1))
        both = ("image", "pairs")
        run(Settings("control/oracle?sensitivity=0.9", "sim-demo", arms=both, pairs=1, out=folder / "paired", jobs=1))
        run(Settings("control/oracle?sensitivity=0.4", "sim-demo", view="clean", out=folder / "clean", jobs=1))
        run(Settings("control/random", "sim-demo", limit=40, out=folder / "part", jobs=1))
        run(Settings("control/random", "sim-demo", task="sparse", out=folder / "sparse", jobs=1))
    return folder


def bundle(home: Path, name: str) -> Bundle:
    return read_bundle(home / name)


def test_the_stronger_reader_gains_what_the_results_differ_by(home: Path) -> None:
    strong, weak = bundle(home, "strong"), bundle(home, "weak")
    found = compare(strong, weak)
    for axis, one in found.items():
        first, second = (result_of(each)["axes"][axis]["arms"]["image"]["informedness"] for each in (strong, weak))
        assert one.first == pytest.approx(first, abs=1e-6)
        assert one.gain.value == pytest.approx(first - second, abs=2e-6)
        assert one.gain.low is not None and one.gain.low < first - second < one.gain.high  # type: ignore[operator]
    assert found["rate"].p_holm is not None and found["rate"].p_holm < 0.01
    assert len(found["rate"].first_only) > len(found["rate"].second_only)


def test_a_run_with_pairs_compares_with_one_without(home: Path) -> None:
    strong, weak = bundle(home, "strong"), bundle(home, "weak")
    paired = bundle(home, "paired")
    assert len(paired.records) > len(strong.records)
    assert compare(paired, weak, **QUICK) == compare(strong, weak, **QUICK)


@pytest.mark.parametrize(("one", "other"), [("strong", "weak"), ("weak", "random")])
def test_turned_round_signs_and_places_change_and_nothing_else(home: Path, one: str, other: str) -> None:
    there = compare(bundle(home, one), bundle(home, other), **QUICK)
    back = compare(bundle(home, other), bundle(home, one), **QUICK)
    for axis, found in there.items():
        turned = back[axis]
        assert (found.first, found.second) == (turned.second, turned.first)
        assert (found.p, found.p_holm, found.n) == (turned.p, turned.p_holm, turned.n)
        assert (found.first_only, found.second_only) == (turned.second_only, turned.first_only)
        assert found.gain.value == pytest.approx(-turned.gain.value)  # type: ignore[operator]
        assert found.gain.interval == pytest.approx(tuple(-end for end in reversed(turned.gain.interval)))  # type: ignore[arg-type]


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10_000))
def test_the_order_of_rows_never_matters(home: Path, seed: int) -> None:
    random, strong, weak = np.random.RandomState(seed), bundle(home, "strong"), bundle(home, "weak")

    def shuffled(rows):  # type: ignore[no-untyped-def]
        return [rows[k] for k in random.permutation(len(rows))]

    mixed = replace(weak, records=shuffled(weak.records), answers=shuffled(weak.answers))
    few = {"resamples": 20, "flips": 49}
    assert compare(strong, mixed, **few) == compare(strong, weak, **few)


def test_a_model_is_no_better_than_itself(home: Path) -> None:
    for one in compare(bundle(home, "weak"), bundle(home, "weak"), **QUICK).values():
        assert (one.gain.value, one.gain.interval, one.p) == (0.0, (0.0, 0.0), 1.0)
        assert one.first_only == one.second_only == ()


def test_the_records_on_which_they_disagree_are_just_those(home: Path) -> None:
    strong, weak = bundle(home, "strong"), bundle(home, "weak")
    found = compare(strong, weak, **QUICK)["rhythm"]
    chosen = task("dense")

    def right(one: Bundle) -> set[str]:
        said = {row["record"]: chosen.parse(row["text"]).rhythm for row in one.answers}
        truths = {row["id"]: Truth.from_json(row["truth"])["rhythm"] for row in one.records}
        return {name for name, truth in truths.items() if not truth.masked and is_right(truth, said[name])}

    assert set(found.first_only) == right(strong) - right(weak)
    assert set(found.second_only) == right(weak) - right(strong)


@pytest.mark.parametrize(("other", "what"), [("part", "data"), ("sparse", "task")])
def test_what_cannot_be_compared_is_refused(home: Path, other: str, what: str) -> None:
    with pytest.raises(EinthovenError, match=f"of different {what}"):
        compare(bundle(home, "random"), bundle(home, other), **QUICK)
    versioned = bundle(home, "random")
    versioned.run["identity"]["taxonomy"] = "another"
    with pytest.raises(EinthovenError, match="of different taxonomy"):
        compare(bundle(home, "random"), versioned, **QUICK)
    with pytest.raises(EinthovenError, match="no arm blank") as absent:
        compare(bundle(home, "random"), bundle(home, "weak"), "blank", **QUICK)
    assert absent.value.remedy == "run it again with --arm blank"
    with pytest.raises(EinthovenError, match="no arm twin") as absent:
        compare(bundle(home, "random"), bundle(home, "weak"), "twin", **QUICK)
    assert absent.value.remedy == "run it again with --twin MODEL"
    with pytest.raises(EinthovenError, match="there is no arm 'imag'") as unknown:
        compare(bundle(home, "random"), bundle(home, "weak"), "imag", **QUICK)
    assert unknown.value.remedy == "did you mean image?"


def test_runs_of_two_views_are_compared_only_when_that_is_asked(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    strong, weak, clean = (bundle(home, name) for name in ("strong", "weak", "clean"))
    with pytest.raises(EinthovenError, match="of different view: grid/1 and clean/1") as unlike:
        compare(strong, clean, **QUICK)
    assert "--across-views" in unlike.value.remedy
    # the oracle looks at no picture: the same answers, whatever the view
    assert compare(strong, clean, across_views=True, **QUICK) == compare(strong, weak, **QUICK)
    with pytest.raises(EinthovenError, match="of different task"):
        compare(bundle(home, "sparse"), clean, across_views=True, **QUICK)
    with pytest.raises(EinthovenError, match="of different data"):
        compare(bundle(home, "part"), clean, across_views=True, **QUICK)
    main(["compare", str(home / "strong"), str(home / "clean"), "--across-views", "--json"])
    assert json.loads(capsys.readouterr().out)["views"] == ["grid", "clean"]
    main(["compare", str(home / "strong"), str(home / "clean"), "--across-views"])
    said = capsys.readouterr().out
    assert "sensitivity=0.9, view grid" in said and "sensitivity=0.4, view clean" in said


def test_two_arms_of_one_run_and_a_task_with_a_space_of_its_own(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reader = "control/oracle?sensitivity=0.9"
    folder = run(
        Settings(reader, "sim-demo", task="superclass", arms=("image", "no-image"), out=tmp_path / "b", jobs=1)
    )[0]
    seen = read_bundle(folder)
    found = compare(seen, seen, second_arm="no-image", **QUICK)
    assert list(found) == ["diagnosis_superclass"]
    arms = result_of(seen)["secondary"]["diagnosis_superclass"]["arms"]
    for arm, value in (
        ("image", found["diagnosis_superclass"].first),
        ("no-image", found["diagnosis_superclass"].second),
    ):
        assert value == pytest.approx(arms[arm]["informedness"], abs=1e-6)
    assert found["diagnosis_superclass"].p_holm is not None and found["diagnosis_superclass"].p_holm < 0.01
    main(["compare", str(folder), str(folder), "--second-arm", "no-image"])
    said = capsys.readouterr().out
    assert "arm image against no-image" in said and "diagnosis_superclass" in said
    main(["compare", str(folder), str(folder), "--second-arm", "no-image", "--json"])
    assert json.loads(capsys.readouterr().out)["second_arm"] == "no-image"
    with pytest.raises(EinthovenError, match="no arm blank"):
        compare(seen, seen, second_arm="blank", **QUICK)


def test_the_command(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["compare", str(home / "strong"), str(home / "weak"), "--records", "2"])
    said = capsys.readouterr().out
    assert "first:  control/oracle?sensitivity=0.9" in said and "SIMULATED" in said
    assert "rate, only the first is right: " in said
    main(["compare", str(home / "strong"), str(home / "weak"), "--json"])
    assert json.loads(capsys.readouterr().out)["axes"]["rate"]["gain"] > 0.3
    with pytest.raises(SystemExit) as caught:
        main(["compare", str(home / "strong"), str(home / "part")])
    assert caught.value.code == 2
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 2 and said.count("sim-demo ") == 2  # both data by their names
    main(["compare", str(home / "weak"), str(home / "weak")])
    assert "-0.00" not in capsys.readouterr().out
