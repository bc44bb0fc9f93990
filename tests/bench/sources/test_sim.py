from __future__ import annotations

import hashlib
import pickle
import subprocess
import sys
import time
from collections import Counter, defaultdict

import numpy as np
import pytest

from einthoven.bench.sources.sim import SPLITS, SimSource, open_sim
from einthoven.bench.sources.source import Entry, Source
from einthoven.ecg.reading import AXES
from einthoven.ecg.simulator.truth import reading
from einthoven.errors import EinthovenError
from einthoven.tasks.taxonomy import axes, axis_value

#: SHA-256 over ids, patients, parameters, seeds and truths of all entries, and over the int16 microvolts of the first
#: three test records: the embedded data are frozen.
INDEX = "f64f861f8fd4072000ad30723bcd39963de55b8f021556cb62eeb4c5debfbf7d"
SIGNALS = "2db549f7e40fa07e3741652fdc12776337d0165435d4c0ce98f87f31ad8d8e41"


@pytest.fixture(scope="module")
def sim() -> SimSource:
    return open_sim()


def _test(source: Source) -> list[Entry]:
    return [entry for entry in source.entries if entry.split == "test"]


def test_it_is_a_simulated_source_with_folds(sim: SimSource) -> None:
    source: Source = sim
    assert (source.name, source.simulated, source.has_folds, list(source.faults)) == ("sim", True, True, [])
    assert (
        Counter(entry.split for entry in source.entries) == SPLITS == {"train": 600, "validation": 100, "test": 400}
    )
    assert len({entry.id for entry in source.entries}) == 1100
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
    """Every class and label that is there at all has 20 cases or more, and nothing the simulator draws is missing."""
    counts: dict[str, Counter[str]] = {axis: Counter() for axis in AXES}
    masked = Counter[str]()
    for entry in _test(sim):
        for axis in AXES:
            truth = entry.truth[axis]
            if truth.value is None:
                masked[axis] += 1
                assert truth.reason
            else:
                counts[axis].update([truth.value] if isinstance(truth.value, str) else truth.value or ["none"])
    assert set(counts["rate"]) == {"bradycardia", "normal", "tachycardia"}
    assert set(counts["rhythm"]) == {"sinus", "atrial_fibrillation", "paced"}
    assert set(counts["axis"]) == {"normal", "left", "right", "extreme"}
    assert set(counts["conduction"]) == {"none", "lbbb", "rbbb", "first_degree_av_block"}
    assert set(counts["ischemia_stage"]) == {"none", "acute", "old"}
    assert set(counts["ischemia_territory"]) == {"none", "inferior", "anterior"}
    assert set(counts["other_findings"]) == {"none", "left_ventricular_hypertrophy", "lv_strain", "long_qt"}
    assert len(counts["diagnosis"]) == 17
    for axis in AXES:
        assert min(counts[axis].values()) >= 20, (axis, counts[axis])
        assert set(counts[axis]) - {"none"} <= set(axes()[axis].values)
    assert set(masked) == {"conduction", "ischemia_stage", "ischemia_territory", "other_findings"}
    assert max(masked.values()) < 0.25 * 400
    for axis, normal in (("rhythm", "sinus"), ("conduction", "none"), ("ischemia_stage", "none")):
        assert 0.5 <= counts[axis][normal] / (400 - masked[axis]) <= 0.75


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
        infarcted = entry.locator[0].ischemia is not None
        if infarcted:
            assert "pathological_q_wave" in other.open
        if entry.locator[0].conduction == "none":
            assert ("pathological_q_wave" in other.open) is infarcted
        assert "long_qt" not in other.open


def test_load_simulates_the_entrys_heart(sim: SimSource) -> None:
    entry = _test(sim)[5]
    recording = sim.load(entry)
    again = sim.load(pickle.loads(pickle.dumps(entry)))
    assert (recording.id, recording.patient, recording.sampling_rate) == (entry.id, entry.patient, 500)
    assert recording.signal is not None
    assert again.signal is not None
    assert np.array_equal(recording.signal, again.signal)


def test_the_embedded_data_are_frozen(sim: SimSource) -> None:
    index = hashlib.sha256()
    for entry in sim.entries:
        row = (entry.id, entry.patient, entry.split, entry.fold, entry.locator[1], *_fields(entry.locator[0]))
        index.update(f"{row}\n".encode())
    signals = hashlib.sha256()
    for entry in _test(sim)[:3]:
        signal = sim.load(entry).signal
        assert signal is not None
        signals.update(np.rint(signal.astype(float) * 1000).astype("<i2").tobytes())
    assert (index.hexdigest(), signals.hexdigest()) == (INDEX, SIGNALS)


def _fields(parameters: object) -> list[object]:
    values = [getattr(parameters, name) for name in parameters.__dataclass_fields__]  # type: ignore[attr-defined]
    return [(value.stage, sorted(value.walls)) if hasattr(value, "walls") else value for value in values]


def test_another_seed_is_another_population() -> None:
    seven, eight = open_sim("7"), open_sim("8")
    assert (seven.name, eight.name) == ("sim:7", "sim:8")
    assert {entry.locator[1] for entry in seven.entries}.isdisjoint(entry.locator[1] for entry in eight.entries)
    assert not {entry.id for entry in seven.entries} & {entry.id for entry in eight.entries}
    assert [entry.locator for entry in open_sim("7").entries] == [entry.locator for entry in seven.entries]


def test_no_heart_stands_in_two_splits(sim: SimSource) -> None:
    assert len({entry.locator[1] for entry in sim.entries}) == 1100


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
    assert min(spent) < 0.3


def test_the_module_itself_needs_no_simulator() -> None:
    code = "import sys, einthoven.bench.sources.sim; sys.exit('einthoven.ecg.simulator' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
