"""``sim-factor:CONTRAST``: simulated hearts, each there twice, with one factor and without: what to learn it from.

The hearts and factors are those of the minimal pairs (`einthoven.ecg.simulator.pairs`). Here they have splits, and
their two recordings stand side by side as records of their own: nothing but the trace tells which of them is which,
not age, not sex, not the rate, and each answer is right for half of them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping

from einthoven.bench.sources.sim import exact_truth
from einthoven.bench.sources.sim_pairs import PairSource
from einthoven.bench.sources.source import Entry, Split
from einthoven.ecg.patient import Patient
from einthoven.errors import EinthovenError, unknown_name

__all__ = ["HEARTS", "open_factor"]

#: Hearts in each split, two records each; of train there are as many as are asked for, these by default.
HEARTS: Mapping[Split, int] = {"train": 500, "validation": 100, "test": 200}

#: Ids have five digits for the heart's number.
_MOST = 100_000

_WRITTEN = re.compile(r"(?P<contrast>[a-z-]*)(?::(?P<seed>[0-9]{1,10})?(?:x(?P<hearts>[0-9]{1,6}))?)?", re.ASCII)


def open_factor(path: str | None = None) -> PairSource:
    """Open a population; nothing is simulated before it is loaded.

    Parameters
    ----------
    path : str
        ``CONTRAST``, ``CONTRAST:SEED``, ``CONTRAST:xHEARTS`` or ``CONTRAST:SEEDxHEARTS``: a factor of
        ``contrasts.toml``, a seed, and how many hearts there are to train on. More of them begin like fewer.

    Raises
    ------
    EinthovenError
        For something else, for a nuisance, which no answer hangs on, or a number that is not to be had.
    """
    from einthoven.ecg.simulator.pairs import contrasts

    factors = [name for name, contrast in contrasts().items() if contrast.axis]
    found = _WRITTEN.fullmatch(path or "")
    contrast, seed, hearts = found.group("contrast", "seed", "hearts") if found else ("", None, None)
    if found is None or not contrast or int(seed or 0) >= 2**32:
        raise EinthovenError(
            f"sim-factor:{path or ''} names no factor",
            f"write sim-factor:{factors[0]}, sim-factor:{factors[0]}:SEED with a number below 2^32, or "
            f"sim-factor:{factors[0]}:SEEDx4000 for 4000 hearts to train on",
        )
    if contrast not in factors:
        raise unknown_name("factor", contrast, factors)
    train = HEARTS["train"] if hearts is None else int(hearts)
    if not 0 < train <= _MOST:
        raise EinthovenError(f"{train} hearts are not to be had", f"ask for 1 to {_MOST}")
    entries = tuple(_drawn(contrast, int(seed or 0), {**HEARTS, "train": train}))
    # How many there are to train on changes nothing that is tested: it is no part of the name.
    name = f"sim-factor:{contrast}" + (f":{int(seed)}" if seed else "")
    return PairSource(name, entries, has_folds=True)


def _drawn(contrast: str, seed: int, hearts: Mapping[Split, int]) -> Iterator[Entry]:
    from einthoven.ecg.simulator import VERSION
    from einthoven.ecg.simulator.pairs import pairs

    for split, count in hearts.items():
        # Each split has hearts of its own, none of them among the frozen pairs.
        own = int.from_bytes(hashlib.sha256(f"factor {seed} {split}".encode()).digest()[:4], "big")
        for number, pair in enumerate(pairs(contrast, count, own)):
            name = f"sim-factor-{contrast}-{seed}-{split}-{number:05d}"
            for side, parameters in (("a", pair.first), ("b", pair.second)):
                yield Entry(
                    id=f"{name}-{side}",
                    patient=Patient(name, parameters.age, parameters.sex),
                    truth=exact_truth(parameters),
                    split=split,
                    device=f"simulator {VERSION}",
                    locator=(parameters, pair.seed, None),
                )
