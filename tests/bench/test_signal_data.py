import csv
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from einthoven.adapters.signal.outputs import outputs
from einthoven.bench.signal_data import labelled, prepared, truths
from einthoven.bench.sources.registry import open_source
from einthoven.bench.sources.sim import open_sim
from einthoven.bench.sources.source import Entry
from einthoven.ecg.patient import Patient
from einthoven.ecg.reading import AXES, AxisTruth, Truth
from einthoven.errors import EinthovenError, Exit

DATA = os.environ.get("EINTHOVEN_DATA")


@pytest.fixture(autouse=True)
def _kept_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EINTHOVEN_CACHE", str(tmp_path / "kept"))


def test_records_are_read_once_and_kept() -> None:
    class Counting:
        def __init__(self) -> None:
            self.inner, self.loads = open_sim(train=12), 0

        def __getattr__(self, name: str) -> object:
            return getattr(self.inner, name)

        def load(self, entry: Entry) -> object:
            self.loads += 1
            return self.inner.load(entry)

    source = Counting()
    first = prepared(source, "train", 100, limit=5)  # type: ignore[arg-type]
    assert first.signals.shape == (5, 12, 1000)
    assert source.loads == 5
    again = prepared(source, "train", 100, limit=5)  # type: ignore[arg-type]
    assert source.loads == 5
    assert np.array_equal(first.signals, again.signals)
    assert [e.id for e in first.entries] == [e.id for e in again.entries]
    prepared(source, "train", 250, limit=5)  # type: ignore[arg-type]
    assert source.loads == 10


def test_targets_of_simulated_records_are_their_truth() -> None:
    of = outputs("axes")
    found = prepared(open_sim(train=30), "train", 100, limit=30)
    targets = labelled(found.entries, of)
    assert targets.shape == (30, of.columns)
    for entry, row in zip(found.entries, targets, strict=True):
        rhythm = entry.truth["rhythm"]
        said = {v for v, t in zip(of.group("rhythm").values, row[of.group("rhythm").columns], strict=True) if t == 1}
        assert said == set(rhythm.accepted)


def _ptbxl_like(codes: dict[str, float]) -> Entry:
    nothing = Truth({axis: AxisTruth() for axis in AXES})
    return Entry("1", Patient("p"), nothing, "test", statements=codes)


def test_superclasses_of_scp_codes_are_the_fields() -> None:
    """As in PTB-XL's own example: every diagnostic statement counts, whatever its likelihood."""
    found = truths(_ptbxl_like({"IMI": 15.0, "NDT": 100.0, "SR": 0.0, "ABQRS": 0.0}))
    assert found["superclass"].value == {"MI", "STTC"}
    assert found["scp"].value == {"IMI", "NDT", "SR", "ABQRS"}
    assert truths(_ptbxl_like({}))["superclass"].masked


@pytest.mark.real_data
@pytest.mark.skipif(DATA is None, reason="EINTHOVEN_DATA names no folder with ptb-xl/")
def test_superclasses_equal_ptbxls_table() -> None:
    with (Path(str(DATA)) / "ptb-xl" / "scp_statements.csv").open(encoding="utf-8") as file:
        table = {row[""]: row["diagnostic_class"] for row in csv.DictReader(file) if row["diagnostic"] == "1.0"}
    for entry in open_source(f"ptbxl:{DATA}").entries:
        assert truths(entry)["superclass"].value == {table[code] for code in entry.statements if code in table}


def test_a_source_without_such_records_gets_two_lines() -> None:
    source = open_sim(train=0)
    with pytest.raises(EinthovenError, match="sim has no train records to train with") as caught:
        prepared(source, "train", 100)
    assert caught.value.exit_code == Exit.MISSING


def test_another_process_finds_what_was_kept() -> None:
    """A set's order differs from process to process: no part of the name may depend on it."""
    code = (
        "from einthoven.bench.signal_data import prepared\n"
        "from einthoven.bench.sources.sim import open_sim\n"
        "prepared(open_sim(train=40), 'train', 100, limit=40)\n"
    )
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", code], check=True, env=environment)
    kept = Path(os.environ["EINTHOVEN_CACHE"]) / "samples"
    assert len(list(kept.glob("*.npy"))) == 1
