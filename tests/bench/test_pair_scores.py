"""From the answers to pairs to what is read, and what flips."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from einthoven.bench.pair_scores import PairScores, calls, pair_scores
from einthoven.bench.scoring.wilson import wilson
from einthoven.bench.sources.sim_pairs import PairSource, open_pairs
from einthoven.bench.sources.source import Entry
from einthoven.ecg.reading import Ischemia, Reading
from einthoven.ecg.simulator.pairs import contrasts
from einthoven.ecg.simulator.truth import reading as truth_of
from einthoven.tasks.dense import Dense
from einthoven.tasks.registry import task
from einthoven.tasks.task import Task
from einthoven.tasks.taxonomy import axes, axis_value

SOURCE = open_pairs(per_contrast=8)
DENSE = Dense()
NORMAL = Reading("normal", "sinus", "normal", frozenset(), frozenset(), frozenset(), frozenset({"normal_ecg"}))

Answerer = Callable[[Entry], Reading | None]


def _rows(source: PairSource = SOURCE) -> list[dict[str, Any]]:
    """The rows that a run with pictures would keep."""
    rows = []
    for entry in source.entries:
        assert entry.side is not None
        shown = json.dumps([entry.side.look, source.digest(entry)])
        rows.append({"id": entry.id, "pair": entry.side.to_json(), "images": [shown], "digest": source.digest(entry)})
    return rows


def _scores(answer: Answerer, source: PairSource = SOURCE) -> PairScores:
    return pair_scores(_rows(source), {entry.id: answer(entry) for entry in source.entries}, DENSE)


def replace_asked(asked: tuple[str, ...]) -> Task:
    chosen = Dense()
    chosen.asked = asked
    return chosen


def _perfect(entry: Entry) -> Reading:
    found: Reading = truth_of(entry.locator[0])[0]
    return found


def test_a_perfect_reader_reads_every_contrast_and_never_flips() -> None:
    found = _scores(_perfect)
    rows = [one for scores in found.contrasts.values() for one in scores]
    factors = [name for name, one in contrasts().items() if one.axis]
    assert sorted(one.name for one in rows) == sorted([*factors, *(f"diagnosis:{name}" for name in factors)])
    for one in rows:
        said, _, name = one.name.rpartition(":")
        assert (one.axis, one.n, one.both_right, one.both_reversed) == (said or contrasts()[name].axis, 8, 8, 0)
        assert one.p == pytest.approx(0.5**8)
        assert one.p_holm == pytest.approx(min(1.0, 34 * 0.5**8))
        assert found.right[one.name] == (8, 8)
    assert set(found.flips) == set(axes())
    for flips in found.flips.values():
        assert (flips.n, flips.flipped) == (48, 0)
        assert set(flips.by) == {name for name, one in contrasts().items() if not one.axis}


def test_a_constant_answer_reads_nothing_and_never_flips() -> None:
    found = _scores(lambda _: NORMAL)
    for scores in found.contrasts.values():
        assert all((one.both_right, one.both_reversed, one.p) == (0, 0, 1.0) for one in scores)
    assert found.right["lbbb"] == (8, 0)
    assert all(flips.flipped == 0 for flips in found.flips.values())


def test_who_takes_each_side_for_the_other_is_reversed_everywhere() -> None:
    """Answer the other side's truth: the test is one-sided, so this is no reading."""
    other = {a.id: b for a, b in zip(SOURCE.entries[::2], SOURCE.entries[1::2], strict=True)}
    other |= {b.id: a for a, b in zip(SOURCE.entries[::2], SOURCE.entries[1::2], strict=True)}
    found = _scores(lambda entry: _perfect(other[entry.id]))
    for scores in found.contrasts.values():
        assert all((one.both_right, one.both_reversed, one.p) == (0, 8, 1.0) for one in scores)


def test_only_the_label_that_changes_counts() -> None:
    """A set may hold more: a reader who always adds another label still reads the bundle branch block."""
    found = _scores(
        lambda entry: Reading(
            **{name: getattr(_perfect(entry), name) for name in Reading.__dataclass_fields__}
            | {"conduction": _perfect(entry).conduction | {"ivcd"}}  # type: ignore[operator]
        )
    )
    assert {one.name: one.both_right for one in found.contrasts["conduction"]} == {"pr": 8, "lbbb": 8, "rbbb": 8}


