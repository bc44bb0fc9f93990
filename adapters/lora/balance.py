"""An order of samples in which every group comes equally often."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

__all__ = ["Balanced"]


class Balanced:
    """Draw as many samples an epoch as there are, the groups in turn, each sample of a group before any comes again.

    Parameters
    ----------
    groups : sequence of str
        One a sample.
    seed : int
        Of the draws; each epoch has its own, so that a training that goes on sees what it would have seen.
    """

    def __init__(self, groups: Sequence[str], seed: int) -> None:
        self._members = [np.flatnonzero(np.asarray(groups) == name) for name in sorted(set(groups))]
        self._count, self._seed, self._epoch = len(groups), seed, 0

    def __len__(self) -> int:
        return self._count

    def set_epoch(self, epoch: int) -> None:
        """Say which epoch comes next."""
        self._epoch = epoch

    def __iter__(self) -> Iterator[int]:
        random = np.random.RandomState((self._seed * 1_000_003 + self._epoch) % 2**32)
        each = -(-self._count // len(self._members))
        drawn = [
            np.concatenate([random.permutation(members) for _ in range(-(-each // len(members)))])[:each]
            for members in self._members
        ]
        mixed = np.stack(drawn, axis=1)
        for row in mixed:
            random.shuffle(row)
        yield from mixed.ravel()[: self._count].tolist()
