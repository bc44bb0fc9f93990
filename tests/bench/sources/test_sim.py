from __future__ import annotations

import hashlib
import json
import os
import pickle
import subprocess
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pytest

from einthoven.bench.sources.sim import SPLITS, SimSource, open_sim
from einthoven.bench.sources.source import Entry, Source
from einthoven.ecg.reading import AXES
from einthoven.ecg.simulator.truth import reading
from einthoven.errors import EinthovenError
from einthoven.tasks.taxonomy import axes, axis_value

#: SHA-256 of the embedded data, `sim-v1`: ``index`` over ids, patients, parameters, seeds and truths of validation
#: and test; ``first`` over the int16 microvolts of the first 200 test records, ``validation`` and ``test`` over all.
#: Made by ``python tests/bench/sources/test_sim.py``; a change needs another name than sim-v1 and a new simulator
#: `VERSION`.
GOLDEN = Path(__file__).parents[2] / "golden" / "sim_v1.json"
FIRST = 200


@pytest.fixture(scope="module")
def sim() -> SimSource:
    return open_sim()


def _test(source: Source) -> list[Entry]:
    return [entry for entry in source.entries if entry.split == "test"]


def test_it_is_a_simulated_source_with_folds(sim: SimSource) -> None:
    source: Source = sim
    assert (source.name, source.simulated, source.has_folds, list(source.faults)) == ("sim", True, True, [])
    assert (
        Counter(entry.split for entry in source.entries) == SPLITS == {"train": 600, "validation": 600, "test": 3000}
    )
    assert len({entry.id for entry in source.entries}) == len(source.entries) == 4200
    assert {entry.fold for entry in source.entries if entry.split == "train"} == set(range(1, 9))
    assert {(entry.split, entry.fold) for entry in source.entries if entry.split != "train"} == {
        ("validation", 9),
        ("test", 10),
    }


def test_one_patient_in_ten_has_two_records_and_none_crosses_a_split(sim: SimSource) -> None:
    homes, records = defaultdict(set), Counter[str]()
    for entry in sim.entries:
        homes[entry.patient.id].add((entry.split, entry.fold))
        records[entry.patient.id] += 1
    assert all(len(places) == 1 for places in homes.values())
    assert set(records.values()) == {1, 2}
    assert sum(count == 2 for count in records.values()) / len(records) == pytest.approx(0.1, abs=0.01)
    people = defaultdict(set)
    for entry in sim.entries:
        people[entry.patient.id].add(entry.patient)
    assert all(len(versions) == 1 for versions in people.values())


def test_classes_of_the_embedded_test_split(sim: SimSource) -> None:
    """Every class and label of the seven waveform axes that a heart can have has 60 cases or more in test."""
    counts: dict[str, Counter[str]] = {axis: Counter() for axis in AXES}
    masked = Counter[str]()
    for entry in _test(sim):
        for axis in AXES:
            truth = entry.truth[axis]
            if truth.value is None:
                masked[axis] += 1
                assert truth.reason
            elif len(truth.accepted) <= 1:  # several accepted classes count in accuracy only
                counts[axis].update([truth.value] if isinstance(truth.value, str) else truth.value or ["none"])
    # The simulator knows the rhythm, and the age of an infarction.
    impossible = {"rhythm": {"other"}, "ischemia_stage": {"infarct_age_undetermined"}}
    for axis in AXES[:-1]:
        possible = set(axes()[axis].values) - impossible.get(axis, set())
        assert set(counts[axis]) - {"none"} == possible - {"none"}
        assert min(counts[axis].values()) >= 60, (axis, counts[axis])
    assert len(counts["diagnosis"]) > 90
    assert not masked["rhythm"]
    assert not masked["diagnosis"]
    assert max(masked.values()) < 0.45 * 3000
    for axis, normal in (("rhythm", "sinus"), ("conduction", "none"), ("ischemia_stage", "none")):
        assert 0.5 <= counts[axis][normal] / (3000 - masked[axis]) <= 0.75


def test_the_truth_is_the_simulators_own(sim: SimSource) -> None:
    for entry in sim.entries:
        exact, masks = reading(entry.locator[0])
        for axis in AXES:
            assert entry.truth[axis].value == (None if axis in masks else axis_value(exact, axis))


def test_what_a_finding_shows_besides_is_left_open(sim: SimSource) -> None:
    """ST elevation of an acute infarction counts neither for nor against; without one it counts."""
    for entry in _test(sim):
        other = entry.truth["other_findings"]
        if other.masked:
            continue
        parameters = entry.locator[0]
        infarcted = parameters.ischemia is not None and parameters.ischemia.stage in ("acute", "recent", "old")
        if infarcted:
            assert "pathological_q_wave" in other.open
        elif parameters.conduction == "none" and not parameters.findings:
            assert "pathological_q_wave" not in other.open
        if not parameters.findings:
            assert "long_qt" not in other.open
        assert not isinstance(other.value, str)
        assert not other.open & (other.value or frozenset())


