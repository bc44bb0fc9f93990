import json
from pathlib import Path

import pytest

from einthoven.bench.run import run
from einthoven.bench.settings import Settings
from einthoven.cli.main import main


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("audit")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EINTHOVEN_CACHE", str(folder / "cache"))
        run(Settings("control/oracle?sensitivity=0.8", "sim-demo", limit=60, out=folder / "oracle", jobs=1))
        run(Settings("control/random", "sim-demo", limit=60, out=folder / "random", jobs=1))
    return folder


def test_it_prints_writes_and_draws(bundles: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (bundles / "oracle" / "result.json").read_bytes()
    main(["audit", str(bundles / "oracle")])
    said = capsys.readouterr()
    for words in (
        "SIMULATED",
        "always CD",
        "published",
        "missed",
        "uniform",
        "per 1,000",
        "subgroups",
        "at 500 ECGs",
    ):
        assert words in said.out, words
    assert max(map(len, said.out.splitlines())) <= 80
    assert json.loads((bundles / "oracle" / "audit.json").read_text())["per_day"] == 500
    assert len(list((bundles / "oracle" / "audit").glob("*.svg"))) == 4
    assert (bundles / "oracle" / "result.json").read_bytes() == before
    # and a bundle with an audit is still one
    main(["score", "--check", str(bundles / "oracle")])


def test_json_is_the_document_and_nothing_is_written_on_demand(
    bundles: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["audit", "--json", "--no-write", "--per-day", "100", str(bundles / "random")])
    document = json.loads(capsys.readouterr().out)
    assert document["per_day"] == 100 and document["model"]["name"] == "control/random"
    assert not (bundles / "random" / "audit.json").exists() and not (bundles / "random" / "audit").exists()


def test_several_are_ranked_under_every_matrix(bundles: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["audit", "--no-write", str(bundles / "oracle"), str(bundles / "random")])
    out = capsys.readouterr().out
    assert out.index("control/oracle") < out.index("control/random") and "always MI" in out
    main(["audit", "--no-write", "--json", str(bundles / "oracle"), str(bundles / "random")])
    found = json.loads(capsys.readouterr().out)
    assert found["models"] == 2 and len(found["matrices"]) == 3


def test_own_weights(bundles: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "own.csv"
    rows = ["x,NORM,MI,STTC,CD,HYP", *(f"{a},{','.join('0' if a == b else '7' for b in _C)}" for a in _C)]
    path.write_text("\n".join(rows))
    main(["audit", "--no-write", "--danger", str(path), "--json", str(bundles / "random")])
    assert json.loads(capsys.readouterr().out)["leading"] == "own"


_C = ("NORM", "MI", "STTC", "CD", "HYP")


@pytest.mark.parametrize(
    ("arguments", "what", "code"),
    [
        (["nowhere"], "is no bundle", 3),
        (["{b}/oracle", "--danger", "none.toml"], "cannot be read", 2),
        (["{b}/oracle", "--arm", "blind"], "no answer in the arm blind", 3),
        (["{b}/oracle", "{b}/random", "--data", "sim"], "probabilities are of one run", 2),
        (["{b}/oracle", "--weights", "x"], "asks nobody", 2),
        (["{b}/oracle", "--data", "sim-demo"], "gives no probabilities", 2),
        (["{b}/oracle", "--per-day", "0"], "per-day", 2),
        (["{b}/oracle", "--per-day", "nan"], "nan ECGs a day", 2),
        (["{b}/oracle", "{b}/oracle"], "twice", 2),
    ],
)
def test_what_cannot_be_is_said_in_two_lines(
    bundles: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], what: str, code: int
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["audit", "--no-write", *(one.format(b=bundles) for one in arguments)])
    lines = capsys.readouterr().err.strip().splitlines()
    assert caught.value.code == code and what in lines[0] and len(lines) == 2
