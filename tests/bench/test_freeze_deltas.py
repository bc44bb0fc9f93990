import json
from pathlib import Path

import pytest

from einthoven.bench.bundle import read_bundle
from einthoven.bench.freeze_deltas import derive, freeze
from einthoven.bench.result import result_of
from einthoven.bench.run import run
from einthoven.bench.scoring import deltas
from einthoven.bench.scoring.deltas import frozen_deltas
from einthoven.bench.settings import Settings
from einthoven.errors import EinthovenError

RESULTS = Path(__file__).parents[2] / "results"


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run(Settings("baseline/majority", "sim", out=tmp_path_factory.mktemp("runs") / "majority", jobs=1))[0]


@pytest.mark.parametrize("name", ["ptbxl-fold10/reference-resnet1d-tuned", "sim-v1/reference-resnet1d"])
def test_the_frozen_file_is_what_the_command_makes(name: str) -> None:
    row = derive(RESULTS / name)
    found = {axis: {"delta": each.value, "of": each.of} for axis, each in frozen_deltas(row["fingerprint"]).items()}
    assert found == row["axes"]
    assert {each["of"] for each in found.values()} == {"the signal reference"}


def test_the_signal_reference_halves_its_own_gain(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = derive(bundle)
    assert {each["of"] for each in plain["axes"].values()} == {"a modest reader"}
    named = json.loads((bundle / "run.json").read_text())
    named["model"]["name"] = "reference/resnet1d"
    answers = read_bundle(bundle)
    scored = result_of(type(answers)(named, answers.records, answers.answers), deltas={})
    axis = next(iter(plain["axes"]))
    scored["axes"][axis]["arms"]["image"] |= {"gain": 0.9, "gain_ci": [0.8, 1.0]}
    monkeypatch.setattr("einthoven.bench.freeze_deltas.result_of", lambda *_, **__: scored)
    found = derive(bundle)["axes"]
    assert found[axis] == {"delta": 0.45, "of": "the signal reference"}
    assert all(found[other] == plain["axes"][other] for other in found if other != axis)


def test_a_frozen_delta_reaches_the_verdict(bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    row = derive(bundle)
    axis = next(iter(row["axes"]))
    row["axes"][axis] = {"delta": 0.0312, "of": "the signal reference"}
    path = tmp_path / "deltas.json"
    path.write_text("{}")
    monkeypatch.setattr("einthoven.bench.freeze_deltas.files", lambda _: tmp_path)
    monkeypatch.setattr(deltas, "files", lambda _: tmp_path)
    deltas._table.cache_clear()
    assert freeze(row) == path
    try:
        result = result_of(read_bundle(bundle))
    finally:
        deltas._table.cache_clear()
    assert result["axes"][axis]["arms"]["image"]["delta"] == 0.0312
    assert "half the gain of the signal reference" in result["axes"][axis]["verdict"]["reason"]


def test_a_preview_freezes_nothing(tmp_path: Path) -> None:
    folder = run(Settings("baseline/majority", "sim", limit=30, out=tmp_path / "part", jobs=1))[0]
    with pytest.raises(EinthovenError, match="no run of all records"):
        derive(folder)
