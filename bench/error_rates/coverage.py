"""How often the interval of a gain holds the true gain: ``python -m einthoven.bench.error_rates.coverage``.

The readers of the error table, whose gain is known, are judged by the engine. Nothing is written; the same models
come out at every call.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import click

from einthoven.bench.error_rates.simulate import AxisOutcome

__all__ = ["Coverage", "covered", "main"]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Where the true gain lay.

    Attributes
    ----------
    intervals : int
        How many were looked at.
    below, above : float
        The shares of them that lie wholly below it, and wholly above it; nominally 0.025 each.
    """

    intervals: int
    below: float
    above: float

    @property
    def held(self) -> float:
        """The share that holds it; nominally 0.95."""
        return 1.0 - self.below - self.above


def covered(models: Iterable[Mapping[str, AxisOutcome]]) -> dict[str, Coverage]:
    """Count, by axis, which intervals hold the true gain; axes that were never scored are left out.

    Parameters
    ----------
    models : iterable of mapping of str to AxisOutcome
        From `simulate.judge_batch`.
    """
    places: dict[str, list[int]] = {}
    for model in models:
        for axis, one in model.items():
            if one.gain_ci is not None and one.true_gain is not None:
                low, high = one.gain_ci
                places.setdefault(axis, []).append((one.true_gain < low) - (one.true_gain > high))
    return {
        axis: Coverage(len(found), found.count(-1) / len(found), found.count(1) / len(found))
        for axis, found in places.items()
    }


@click.command(help=__doc__)
@click.option("--models", type=click.IntRange(min=20), default=2_000, show_default=True, help="A cell.")
@click.option(
    "--cell",
    "names",
    multiple=True,
    default=("threshold", "published-277"),
    show_default=True,
    help="A cell of readers; repeat for several.",
)
@click.option("--guesses", type=click.IntRange(min=0), default=0, show_default=True, help="Blind arms that guess.")
def main(models: int, names: tuple[str, ...], guesses: int) -> None:
    """Print the table as Markdown."""
    from einthoven.bench.error_rates.cells import CELLS
    from einthoven.bench.error_rates.simulate import BATCH, judge_batch
    from einthoven.bench.progress import Meter

    click.echo("| cell | axis | intervals | hold the true gain | lie below it | lie above it |")
    click.echo("|---|---|---|---|---|---|")
    for name in names:
        judged: list[dict[str, AxisOutcome]] = []
        batches = -(-models // BATCH)
        with Meter(f"judging {name}", batches) as meter:
            for batch in range(batches):
                judged += judge_batch(CELLS[name], batch, flips=99, guesses=guesses)  # the intervals need no test
                meter.advance(1)
        for axis, one in covered(judged).items():
            shares = " | ".join(f"{100 * share:.1f} %" for share in (one.held, one.below, one.above))
            click.echo(f"| {name} | {axis} | {one.intervals:,} | {shares} |")


if __name__ == "__main__":
    main()
