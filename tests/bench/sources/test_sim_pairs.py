"""The source of minimal pairs: ids, truths, sides, frozen hashes."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from einthoven.bench.sources.check import check
from einthoven.bench.sources.folds import patient_folds
from einthoven.bench.sources.registry import open_source
from einthoven.bench.sources.sim_pairs import PairSource, open_pairs
from einthoven.bench.sources.source import Entry, Side, Source
from einthoven.bench.sources.summary import summarize
from einthoven.cli.main import cli
from einthoven.ecg.reading import AXES
from einthoven.ecg.simulator.pairs import contrasts
from einthoven.errors import EinthovenError
from einthoven.renderers.options import CHOICES
from einthoven.tasks.taxonomy import axes

#: SHA-256 of the embedded pairs, `pairs-v1`: ``index`` over ids, hearts, seeds, sides and truths; ``first`` over the
#: int16 microvolts of the first 3 pairs of each contrast, ``demo`` of the first 20, ``all`` of all 100. Made by
#: ``python tests/bench/sources/test_sim_pairs.py``; a change needs another name than pairs-v1.
GOLDEN = Path(__file__).parents[2] / "golden" / "sim_pairs.json"
FIRST = 3


@pytest.fixture(scope="module")
def full() -> PairSource:
    return open_pairs()


def _side(entry: Entry) -> Side:
    assert entry.side is not None
    return entry.side


def test_a_hundred_pairs_a_contrast_and_twenty_where_asked(full: PairSource) -> None:
    source: Source = full
    assert (source.name, source.simulated, source.has_folds, list(source.faults)) == ("sim-pairs", True, False, [])
    assert Counter(_side(entry).contrast for entry in full.entries) == dict.fromkeys(contrasts(), 200)
    twenty = open_pairs(per_contrast=20)
    assert Counter(_side(entry).contrast for entry in twenty.entries) == dict.fromkeys(contrasts(), 40)
    # The demo's are among the full set's, the same to the last bit of their parameters.
    by_id = {entry.id: entry for entry in full.entries}
    assert len(by_id) == len(full.entries) == 200 * len(contrasts())
    assert all(by_id[entry.id] == entry for entry in twenty.entries)
    assert {entry.split for entry in full.entries} == {"test"}


def test_the_sides_of_a_pair_stand_together_and_name_each_other(full: PairSource) -> None:
    for a, b in zip(full.entries[::2], full.entries[1::2], strict=True):
        one, other = _side(a), _side(b)
        assert (a.id, b.id) == (f"{one.pair}-a", f"{other.pair}-b")
        assert one.pair == other.pair
        assert (one.side, other.side, one.contrast, one.axis) == ("a", "b", other.contrast, other.axis)
        assert (one.right, one.wrong) == (other.wrong, other.right)
        assert a.patient == b.patient
        assert a.wear == b.wear == one.pair
        assert a.locator[1] == b.locator[1]  # the seed
    assert len({entry.locator[1] for entry in full.entries}) == len(full.entries) / 2


def test_the_truth_says_what_the_side_says(full: PairSource) -> None:
    for a, b in zip(full.entries[::2], full.entries[1::2], strict=True):
        side = _side(a)
        if not side.axis:
            assert a.truth == b.truth
            continue
        for entry in (a, b):
            truth, one = entry.truth[side.axis], _side(entry)
            assert not truth.masked
            labels = {truth.value} if isinstance(truth.value, str) else set(truth.value or ())
            assert not one.right or one.right[0] in labels
            assert not {*one.wrong} & {*labels, *truth.open, *truth.accepted}
            assert {*one.right, *one.wrong} <= set(axes()[side.axis].values)
            # Other words for the same are left open by the truth; that an infarct is old no page can say.
            assert {*one.right[1:]} <= truth.open | {"infarct_age_undetermined"}


def test_every_waveform_axis_has_a_contrast(full: PairSource) -> None:
    assert {_side(entry).axis for entry in full.entries} - {""} == set(AXES) - {"diagnosis"}


def test_looks_are_options_of_the_page(full: PairSource) -> None:
    values: dict[str, Counter[str]] = {}
    for entry in full.entries:
        for option, value in entry.look.items():
            assert value in CHOICES[option]
            values.setdefault(option, Counter())[value] += 1
    assert set(values) == {"grid", "ink", "crop", "scale", "font"}
    for option, count in values.items():
        standard, *others = (count[value] for value in CHOICES[option] if count[value])
        assert standard == 100
        assert max(others) - min(others) <= 1


def test_load_simulates_the_entry_and_survives_pickling(full: PairSource) -> None:
    for entry in full.entries[:2] + tuple(e for e in full.entries if _side(e).contrast == "noise")[:2]:
        recording = full.load(entry)
        again = full.load(pickle.loads(pickle.dumps(entry)))
        assert (recording.id, recording.patient) == (entry.id, entry.patient)
        assert recording.signal is not None
        assert again.signal is not None
        assert np.array_equal(recording.signal, again.signal)


def test_the_pairs_are_frozen(full: PairSource) -> None:
    golden = json.loads(GOLDEN.read_text())
    assert _index(full) == golden["index"]
    assert _signals(open_pairs(per_contrast=FIRST)) == golden["first"]


@pytest.mark.skipif(not os.environ.get("EINTHOVEN_WHOLE_SIM"), reason="half a minute: set EINTHOVEN_WHOLE_SIM=1")
def test_all_of_the_pairs_are_frozen(full: PairSource) -> None:
    golden = json.loads(GOLDEN.read_text())
    assert _signals(open_pairs(per_contrast=20)) == golden["demo"]
    assert _signals(full) == golden["all"]


def test_another_seed_has_other_hearts(full: PairSource) -> None:
    other = open_pairs("7x2")
    assert other.name == "sim-pairs:7x2"
    assert len(other.entries) == 4 * len(contrasts())
    assert {entry.locator[1] for entry in full.entries}.isdisjoint(entry.locator[1] for entry in other.entries)
    assert open_pairs("7", per_contrast=2).entries == other.entries


@given(st.none() | st.integers(0, 2**32 - 1), st.none() | st.integers(1, 3))
def test_a_name_opens_what_it_says(seed: int | None, number: int | None) -> None:
    tail = f"{'' if seed is None else seed}{'' if number is None else f'x{number}'}"
    source = open_source(f"sim-pairs:{tail}" if tail else "sim-pairs", **({} if number else {"per_contrast": 1}))
    assert len(source.entries) == 2 * (number or 1) * len(contrasts())
    again = open_source(source.name)
    assert again.name == source.name
    assert again.entries[0] == source.entries[0]


@pytest.mark.parametrize("text", ["x", "-1", "1.5", "4294967296", "٣", "x0", "7x", "x1001", "7x20x3", "x٣"])
def test_what_is_no_seed_or_number_is_refused_in_two_lines(text: str) -> None:
    with pytest.raises(EinthovenError) as refusal:
        open_pairs(text)
    assert len(str(refusal.value).splitlines()) == 2


def test_two_numbers_are_refused() -> None:
    with pytest.raises(EinthovenError, match="one number"):
        open_pairs("7x20", per_contrast=30)
    assert len(open_pairs("7x2", per_contrast=2).entries) == 4 * len(contrasts())


def test_check_counts_pairs_and_does_not_take_sides_for_doubles() -> None:
    source = open_pairs(per_contrast=1)
    report = check(source, jobs=1)
    assert not report.faults
    assert not report.duplicates
    summary = summarize("sim-pairs:x1", source, report)
    assert {one.contrast: one.pairs for one in summary.contrasts} == dict.fromkeys(contrasts(), 1)
    row = next(one for one in summary.contrasts if one.contrast == "pr")
    assert (row.axis, row.a, row.b) == ("conduction", "", "first_degree_av_block")
    # Where the page is what differs, the signal is the same.
    same = Counter(look.digest for look in report.looks.values())
    assert Counter(same.values())[2] == sum(not one.parts for one in contrasts().values())


def test_the_same_heart_in_two_pairs_would_still_be_told() -> None:
    source = open_pairs(per_contrast=1)
    twin = source.entries[0]
    side = Side(**{name: getattr(_side(twin), name) for name in Side.__dataclass_fields__} | {"pair": "another"})
    copy = Entry("copy", twin.patient, twin.truth, "test", locator=twin.locator, side=side)
    report = check(PairSource("two", (twin, copy)), jobs=1)
    assert report.duplicates == ((twin.id, "copy"),)


def test_folds_keep_a_pair_together(full: PairSource) -> None:
    fold_of = patient_folds(full.entries, 5)
    assert all(fold_of[a.id] == fold_of[b.id] for a, b in zip(full.entries[::2], full.entries[1::2], strict=True))


def test_data_check_prints_the_contrasts() -> None:
    done = CliRunner().invoke(cli, ["data", "check", "sim-pairs:x1", "--jobs", "1"])
    assert done.exit_code == 0, done.output
    assert "pairs differ in" in done.output
    for name, contrast in contrasts().items():
        line = next(line for line in done.output.splitlines() if line.split()[:1] == [name])
        assert contrast.second in line
    told = json.loads(CliRunner().invoke(cli, ["data", "check", "sim-pairs:x1", "--jobs", "1", "--json"]).stdout)
    assert [one["contrast"] for one in told["contrasts"]] == list(contrasts())


def test_ls_shows_how_it_is_written() -> None:
    assert "sim-pairs[:SEED][xNUMBER]" in CliRunner().invoke(cli, ["ls", "data"]).output


def _index(source: PairSource) -> str:
    index = hashlib.sha256()
    for entry in source.entries:
        parameters, *seeds = entry.locator
        index.update(f"{(entry.id, entry.patient, *seeds, *_fields(parameters))}\n".encode())
        row = [_side(entry).to_json(), entry.truth.to_json()]
        index.update(json.dumps(row, sort_keys=True).encode())
    return index.hexdigest()


def _signals(source: PairSource) -> str:
    signals = hashlib.sha256()
    for entry in source.entries:
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


def main() -> None:
    """Write the golden file."""
    whole = open_pairs()
    golden = {"index": _index(whole), "first": _signals(open_pairs(per_contrast=FIRST))}
    golden |= {"demo": _signals(open_pairs(per_contrast=20)), "all": _signals(whole)}
    GOLDEN.write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(main())