def test_two_rhythms_at_once_are_both_right(sim: SimSource) -> None:
    for entry in _test(sim):
        parameters, rhythm = entry.locator[0], entry.truth["rhythm"]
        assert (len(rhythm.accepted) > 1) is (parameters.block == "complete")
        if parameters.block == "complete":
            assert "sinus" in rhythm.accepted
            assert isinstance(entry.truth["diagnosis"].value, frozenset)
            assert {"junctional_rhythm", "ventricular_escape_rhythm"} & entry.truth["diagnosis"].open


def test_any_number_can_be_trained_on() -> None:
    short, long = (open_sim("7", train=count).entries for count in (10, 1300))
    assert [entry.split for entry in short].count("train") == 10
    assert [entry.split for entry in long].count("train") == 1300
    assert [entry.id for entry in short[:10]] == [entry.id for entry in long[:10]]
    assert [entry.locator for entry in short[:10]] == [entry.locator for entry in long[:10]]
    assert long[-1].split == "test"
    assert long[1299].split == "train"
    with pytest.raises(IndexError):
        short[len(short)]


def test_load_simulates_the_entrys_heart(sim: SimSource) -> None:
    entry = _test(sim)[5]
    recording = sim.load(entry)
    again = sim.load(pickle.loads(pickle.dumps(entry)))
    assert (recording.id, recording.patient, recording.sampling_rate) == (entry.id, entry.patient, 500)
    assert recording.signal is not None
    assert again.signal is not None
    assert np.array_equal(recording.signal, again.signal)


def test_the_embedded_data_are_frozen(sim: SimSource) -> None:
    golden = json.loads(GOLDEN.read_text())
    assert _index(sim) == golden["index"]
    assert _signals(sim, _test(sim)[:FIRST]) == golden["first"]


@pytest.mark.skipif(not os.environ.get("EINTHOVEN_WHOLE_SIM"), reason="half a minute: set EINTHOVEN_WHOLE_SIM=1")
def test_all_of_the_embedded_data_are_frozen(sim: SimSource) -> None:
    golden = json.loads(GOLDEN.read_text())
    for split in ("validation", "test"):
        assert _signals(sim, [entry for entry in sim.entries if entry.split == split]) == golden[split]


def _index(source: SimSource) -> str:
    index = hashlib.sha256()
    for entry in source.entries:
        if entry.split != "train":
            row = (entry.id, entry.patient, entry.split, entry.fold, entry.locator[1], *_fields(entry.locator[0]))
            index.update(f"{row}\n".encode())
            index.update(json.dumps(entry.truth.to_json(), sort_keys=True).encode())
    return index.hexdigest()


def _signals(source: SimSource, entries: list[Entry]) -> str:
    signals = hashlib.sha256()
    for entry in entries:
        signal = source.load(entry).signal
        assert signal is not None
        signals.update(np.rint(signal.astype(float) * 1000).astype("<i2").tobytes())
    return signals.hexdigest()


def _fields(parameters: object) -> list[object]:
    values = [getattr(parameters, name) for name in parameters.__dataclass_fields__]  # type: ignore[attr-defined]
    return [
        (value.stage, sorted(value.walls))
        if hasattr(value, "walls")
        else sorted(value)
        if isinstance(value, frozenset)
        else value
        for value in values
    ]


def test_another_seed_is_another_population() -> None:
    seven, eight = open_sim("7"), open_sim("8")
    assert (seven.name, eight.name) == ("sim:7", "sim:8")
    assert {entry.locator[1] for entry in seven.entries}.isdisjoint(entry.locator[1] for entry in eight.entries)
    assert not {entry.id for entry in seven.entries} & {entry.id for entry in eight.entries}
    assert [entry.locator for entry in open_sim("7").entries] == [entry.locator for entry in seven.entries]


def test_no_heart_stands_in_two_splits(sim: SimSource) -> None:
    assert len({entry.locator[1] for entry in sim.entries}) == 4200


@pytest.mark.parametrize("text", ["x", "-1", "1.5", "4294967296", "٣"])
def test_what_is_no_seed_is_refused_in_two_lines(text: str) -> None:
    with pytest.raises(EinthovenError) as refusal:
        open_sim(text)
    assert len(str(refusal.value).splitlines()) == 2


def test_nothing_path_like_means_the_embedded_data() -> None:
    assert open_sim("").name == open_sim(None).name == "sim"


def test_opening_is_quick_and_simulates_nothing(sim: SimSource, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object) -> None:
        raise AssertionError("opening an index simulates nothing")

    monkeypatch.setattr("einthoven.ecg.simulator.simulation.beat", forbidden)
    spent = []
    for seed in ("101", "102", "103"):
        start = time.process_time()
        open_sim(seed)
        spent.append(time.process_time() - start)
    assert min(spent) < 0.1
    assert next(iter(open_sim("104").entries)).split == "train"


def test_the_module_itself_needs_no_simulator() -> None:
    code = "import sys, einthoven.bench.sources.sim; sys.exit('einthoven.ecg.simulator' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def main() -> None:
    """Write the golden file."""
    source = open_sim()
    splits = {split: [entry for entry in source.entries if entry.split == split] for split in ("validation", "test")}
    golden = {"index": _index(source), "first": _signals(source, splits["test"][:FIRST])}
    golden |= {split: _signals(source, entries) for split, entries in splits.items()}
    GOLDEN.write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    main()
