"""Simulated recordings with exact truth: ``sim`` is embedded and frozen, ``sim:SEED`` is new for every seed."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, overload

from einthoven.bench.sources.source import Entry, Split
from einthoven.ecg.patient import Patient
from einthoven.ecg.reading import Reading, Truth
from einthoven.ecg.recording import Recording
from einthoven.errors import EinthovenError, Fault

if TYPE_CHECKING:
    from einthoven.ecg.simulator.parameters import Parameters

__all__ = ["EMBEDDED_SEED", "NAME", "SPLITS", "SimEntries", "SimSource", "exact_truth", "open_sim"]

#: The population behind the data name ``sim``: `sim-v1`. Another seed would be other data under the same name: never
#: change it.
EMBEDDED_SEED = 1903
NAME = "sim-v1"

#: Records in each split; of train there are as many as are asked for, these by default.
SPLITS: Mapping[Split, int] = {"train": 600, "validation": 600, "test": 3000}

#: Train is drawn in blocks of this size, each from a seed of its own, so that a longer one begins like a shorter one.
_TRAIN_BLOCK = 600

#: One patient in ten has two records, so that resampling by patient differs from resampling by record.
_TWICE = 0.1

#: PTB-XL's folds: 1 to 8 train, 9 validation, 10 test.
_TRAIN_FOLDS, _HELD_OUT_FOLD = 8, {"validation": 9, "test": 10}

#: What an annotator would remark on the signal.
_QUALITY = {
    "wander": "baseline drift",
    "muscle": "muscle noise",
    "mains": "mains noise",
    "pop": "electrode artefact",
}


class SimEntries(Sequence[Entry]):
    """An index whose rows are drawn when they are first asked for, a block at a time.

    Parameters
    ----------
    seed : int
        Of the population.
    splits : mapping of str to int
        Records in each split.
    """

    def __init__(self, seed: int, splits: Mapping[Split, int]) -> None:
        self.seed = seed
        self._blocks: list[tuple[Split, int, int]] = []
        for split, count in splits.items():
            size = _TRAIN_BLOCK if split == "train" else count
            starts = range(0, count, size) if count else ()
            self._blocks += [(split, start, min(size, count - start)) for start in starts]
        self._starts = list(accumulate((size for _, _, size in self._blocks), initial=0))
        self._drawn: dict[int, tuple[Entry, ...]] = {}

    def __len__(self) -> int:
        return self._starts[-1]

    @overload
    def __getitem__(self, place: int) -> Entry: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Entry]: ...
    def __getitem__(self, place: int | slice) -> Entry | Sequence[Entry]:
        if isinstance(place, slice):
            return tuple(self[i] for i in range(*place.indices(len(self))))
        place = place + len(self) if place < 0 else place
        if not 0 <= place < len(self):
            raise IndexError(place)
        number = bisect_right(self._starts, place) - 1
        return self._block(number)[place - self._starts[number]]

    def __iter__(self) -> Iterator[Entry]:
        for number in range(len(self._blocks)):
            yield from self._block(number)

    def _block(self, number: int) -> tuple[Entry, ...]:
        if number not in self._drawn:
            split, start, count = self._blocks[number]
            self._drawn[number] = tuple(_drawn(self.seed, split, start, count))
        return self._drawn[number]


@dataclass(frozen=True, slots=True)
class SimSource:
    """A source whose signals are simulated when they are loaded; see `einthoven.bench.sources.source.Source`."""

    name: str
    entries: Sequence[Entry] = field(repr=False)
    simulated: bool = True
    has_folds: bool = True
    faults: Sequence[Fault] = ()

    def load(self, entry: Entry) -> Recording:
        """Simulate one recording, from the parameters and the seed in the entry's locator."""
        from einthoven.ecg.simulator import simulate

        parameters, seed = entry.locator
        return replace(simulate(parameters, seed), id=entry.id, patient=entry.patient)


def open_sim(path: str | None = None, *, train: int = SPLITS["train"]) -> SimSource:
    """Open a population; nothing is drawn yet, and nothing simulated before it is loaded.

    Parameters
    ----------
    path : str, optional
        The seed of a population of your own, in digits; the embedded one where it is empty or `None`.
    train : int
        Records to train on: any number.

    Raises
    ------
    EinthovenError
        For something that is no seed.
    """
    seed = _seed(path) if path else EMBEDDED_SEED
    return SimSource(f"sim:{seed}" if path else "sim", SimEntries(seed, {**SPLITS, "train": train}))


