"""Simulated recordings with exact truth: ``sim`` is embedded and frozen, ``sim:SEED`` is new for every seed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from einthoven.bench.sources.source import Entry, Split
from einthoven.ecg.patient import Patient
from einthoven.ecg.reading import AxisTruth, Reading, Truth
from einthoven.ecg.recording import Recording
from einthoven.errors import EinthovenError, Fault

if TYPE_CHECKING:
    from einthoven.ecg.simulator.parameters import Parameters

__all__ = ["EMBEDDED_SEED", "SPLITS", "SimSource", "open_sim"]

#: The population behind the data name ``sim``. Another seed would be other data under the same name: never change it.
EMBEDDED_SEED = 1903

#: Records in each split.
SPLITS: Mapping[Split, int] = {"train": 600, "validation": 100, "test": 400}

#: One patient in ten has two records, so that resampling by patient differs from resampling by record.
_TWICE = 0.1

#: PTB-XL's folds: 1 to 8 train, 9 validation, 10 test.
_TRAIN_FOLDS, _HELD_OUT_FOLD = 8, {"validation": 9, "test": 10}


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


def open_sim(path: str | None = None) -> SimSource:
    """Draw the index of a population; nothing is simulated yet.

    Parameters
    ----------
    path : str, optional
        The seed of a population of your own, in digits; the embedded one where it is empty or `None`.

    Raises
    ------
    EinthovenError
        For something that is no seed.
    """
    seed = _seed(path) if path else EMBEDDED_SEED
    entries = tuple(entry for split, count in SPLITS.items() for entry in _drawn(seed, split, count))
    return SimSource(f"sim:{seed}" if path else "sim", entries)


def _seed(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) < 2**32):
        raise EinthovenError(
            f"{text} is no seed of simulated data", "write sim, or sim:SEED with a number below 2^32"
        )
    return int(text)


def _drawn(seed: int, split: Split, count: int) -> Iterator[Entry]:
    from einthoven.ecg.simulator import VERSION
    from einthoven.ecg.simulator.population import draw

    hearts = draw(_derived(seed, split, "hearts"), count)
    owners = _owners(_derived(seed, split, "patients"), count)
    people: dict[int, Patient] = {}
    for number, ((parameters, heart_seed), owner) in enumerate(zip(hearts, owners, strict=True)):
        name = f"sim-{seed}-{split}-p{owner:04d}"
        person = people.setdefault(owner, Patient(name, parameters.age, parameters.sex))
        assert person.age is not None and person.sex is not None
        parameters = replace(parameters, age=person.age, sex=person.sex)
        yield Entry(
            id=f"sim-{seed}-{split}-{number:04d}",
            patient=person,
            truth=_truth(parameters),
            split=split,
            fold=_HELD_OUT_FOLD.get(split, owner % _TRAIN_FOLDS + 1),
            device=f"simulator {VERSION}",
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


def _truth(parameters: Parameters) -> Truth:
    from einthoven.ecg.simulator.truth import reading

    exact, masks = reading(parameters)
    return _readable(exact, tuple(masks.items()))


@lru_cache(maxsize=4096)
def _readable(exact: Reading, masks: tuple[tuple[str, str], ...]) -> Truth:
    """Make a truth of what is there. Records with the same reading share one."""
    from einthoven.tasks.statements.table import EVERYTHING, statements
    from einthoven.tasks.taxonomy import axes
    from einthoven.tasks.truth import from_reading

    truth = from_reading(exact, dict(masks))
    other, diagnosis = truth["other_findings"], truth["diagnosis"]
    if not isinstance(other.value, frozenset) or not isinstance(diagnosis.value, frozenset):
        return truth
    # An acute infarction has ST elevation, an old one Q waves: who lists them as findings of their own is not wrong,
    # nor is who leaves them out. Which statement leaves what undecided stands in the table of statements.
    undecided: frozenset[str] = frozenset()
    for name in diagnosis.value:
        undecided |= statements()[name].opens.get("other_findings", frozenset())
    if EVERYTHING in undecided:
        undecided = frozenset(axes()["other_findings"].values)
    undecided -= other.value
    restated = (undecided & frozenset(axes()["diagnosis"].values)) - diagnosis.value
    opened: dict[str, AxisTruth] = {
        "other_findings": replace(other, open=other.open | undecided),
        "diagnosis": replace(diagnosis, open=diagnosis.open | restated),
    }
    return replace(truth, axes={**truth.axes, **opened})
