"""The arm `pairs` of a run: asked beside any records, kept in the same bundle, scored apart."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from einthoven.bench.bundle import Bundle, json_bytes, read_bundle
from einthoven.bench.pair_lines import pair_lines
from einthoven.bench.pairs import Pairs, pairs_of
from einthoven.bench.result import result_of, validate
from einthoven.bench.run import run
from einthoven.bench.settings import Settings
from einthoven.ecg.simulator.pairs import contrasts
from einthoven.errors import EinthovenError
from einthoven.tasks.registry import task
from einthoven.tasks.taxonomy import axes

FACTORS = [name for name, one in contrasts().items() if one.axis]
EVERY = [*FACTORS, *(f"diagnosis:{name}" for name in FACTORS)]  # each factor changes a statement too
NUISANCES = [name for name, one in contrasts().items() if not one.axis]
ORACLE = "control/oracle?sensitivity=1&specificity=1"


def settings(model: str, out: Path, **more: Any) -> Settings:
    wanted = {"data": "sim-demo", "limit": 12, "pairs": 6, "arms": ("image", "pairs"), "jobs": 1}
    return Settings(model, out=out, **{**wanted, **more})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run(settings(ORACLE, tmp_path_factory.mktemp("pairs") / "out"))[0]


@pytest.fixture
def bundle(folder: Path) -> Bundle:
    return read_bundle(folder)


def test_records_and_pairs_stand_in_one_bundle_and_are_told_apart(folder: Path, bundle: Bundle) -> None:
    result = json.loads((folder / "result.json").read_text())
    assert result["data"]["records"] == 12
    sides = [row for row in bundle.records if "pair" in row]
    assert len(bundle.records) == 12 + len(sides)
    assert len(sides) == 12 * len(contrasts())
    assert Counter(row["arm"] for row in bundle.answers) == {"image": 12, "pairs": len(sides)}
    assert {row["record"] for row in bundle.answers if row["arm"] == "pairs"} == {row["id"] for row in sides}
    row = next(row for row in sides if row["pair"]["contrast"] == "lbbb" and row["pair"]["side"] == "b")
    assert row["pair"] == {
        "id": row["id"][:-2],
        "contrast": "lbbb",
        "side": "b",
        "axis": "conduction",
        "right": ["lbbb"],
    }
    assert row["patient"] == row["pair"]["id"]
    assert bundle.run["pairs"] == {"name": "sim-pairs:x6", "per_contrast": 6, "view": "grid"}
    assert all(row["fold"] == 0 for row in sides)


def test_who_knows_the_truth_reads_every_contrast(bundle: Bundle) -> None:
    result = result_of(bundle)
    pairs = result["pairs"]
    assert {row["name"]: (row["both_right"], row["both_reversed"]) for row in pairs["contrasts"]} == dict.fromkeys(
        EVERY, (6, 0)
    )
    # It sees neither picture nor signal, so only another draw of the noise is another ECG.
    assert {axis: (row["n"], row["flipped"]) for axis, row in pairs["flips"].items()} == dict.fromkeys(axes(), (6, 0))
    assert result["arms"]["pairs"]["asked"] == 12 * len(contrasts())
    assert "pairs" not in result["axes"]["rate"]["arms"]
    lines = pair_lines(result)
    assert lines[0].startswith(f"pairs: 0 of {len(FACTORS)} contrasts are read")  # six pairs are too few after Holm
    assert lines[1] == f"in statements (diagnosis): 0 of {len(FACTORS)}"
    assert lines[-1] == "answers that flip for no reason, of 6 nuisance pairs: none on any axis [0%, 39%]"


def test_the_scores_of_the_records_are_those_without_pairs(bundle: Bundle) -> None:
    with_pairs = result_of(bundle)
    sides = {row["id"] for row in bundle.records if "pair" in row}
    run_facts = {name: value for name, value in bundle.run.items() if name != "pairs"} | {"arms": ["image"]}
    alone = result_of(
        Bundle(
            run_facts,
            [row for row in bundle.records if row["id"] not in sides],
            [row for row in bundle.answers if row["arm"] != "pairs"],
        )
    )
    assert "pairs" not in alone
    for name, axis in alone["axes"].items():
        assert axis["arms"] == with_pairs["axes"][name]["arms"]


def test_more_pairs_are_asked_for_without_asking_twice(tmp_path: Path) -> None:
    log = tmp_path / "log"
    model = f"control/scripted?log={log}"
    run(settings(model, tmp_path / "out", pairs=1, limit=3, view="stacked"))
    assert len(log.read_text().splitlines()) == 3 + 2 * len(contrasts())
    run(settings(model, tmp_path / "out", pairs=2, limit=3, view="stacked"))
    assert Counter(Counter(log.read_text().splitlines()).values()).keys() == {1}
    bundle = read_bundle(tmp_path / "out")
    assert len([row for row in bundle.records if "pair" in row]) == 4 * len(contrasts())
    flips = result_of(bundle)["pairs"]["flips"]["rate"]
    # Strips have neither margins to crop nor a label to move: their two pages are one, and say nothing.
    assert set(flips["by"]) == set(NUISANCES) - {"crop", "gain-label"}
    with pytest.raises(EinthovenError, match="answers that this command leaves out"):
        run(settings(model, tmp_path / "out", pairs=1, limit=3, view="stacked"))


def test_running_again_gives_the_same_bytes(folder: Path) -> None:
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    run(settings(ORACLE, folder))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == files


def test_the_order_of_rows_does_not_matter(bundle: Bundle) -> None:
    turned = Bundle(bundle.run, bundle.records[::-1], bundle.answers[::-1])
    assert json_bytes(result_of(turned)) == json_bytes(result_of(bundle))


def test_the_schema_holds_the_pairs(bundle: Bundle) -> None:
    result = result_of(bundle)
    validate(result)
    with pytest.raises(EinthovenError, match=r"pairs\.contrasts"):
        validate(result | {"pairs": result["pairs"] | {"contrasts": [{"name": "lbbb"}]}})


def test_lines_name_what_is_read_and_what_is_taken_for_the_other(bundle: Bundle) -> None:
    result = result_of(bundle)
    for row, (right, turned) in zip(result["pairs"]["contrasts"], [(6, 0), (0, 6), (1, 3)], strict=False):
        row |= {"both_right": right, "both_reversed": turned, "p_holm": 0.01 if right == 6 else 1.0}
    for row in result["pairs"]["contrasts"][3:]:
        row |= {"both_right": 0, "both_reversed": 0, "p_holm": 1.0}
    first, second = (row["name"] for row in result["pairs"]["contrasts"][:2])
    result["pairs"]["contrasts"][1] |= {"n": 20, "both_reversed": 12}
    row = next(row for row in result["pairs"]["contrasts"] if row["name"] == "diagnosis:rate-slow")
    row |= {"n": 20, "both_right": 19, "p_holm": 0.001}
    result["pairs"]["flips"]["rate"] |= {"n": 6, "flipped": 3, "share": 0.5, "share_ci": [0.19, 0.81]}
    assert pair_lines(result) == [
        f"pairs: 1 of 17 contrasts are read: {first} 6/6",
        "in statements (diagnosis): 1 of 17: rate-slow 19/20",
        f"pairs whose sides are taken for each other: {second} 12/20",
        "answers that flip for no reason, of 6 nuisance pairs: rate 50% [19%, 81%]",
    ]
    assert pair_lines({}) == []


def _pairs(data: str, chosen: str = "dense", **more: Any) -> Pairs:
    return pairs_of(replace(settings("control/constant", Path("out"), data=data), **more), task(chosen))


def test_which_pairs_a_run_has() -> None:
    assert _pairs("sim").source.name == "sim-pairs:x6"
    assert _pairs("ptbxl:somewhere", pairs=100).source.name == "sim-pairs"
    assert _pairs("sim:7").source.name == "sim-pairs:7x6"  # new records, new pairs
    assert len(_pairs("sim").entries) == 12 * len(contrasts())
    assert not _pairs("sim", arms=("image",)).entries
    scans = _pairs("images:somewhere", view="")
    assert (scans.settings.view, scans.source.name) == ("grid", "sim-pairs:x6")


def test_pairs_beside_pairs_are_refused() -> None:
    with pytest.raises(EinthovenError, match="asked about twice"):
        _pairs("sim-pairs:7")


def test_contrasts_on_what_is_not_asked_for_are_left_out() -> None:
    asked = {e.side.contrast for e in _pairs("sim", "dense-reasoned").entries if e.side is not None}
    assert asked == {name for name, one in contrasts().items() if one.axis != "other_findings"}
    assert {e.side.contrast for e in _pairs("sim", "flat").entries if e.side is not None} == set(NUISANCES)


def test_the_pairs_of_a_run_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from einthoven.cli.main import main

    arguments = ["run", "control/constant", "--data", "sim-demo", "--limit", "12", "--out", str(tmp_path / "out")]
    main([*arguments, "--arm", "pairs", "--jobs", "1"])
    said = " ".join(capsys.readouterr().out.split())
    assert f"pairs: 0 of {len(FACTORS)} contrasts are read" in said
    assert "answers that flip for no reason, of 20 nuisance pairs: none on any axis [0%, 16%]" in said


def test_where_the_data_are_pairs_they_are_scored_as_pairs_too(tmp_path: Path) -> None:
    folder, result = run(
        settings(ORACLE, tmp_path / "out", data="sim-pairs:x1", arms=("image",), limit=None, view="stacked")
    )
    assert result["data"]["records"] == 2 * len(contrasts())
    assert (result["pairs"]["name"], result["pairs"]["per_contrast"]) == ("sim-pairs:x1", 1)
    assert {row["name"]: row["both_right"] for row in result["pairs"]["contrasts"]} == dict.fromkeys(EVERY, 1)
    assert "pairs" not in result["arms"]
    assert json_bytes(result_of(read_bundle(folder))) == (folder / "result.json").read_bytes()


def test_a_limit_draws_whole_pairs(tmp_path: Path) -> None:
    folder, result = run(settings(ORACLE, tmp_path / "out", data="sim-pairs:x2", arms=("image",), limit=21))
    sides = Counter(row["pair"]["id"] for row in read_bundle(folder).records)
    assert sorted(sides.values()) == [1, *[2] * 10]  # the last one is cut in two, and left out of the pairs
    own = [row["n"] for row in result["pairs"]["contrasts"] if row["axis"] != "diagnosis"]
    assert sum(own) + result["pairs"]["flips"]["rate"]["n"] <= 10