def _seed(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) < 2**32):
        raise EinthovenError(
            f"{text} is no seed of simulated data", "write sim, or sim:SEED with a number below 2^32"
        )
    return int(text)


def _drawn(seed: int, split: Split, start: int, count: int) -> Iterator[Entry]:
    from einthoven.ecg.simulator import VERSION
    from einthoven.ecg.simulator.population import draw

    # A block is drawn whole and cut, so that a train split of any length begins alike.
    size = _TRAIN_BLOCK if split == "train" else count
    hearts = draw(_derived(seed, split, f"hearts {start}"), size)
    owners = _owners(_derived(seed, split, f"patients {start}"), size)
    people: dict[int, Patient] = {}
    for i, ((parameters, heart_seed), owner) in enumerate(zip(hearts[:count], owners[:count], strict=True)):
        name = f"sim-{seed}-{split}-p{start + owner:04d}"
        person = people.setdefault(owner, Patient(name, parameters.age, parameters.sex))
        assert person.age is not None and person.sex is not None
        if (parameters.age, parameters.sex) != (person.age, person.sex):
            parameters = replace(parameters, age=person.age, sex=person.sex)
        yield Entry(
            id=f"sim-{seed}-{split}-{start + i:04d}",
            patient=person,
            truth=exact_truth(parameters),
            split=split,
            fold=_HELD_OUT_FOLD.get(split, owner % _TRAIN_FOLDS + 1),
            device=f"simulator {VERSION}",
            quality="" if parameters.artifact == "none" else _QUALITY[parameters.artifact],
            locator=(parameters, heart_seed),
        )


def _derived(seed: int, split: str, purpose: str) -> int:
    """Give each split and purpose a seed of its own."""
    return int.from_bytes(hashlib.sha256(f"{seed} {split} {purpose}".encode()).digest()[:4], "big")


def _owners(seed: int, count: int) -> list[int]:
    """Say whose each record is: a patient's number. Two records of one patient stand anywhere in the split."""
    from numpy.random import RandomState

    patients = round(count / (1.0 + _TWICE))
    numbers = [*range(patients), *range(count - patients)]
    return [numbers[i] for i in RandomState(seed).permutation(count)]


def exact_truth(parameters: Parameters) -> Truth:
    """Give the truth of a simulated heart: its reading, what its page hides, and where several answers are right."""
    from einthoven.ecg.simulator.truth import latitude, reading

    exact, masks = reading(parameters)
    left = latitude(parameters)
    return _readable(exact, tuple(masks.items()), tuple(left.accepted.items()), tuple(left.open.items()))


@lru_cache(maxsize=16384)
def _readable(
    exact: Reading,
    masks: tuple[tuple[str, str], ...],
    accepted: tuple[tuple[str, frozenset[str]], ...],
    left: tuple[tuple[str, frozenset[str]], ...],
) -> Truth:
    """Make a truth of what is there. Records with the same reading share one."""
    from einthoven.tasks.statements.table import EVERYTHING, statements
    from einthoven.tasks.taxonomy import axes
    from einthoven.tasks.truth import from_reading

    truth = from_reading(exact, dict(masks))
    found = dict(truth.axes)
    for axis, classes in accepted:
        if not found[axis].masked:
            found[axis] = replace(found[axis], accepted=classes, reason="which of them is named is a matter of taste")
    # An acute infarction has ST elevation, an old one Q waves: who lists them as findings of their own is not wrong,
    # nor is who leaves them out. Which statement leaves what undecided stands in the table of statements.
    opened: dict[str, set[str]] = {axis: set(labels) for axis, labels in left}
    for name in exact.diagnosis or ():
        if name == "paced_rhythm" and "conduction" not in dict(masks):
            continue  # atrial pacing hides nothing
        for axis, labels in statements()[name].opens.items():
            if axis in ("conduction", "other_findings"):
                every = axes()[axis].values if EVERYTHING in labels else labels
                opened.setdefault(axis, set()).update(every)
    restated = set().union(*opened.values())
    opened["diagnosis"] = restated & set(axes()["diagnosis"].values)
    for axis, extra in opened.items():
        one = found[axis]
        if isinstance(one.value, frozenset):
            found[axis] = replace(one, open=(one.open | extra) - one.value)
    return replace(truth, axes=found)