def test_other_words_for_the_same_count_on_both_sides() -> None:
    """A page with Q waves does not say how old they are; who finds that of undetermined age has seen them."""
    undetermined = replace(
        NORMAL, ischemia=frozenset({Ischemia("infarct_age_undetermined", frozenset({"inferior"}))})
    )
    tall = replace(NORMAL, other_findings=frozenset({"lvh_voltage_criteria"}))
    words = {"q-inferior": undetermined, "q-anterior": undetermined, "voltage": tall, "strain": tall}

    def seen(entry: Entry, where: str) -> Reading:
        assert entry.side is not None
        return words.get(entry.side.contrast, NORMAL) if entry.side.side == where else NORMAL

    for where, expected in (("b", (8, 0)), ("a", (0, 8))):
        found = _scores(lambda entry, where=where: seen(entry, where))  # type: ignore[misc]
        rows = {one.name: (one.both_right, one.both_reversed) for each in found.contrasts.values() for one in each}
        assert {name: rows[name] for name in words} == {
            "q-inferior": expected,
            "q-anterior": expected,
            "voltage": expected,
            "strain": (0, 0),  # strain has a name of its own
        }


def test_an_answer_that_is_none_is_neither_right_nor_reversed_and_flips() -> None:
    found = _scores(lambda entry: None if entry.id.endswith("b") else _perfect(entry))
    for scores in found.contrasts.values():
        assert all((one.both_right, one.both_reversed) == (0, 0) for one in scores)
    assert all(flips.flipped == flips.n == 48 for flips in found.flips.values())
    nobody = _scores(lambda _: None)
    assert all(flips.flipped == 0 for flips in nobody.flips.values())


def test_pairs_whose_sides_look_the_same_say_nothing_about_flips() -> None:
    rows = [{name: value for name, value in row.items() if name != "images"} for row in _rows()]
    found = pair_scores(rows, {row["id"]: NORMAL for row in rows}, DENSE)
    assert all(set(flips.by) == {"noise"} for flips in found.flips.values())


def test_a_task_that_asks_for_no_axis_has_flips_in_its_own_words() -> None:
    chosen = task("superclass")
    entries = [entry for entry in SOURCE.entries if entry.side is not None and not entry.side.axis]
    source = PairSource("part", tuple(entries))
    answers = {
        entry.id: Reading(label=frozenset({"MI"} if entry.id.endswith("0-b") else {"NORM"})) for entry in entries
    }
    found = pair_scores(_rows(source), answers, chosen)
    assert not found.contrasts
    assert chosen.space is not None
    assert {name: (flips.n, flips.flipped) for name, flips in found.flips.items()} == {chosen.space.name: (48, 6)}


def test_half_a_pair_is_refused() -> None:
    rows = _rows()[:-1]
    with pytest.raises(ValueError, match="lacks a side"):
        pair_scores(rows, {row["id"]: NORMAL for row in rows}, DENSE)


def test_a_word_in_place_of_a_list_of_words_is_refused() -> None:
    """Rows of an older form scored a perfect reader of bundle branch blocks as blind, without a word."""
    rows = _rows()
    for row in rows:
        row["pair"] |= {key: row["pair"][key][0] for key in ("right", "wrong") if row["pair"].get(key)}
    with pytest.raises(ValueError, match="list of words"):
        pair_scores(rows, {row["id"]: NORMAL for row in rows}, DENSE)


def test_the_order_of_rows_does_not_matter() -> None:
    rows = _rows()
    answers: dict[str, Reading | None] = {entry.id: _perfect(entry) for entry in SOURCE.entries}
    shuffled = [rows[place] for place in np.random.RandomState(3).permutation(len(rows))]
    assert pair_scores(rows, answers, DENSE).to_json() == pair_scores(shuffled, answers, DENSE).to_json()


