from pathlib import Path

import numpy as np
import pytest
from made_bundles import mixed, write

from einthoven.bench.audit.audit import audited
from einthoven.bench.audit.probabilities import (
    PROBABILITIES,
    asked_again,
    kept_probabilities,
    read_probabilities,
)
from einthoven.bench.bundle import read_bundle
from einthoven.bench.run import run
from einthoven.bench.scoring.danger_matrix import CLASSES
from einthoven.bench.settings import Settings
from einthoven.errors import EinthovenError

IDS = [f"r{number:04}" for number in range(40)]
ROWS = np.random.RandomState(0).random_sample((40, 5)).round(3)


def npz(path: Path, **changes: object) -> Path:
    arrays = {"names": np.array(CLASSES), "ids": np.array(IDS), "scores": ROWS} | changes
    np.savez(path, **{key: value for key, value in arrays.items() if value is not None})  # type: ignore[arg-type]
    return path


def test_records_and_classes_are_put_in_order(tmp_path: Path) -> None:
    turned = npz(tmp_path / "t.npz", names=np.array(CLASSES[::-1]), ids=np.array(IDS[::-1]), scores=ROWS[::-1, ::-1])
    assert read_probabilities(turned, mixed()) == pytest.approx(ROWS)


def test_what_is_kept_is_of_equal_bytes_and_picked_up(tmp_path: Path) -> None:
    folder = write(mixed(), tmp_path / "b")
    assert audited(folder)["decisions"] is None
    for name in ("one.npz", PROBABILITIES):
        rows = kept_probabilities(folder / name, mixed(), ROWS)
    assert rows == pytest.approx(ROWS, abs=1e-6)
    assert (folder / "one.npz").read_bytes() == (folder / PROBABILITIES).read_bytes()
    assert audited(folder)["decisions"]["rows"][0]["decision"] == "most probable"


def test_where_nothing_can_be_written_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / PROBABILITIES).mkdir()
    with pytest.raises(EinthovenError, match="cannot write"):
        kept_probabilities(tmp_path / PROBABILITIES, mixed(), ROWS)
    assert [path.name for path in tmp_path.iterdir()] == [PROBABILITIES]


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"names": np.array(["NORM", "MI", "STTC", "CD", "LVH"])}, "no probabilities of HYP"),
        ({"ids": np.array([*IDS[:-1], "other"])}, "lacks 1 of the bundle's 40 records, such as r0039"),
        ({"scores": ROWS - 1}, "no probability"),
        ({"scores": ROWS * np.nan}, "no probability"),
        ({"scores": ROWS[:, :4]}, "no probabilities of all classes"),
        (
            {"ids": np.array([*IDS, "r0003"]), "scores": np.vstack([ROWS, ROWS[:1]])},
            "the record r0003 more than once",
        ),
        ({"names": np.array([*CLASSES, "MI"]), "scores": np.hstack([ROWS, ROWS[:, :1]])}, "the class MI more than"),
        ({"scores": ROWS + 1j}, "complex numbers"),
        ({"scores": None}, "holds no probabilities"),
        ({"ids": np.array([object()] * 40)}, "holds no probabilities"),  # a pickle is never opened
    ],
)
def test_what_cannot_be_used_is_refused(tmp_path: Path, changes: dict, what: str) -> None:
    with pytest.raises(EinthovenError, match=what) as caught:
        read_probabilities(npz(tmp_path / "p.npz", **changes), mixed())
    assert "\n" not in caught.value.problem


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not really", b"x" * 100])
def test_what_is_no_file_of_numbers(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "p.npz").write_bytes(content)
    with pytest.raises(EinthovenError, match="holds no probabilities"):
        read_probabilities(tmp_path / "p.npz", mixed())


def test_a_signal_model_is_asked_again_for_what_it_answered_by(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EINTHOVEN_CACHE", str(tmp_path / "cache"))
    run(Settings("reference/resnet1d", "sim-demo", limit=12, arms=("image",), out=tmp_path / "b", jobs=1))
    bundle = read_bundle(tmp_path / "b")
    rows = asked_again(bundle, "sim-demo")
    assert rows.shape == (12, 5) and (rows >= 0).all() and (rows <= 1).all() and rows.std() > 0.05
    with pytest.raises(EinthovenError, match="has 0 of the run's 12 records"):
        asked_again(bundle, "sim:7")
    bundle.run["identity"]["parameters"]["weights"] = "other"
    with pytest.raises(EinthovenError, match="not the weights of the run"):
        asked_again(bundle, "sim-demo")


@pytest.mark.parametrize("model", ["control/random", "compatible/tester", "openai/gpt", "hf/a/b+lora:c", "strange"])
def test_a_model_without_probabilities_says_so(model: str) -> None:
    with pytest.raises(EinthovenError, match="gives no probabilities"):
        asked_again(mixed(model=model), "sim-demo")


def test_weights_may_stand_in_a_folder_with_capital_letters(tmp_path: Path) -> None:
    bundle = mixed(model="reference/resnet1d")
    with pytest.raises(EinthovenError) as caught:
        asked_again(bundle, "sim-demo", str(tmp_path / "Mine"))
    assert "the flag" not in caught.value.problem and "Mine" in caught.value.problem
