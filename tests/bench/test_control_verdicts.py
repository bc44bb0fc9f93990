"""The whole protocol on models whose verdicts are known beforehand, on the demo's simulated ECGs."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from einthoven.bench.arms import CONTROLS
from einthoven.bench.bundle import json_bytes, read_bundle
from einthoven.bench.power_data import contrasts_by_axis
from einthoven.bench.result import result_of
from einthoven.bench.run import run
from einthoven.bench.settings import Settings
from einthoven.bench.sources.sim_pairs import PairSource, open_pairs
from einthoven.ecg.reading import AXES

#: Axes that some pair asks about.
ASKED = set(contrasts_by_axis())

#: What the readers of pages and of signals are asked about: few enough to be drawn in seconds.
FEW = ("rate-slow", "axis-left", "ink")

Protocol = Callable[[str], dict[str, Any]]


@pytest.fixture(scope="module")
def protocol(tmp_path_factory: pytest.TempPathFactory) -> Protocol:
    """Run the full protocol on a control, once; what was read and measured is kept between the controls."""
    home = tmp_path_factory.mktemp("protocol")
    found: dict[str, dict[str, Any]] = {}

    def of(model: str) -> dict[str, Any]:
        if model not in found:
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("EINTHOVEN_CACHE", str(home / "cache"))
                if model.startswith("reference/"):
                    patch.setattr("einthoven.bench.pairs.open_pairs", few_pairs)
                out = home / model.replace("/", "-").partition("?")[0]
                settings = Settings(model, "sim-demo", arms=CONTROLS["full"][0], out=out, jobs=1, pairs=10)
                found[model] = run(settings)[1] | {"folder": str(out)}
        return found[model]

    return of


def few_pairs(path: str | None = None, *, per_contrast: int | None = None) -> PairSource:
    source = open_pairs(path, per_contrast=per_contrast)
    return replace(source, entries=tuple(e for e in source.entries if e.side is not None and e.side.contrast in FEW))


def words(result: dict[str, Any]) -> dict[str, str]:
    return {name: axis["verdict"]["word"] for name, axis in result["axes"].items()}


@pytest.mark.parametrize("model", ["control/constant", "control/random", "control/prior", "control/age-sex"])
def test_who_does_not_look_is_never_told_to_read(model: str, protocol: Protocol) -> None:
    result = protocol(model)
    # Age and sex are in the text: who guesses by them may be helped by it, the others cannot.
    assert set(words(result).values()) <= {"prior", "underpowered", *(["leaks"] if "age" in model else [])}
    assert "prior" in words(result).values()
    assert not any(each["p_holm"] < 0.05 for each in result["pairs"]["contrasts"])


def test_the_text_follower_leaks_and_follows_the_text(protocol: Protocol) -> None:
    result = protocol("control/text-follower")
    assert words(result)["rate"] == words(result)["axis"] == "leaks"
    assert not {"reads", "associated"} & set(words(result).values())
    for axis in ("rate", "axis"):
        assert result["swapped"][axis]["share_ci"][1] < 0.1
        assert result["swapped"][axis]["p"] < 1e-6
        assert result["conflict"][axis]["share"] == 1.0


def test_the_donor_follower_reads_and_follows_the_picture(protocol: Protocol) -> None:
    result = protocol("control/donor-follower")
    for name, word in words(result).items():
        assert word == ("reads" if name in ASKED else "associated"), name
    assert {each["share"] for each in result["swapped"].values()} == {1.0}
    assert {each["share"] for each in result["conflict"].values()} == {0.0}
    assert all(each["both_right"] == each["n"] for each in result["pairs"]["contrasts"])
    assert all(each["flipped"] == 0 for each in result["pairs"]["flips"].values())


def test_a_reader_of_stated_strength_reads_and_has_that_strength(protocol: Protocol) -> None:
    result = protocol("control/oracle?sensitivity=0.95&specificity=0.97")
    assert words(result)["rate"] == words(result)["axis"] == "reads"
    found = result["axes"]["rate"]["arms"]["image"]
    assert found["informedness_ci"][0] < 0.95 - 0.03 / 2 < found["informedness_ci"][1]


@pytest.mark.parametrize("model", ["reference/digitiser", "reference/resnet1d"])
def test_who_looks_reads_what_the_pairs_ask_about_and_nothing_of_the_text(model: str, protocol: Protocol) -> None:
    result = protocol(model)
    found = words(result)
    assert found["rate"] == found["axis"] == found["diagnosis"] == "reads"
    # No pair is left that asks about the others, no text was looked at, and the digitiser knows little of ischaemia.
    assert {found[axis] for axis in set(AXES) - {"rate", "axis", "diagnosis"}} <= {
        "associated",
        "prior",
        "underpowered",
    }
    assert found["rhythm"] == found["conduction"] == "associated"
    assert {row["share"] for row in result["mirage"].values()} == {0.0}
    assert result["swapped"]["rate"]["share"] > 0.9 > 0.1 > result["conflict"]["rate"]["share"]
    assert {row["name"] for row in result["pairs"]["contrasts"] if row["p_holm"] < 0.05} >= {"rate-slow", "axis-left"}
    assert result["pairs"]["flips"]["rate"]["flipped"] == 0


def test_what_was_drawn_stands_in_the_records_and_scores_again(protocol: Protocol) -> None:
    folder = Path(protocol("control/text-follower")["folder"])
    bundle = read_bundle(folder)
    asked = [row for row in bundle.records if "pair" not in row]
    given = [row["donor"] for row in asked if "donor" in row]
    assert len(given) == len(set(given)) == len(asked)
    moved = [row["conflict"]["name"] for row in asked if "conflict" in row]
    assert min(map(moved.count, {"rate-fast", "axis-left", "pr-long"})) >= 5
    assert (folder / "result.json").read_bytes() == json_bytes(result_of(bundle))
    assert set(json.loads((folder / "result.json").read_text())["axes"]) == set(AXES)


def test_another_draw_of_donors_is_asked_for_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EINTHOVEN_CACHE", str(tmp_path / "cache"))

    def go(limit: int) -> list[dict[str, Any]]:
        arms, out = ("image", "swapped"), tmp_path / "out"
        folder = run(Settings("control/text-follower", "sim-demo", arms=arms, limit=limit, out=out, jobs=1))[0]
        return [dict(row) for row in read_bundle(folder).answers if row["arm"] == "swapped"]

    few, many = go(12), go(24)
    donor_of = {row["record"]: row["variant"] for row in many}
    assert len(many) == 24
    assert any(donor_of[row["record"]] != row["variant"] for row in few)