def test_the_json_form_says_what_was_counted() -> None:
    told = _scores(_perfect).to_json()
    row = next(one for one in told["contrasts"] if one["name"] == "territory")
    assert row == {
        "name": "territory",
        "axis": "ischemia_territory",
        "n": 8,
        "right": [8, 8],
        "both_right": 8,
        "both_reversed": 0,
        "p": 0.003906,
        "p_holm": round(34 / 256, 6),
    }
    rate = told["flips"]["rate"]
    assert (rate["share"], rate["share_ci"]) == (0.0, [round(end, 6) for end in wilson(0, 48)])
    assert rate["by"]["ink"] == {"n": 8, "flipped": 0}


LABELS = st.frozensets(st.sampled_from(["lbbb", "rbbb", "ivcd"]))
SIDES = st.sampled_from(
    [((), ("lbbb",)), (("lbbb",), ()), (("lbbb",), ("rbbb",)), (("rbbb",), ("lbbb",)), ((), ("lbbb", "ivcd"))]
)


@given(LABELS | st.sampled_from(["lbbb", "rbbb", "ivcd"]) | st.none(), SIDES)
def test_right_here_is_reversed_there(
    value: frozenset[str] | str | None, side: tuple[tuple[str, ...], tuple[str, ...]]
) -> None:
    right, wrong = calls(value, *side)
    assert calls(value, *side[::-1]) == (wrong, right)
    assert not (right and wrong)
    if isinstance(value, frozenset) and () in side:
        assert right != wrong  # a label is there or it is not


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2**32 - 1))
def test_a_reader_of_nothing_passes_no_more_often_than_allowed(seed: int) -> None:
    """Draw every answer from one pool, whatever the side: wins and losses are alike, and p is honest."""
    rng = np.random.RandomState(seed)
    pool = [_perfect(entry) for entry in SOURCE.entries]
    found = _scores(lambda _: pool[rng.randint(len(pool))])
    for scores in found.contrasts.values():
        for one in scores:
            assert one.p >= 0.5 ** (one.both_right + one.both_reversed)
            assert one.p_holm is not None
            assert one.p_holm >= one.p


@pytest.mark.parametrize("name", [name for name, one in contrasts().items() if one.axis])
def test_reading_one_contrast_alone_passes_that_one_alone(name: str) -> None:
    contrast = contrasts()[name]
    found = _scores(
        lambda entry: _perfect(entry) if entry.side is not None and entry.side.contrast == name else NORMAL
    )
    passed = [one.name for scores in found.contrasts.values() for one in scores if one.both_right]
    assert sorted(passed) == sorted([name, f"diagnosis:{name}"])
    assert axis_value(NORMAL, contrast.axis) is not None


@pytest.mark.parametrize("name", [name for name, one in contrasts().items() if one.axis])
def test_statements_are_those_that_the_truth_of_the_two_sides_changes(name: str) -> None:
    contrast = contrasts()[name]
    for a, b in zip(SOURCE.entries[::2], SOURCE.entries[1::2], strict=True):
        if a.side is None or a.side.contrast != name:
            continue
        for here, there, statements in (
            (b.truth["diagnosis"], a.truth["diagnosis"], contrast.statements),
            (a.truth["diagnosis"], b.truth["diagnosis"], contrast.first_statements),
        ):
            assert isinstance(here.value, frozenset) and isinstance(there.value, frozenset)
            assert here.value >= set(statements[:1])
            assert here.value | here.open >= set(statements)  # other words: none that is wrong here
            assert (there.value | there.open).isdisjoint(statements)


def test_a_reader_who_writes_no_statements_reads_axes_but_no_statement() -> None:
    found = _scores(lambda entry: replace(_perfect(entry), diagnosis=frozenset({"normal_ecg"})))
    assert all(one.both_right == 8 for axis, each in found.contrasts.items() if axis != "diagnosis" for one in each)
    assert {(one.both_right, one.both_reversed) for one in found.contrasts["diagnosis"]} == {(0, 0)}


def test_a_task_that_asks_for_no_statements_is_not_tested_on_them() -> None:
    chosen = replace_asked(("rate", "conduction"))
    found = pair_scores(_rows(), {entry.id: _perfect(entry) for entry in SOURCE.entries}, chosen)
    assert "diagnosis" not in found.contrasts
