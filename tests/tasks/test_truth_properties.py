"""What holds for any codes of any data set."""

import random
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from einthoven.ecg.reading import AxisTruth, Truth
from einthoven.tasks import taxonomy
from einthoven.tasks.statements.dialect import dialect, dialects
from einthoven.tasks.statements.table import codes, superclasses_of
from einthoven.tasks.truth import truth

WALLS = {"anterior", "septal", "lateral", "inferior", "posterior"}


NAMES = st.sampled_from(dialects())
AGES = st.lists(st.sampled_from(["", *dialect("scp").stadiums]), max_size=2).map(tuple)


def _present(axis: AxisTruth) -> set[str]:
    assert isinstance(axis.value, frozenset)
    return set(axis.value)


@st.composite
def _records(draw: st.DrawFn) -> tuple[str, dict[str, float], bool, tuple[str, ...]]:
    name = draw(NAMES)
    likelihoods = st.sampled_from([0.0, 15.0, 50.0, 100.0])
    found = draw(st.dictionaries(st.sampled_from(list(dialect(name).codes)), likelihoods, max_size=9))
    return name, found, draw(st.booleans()), draw(AGES) if name == "scp" else ()


@settings(max_examples=400, deadline=None)
@given(_records(), st.randoms(use_true_random=False))
def test_any_codes_give_a_sound_truth(
    record: tuple[str, dict[str, float], bool, tuple[str, ...]], shuffler: random.Random
) -> None:
    name, found, validated, stadiums = record
    made = truth(name, found, validated=validated, stadiums=stadiums)
    for axis, row in taxonomy.axes().items():
        one = made[axis]
        if one.masked:
            assert one.reason
            assert not one.accepted
            assert not one.open
        elif row.kind == "set":
            assert _present(one) | one.open <= set(row.values)
            assert not _present(one) & one.open
            assert not one.accepted
            assert len(_present(one) | one.open) < len(row.values) or _present(one)
        else:
            assert one.value in one.accepted
            assert one.accepted <= set(row.values)
            assert not one.open
        if one.implied:
            assert one.value in (frozenset(), "none")
            assert validated
            assert one.reason
    stage = made["ischemia_stage"]
    assert (stage.value not in (None, "none")) <= bool(made.ischemia)
    assert {wall for one in made.ischemia for wall in one.walls} <= WALLS
    assert Truth.from_json(made.to_json()) == made
    shuffled = list(found.items())
    shuffler.shuffle(shuffled)
    assert truth(name, dict(shuffled), validated=validated, stadiums=stadiums) == made


@settings(max_examples=200, deadline=None)
@given(st.sets(st.sampled_from(list(codes("scp"))), max_size=8), st.booleans())
def test_superclasses_are_those_of_the_codes(found: set[str], validated: bool) -> None:
    made = truth("scp", dict.fromkeys(found, 0.0), validated=validated)["diagnosis"]
    groups = [group for code in found for group in codes("scp")[code].groups if len(group) == 1]
    expected = superclasses_of(group[0] for group in groups)
    assert superclasses_of(made.value or ()) == expected


def test_fast_enough_for_ptbxl() -> None:
    chooser = random.Random(1)
    records = [dict.fromkeys(chooser.sample(list(codes("scp")), 4), 100.0) for _ in range(1530)]
    truth("scp", records[0])
    began = time.process_time()
    for record in records:
        truth("scp", record)
    assert time.process_time() - began < 1.0  # 0.3 s on the records of PTB-XL, which resemble one another more
