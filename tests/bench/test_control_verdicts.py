"""The whole protocol on models whose verdicts are known beforehand, on the demo's simulated ECGs."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from einthoven.bench.arms import CONTROLS
from einthoven.bench.bundle import json_bytes, read_bundle
from einthoven.bench.result import result_of
from einthoven.bench.run import run
from einthoven.bench.settings import Settings
from einthoven.ecg.reading import AXES
from einthoven.ecg.simulator.pairs import contrasts

#: Axes that some pair asks about.
ASKED = {contrast.axis for contrast in contrasts().values() if contrast.axis}

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
                out = home / model.replace("/", "-").partition("?")[0]
                settings = Settings(model, "sim-demo", arms=CONTROLS["full"][0], out=out, jobs=1, pairs=10)
                found[model] = run(settings)[1] | {"folder": str(out)}
        return found[model]

    return of


def words(result: dict[str, Any]) -> dict[str, str]:
    return {name: axis["verdict"]["word"] for name, axis in result["axes"].items()}


@pytest.mark.parametrize("model", ["control/constant", "control/random", "control/prior", "control/age-sex"])
def test_who_does_not_look_is_never_told_to_read(model: str, protocol: Protocol) -> None:
    result = protocol(model)
    assert set(words(result).values()) <= {"prior", "underpowered", "leaks"}
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
