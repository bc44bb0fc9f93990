"""Minimal pairs of simulated recordings: ``sim-pairs`` is frozen, ``sim-pairs:SEED`` is new for every seed.

The hearts and contrasts are the simulator's (`einthoven.ecg.simulator.pairs`); here they become records with ids.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from einthoven.bench.sources.sim import exact_truth
from einthoven.bench.sources.source import Entry, Side
from einthoven.ecg.patient import Patient
from einthoven.ecg.reading import Ischemia
from einthoven.ecg.recording import Recording
from einthoven.errors import EinthovenError, Fault

if TYPE_CHECKING:
    from einthoven.ecg.simulator.pairs import Pair

__all__ = ["EMBEDDED_SEED", "NAME", "PER_CONTRAST", "PairSource", "open_pairs"]

#: The pairs behind the data name ``sim-pairs``: `pairs-v1`. Another seed would be other data under the same name:
#: never change it.
EMBEDDED_SEED = 1924
NAME = "pairs-v1"

#: Pairs a contrast, unless another number is asked for.
PER_CONTRAST = 100

#: Ids have three digits for the pair's number; so many would do for any test.
_MOST = 1000

_WRITTEN = re.compile(r"(?P<seed>[0-9]{1,10})?(?:x(?P<number>[0-9]{1,4}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class PairSource:
    """A source whose records come in pairs; see `einthoven.bench.sources.source.Source`.

    All is test, and a pair is one patient: where a baseline is cross-fitted, its two sides stay together.
    """

    name: str
    entries: Sequence[Entry] = field(repr=False)
    simulated: bool = True
    has_folds: bool = False
    faults: Sequence[Fault] = ()

    def load(self, entry: Entry) -> Recording:
        """Simulate one side, from the parameters and the seeds in the entry's locator."""
        from einthoven.ecg.simulator import simulated

        recording = simulated(*entry.locator).recording
        return replace(recording, id=entry.id, patient=entry.patient)

    def digest(self, entry: Entry) -> str:
        """Return what stands for a side's signal without simulating it: a hash of all that it is made of."""
        from einthoven.ecg.simulator import VERSION

        parameters, seed, noise_seed = entry.locator
        fields = [getattr(parameters, name) for name in parameters.__dataclass_fields__]
        made_of = [VERSION, *map(_ordered, fields), seed, noise_seed]
        return hashlib.sha256(repr(made_of).encode()).hexdigest()


def _ordered(value: object) -> object:
    """Give what has the same text in every process: sets have no order."""
    if isinstance(value, Ischemia):
        return value.stage, sorted(value.walls)
    return sorted(value) if isinstance(value, frozenset) else value


def open_pairs(path: str | None = None, *, per_contrast: int | None = None) -> PairSource:
    """Open the minimal pairs; nothing is simulated before it is loaded.

    Parameters
    ----------
    path : str, optional
        ``SEED``, ``xNUMBER`` or ``SEEDxNUMBER``: a seed of your own in place of the embedded one, and how many pairs
        a contrast.
    per_contrast : int, optional
        The same number; 100 where neither says it. More pairs begin like fewer.

    Raises
    ------
    EinthovenError
        For something that is no seed or number, or two numbers.
    """
    seed, written = _parsed(path or "")
    if written is not None and per_contrast not in (None, written):
        raise EinthovenError(f"sim-pairs:{path} is asked for with {per_contrast} pairs a contrast", "say one number")
    number = written or per_contrast or PER_CONTRAST
    if not 0 < number <= _MOST:
        raise EinthovenError(f"{number} pairs a contrast are not to be had", f"ask for 1 to {_MOST}")
    tail = f"{'' if seed is None else seed}{'' if number == PER_CONTRAST else f'x{number}'}"
    name = f"sim-pairs:{tail}" if tail else "sim-pairs"
    return PairSource(name, tuple(_drawn(EMBEDDED_SEED if seed is None else seed, number)))


def _parsed(text: str) -> tuple[int | None, int | None]:
    found = _WRITTEN.fullmatch(text)
    seed, number = found.group("seed", "number") if found else (None, None)
    if found is None or int(seed or 0) >= 2**32 or (number is not None and not int(number)):
        raise EinthovenError(
            f"{text} is no seed of simulated pairs",
            "write sim-pairs, sim-pairs:SEED with a number below 2^32, or sim-pairs:SEEDx20 for 20 pairs a contrast",
        )
    return None if seed is None else int(seed), None if number is None else int(number)


def _drawn(seed: int, number: int) -> Iterator[Entry]:
    from einthoven.ecg.simulator.pairs import contrasts, pairs

    for contrast in contrasts():
        for place, pair in enumerate(pairs(contrast, number, seed)):
            yield from _both(f"sim-pairs-{seed}-{contrast}-{place:03d}", pair)


def _both(name: str, pair: Pair) -> Iterator[Entry]:
    from einthoven.ecg.simulator import VERSION

    contrast = pair.contrast
    here = (contrast.first,) if contrast.first else ()
    there = (contrast.second, *contrast.also) if contrast.second else ()
    first = Side(name, contrast.name, "a", contrast.axis, here, there, pair.pages[0])
    second = Side(name, contrast.name, "b", contrast.axis, there, here, pair.pages[1])
    for side, parameters, noise_seed in ((first, pair.first, None), (second, pair.second, pair.noise_seed)):
        yield Entry(
            id=f"{name}-{side.side}",
            patient=Patient(name, parameters.age, parameters.sex),
            truth=exact_truth(parameters),
            split="test",
            device=f"simulator {VERSION}",
            locator=(parameters, pair.seed, noise_seed),
            side=side,
        )
