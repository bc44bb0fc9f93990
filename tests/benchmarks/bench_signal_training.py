"""Training speed: einthoven's trainer beside a plain loop around the same network, in turns, and where the time goes.

    python tests/benchmarks/bench_signal_training.py
    python tests/benchmarks/bench_signal_training.py --network xresnet1d --crop 2.5 --records 21799 --epochs 1

The second is an epoch of the shape of the whole PTB-XL, on noise: what it needs in memory and time.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import NamedTuple

import numpy as np
import torch

from einthoven.adapters.signal.architectures import build
from einthoven.adapters.signal.loss import loss
from einthoven.adapters.signal.outputs import outputs
from einthoven.adapters.signal.recipe import Recipe
from einthoven.adapters.signal.signal_set import SignalSet
from einthoven.adapters.signal.train import train


def noise(records: int, columns: int, folder: Path, rate: int) -> SignalSet:
    """Return records of noise in a memory map, as `signal_data` keeps them."""
    random = np.random.RandomState(0)
    path = folder / f"{records}.npy"
    rows = np.lib.format.open_memmap(path, mode="w+", dtype=np.int16, shape=(records, 12, 10 * rate))
    for start in range(0, records, 500):
        part = rows[start : start + 500]
        part[:] = random.randint(-500, 500, part.shape, dtype=np.int16)
    targets = (random.random_sample((records, columns)) < 0.1).astype(np.int8)
    return SignalSet(np.load(path, mmap_mode="r"), targets)


def plain(recipe: Recipe, data: SignalSet) -> Speed:
    """Train an epoch in the shortest loop there is: all data in memory, no augmentation."""
    torch.manual_seed(0)
    of = outputs(recipe.outputs)
    network = build(recipe.network, of.logits, recipe.options)
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3)
    length = recipe.samples
    signals = torch.from_numpy(np.asarray(data.signals[:, :, :length], np.float32) / 250)
    targets = torch.from_numpy(data.targets)
    network.train()
    seen, began, cpu = 0, time.perf_counter(), time.process_time()
    for rows in torch.randperm(len(signals)).split(recipe.batch):
        if len(rows) < recipe.batch:
            continue
        optimizer.zero_grad()
        with torch.autocast("cpu", torch.bfloat16, enabled=recipe.precision == "bf16"):
            logits = network(signals[rows])
        loss(logits, targets[rows], of).backward()
        optimizer.step()
        seen += len(rows)
    return Speed(seen / (time.perf_counter() - began), seen / (time.process_time() - cpu))


class Speed(NamedTuple):
    """Samples a second, by the clock and by the processor time of all threads."""

    clock: float
    processor: float


def trainer(recipe: Recipe, data: SignalSet, validation: SignalSet, folder: Path) -> tuple[Speed, float]:
    """Train an epoch with the trainer: its speed between the first batch and the last, and the share of waiting.

    Its processor time has the threads that make batches in it, and is taken from the first step on: what is done once
    a run (the network, the scale) and once an epoch (validation, files) is no part of a plain loop.
    """
    marks: list[tuple[float, float]] = []

    def told(steps: int, note: str) -> None:
        marks.append((time.perf_counter(), time.process_time()))

    train(recipe, data, validation, folder, metric=lambda *_: 0.5, trained_on={"data": "noise"}, progress=told)
    row = json.loads((folder / "log.jsonl").read_text().splitlines()[1])
    (began, cpu), (ended, cpu_end) = marks[0], marks[-1]  # the first is told before the first step
    seen = (len(marks) - 1) * recipe.batch
    return Speed(seen / (ended - began), seen / (cpu_end - cpu)), row["waited_for_data"]


def main() -> None:
    """Print samples a second of both, the share of time spent on data, and the memory."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--network", default="xresnet1d-small")
    ask.add_argument("--records", type=int, default=1024)
    ask.add_argument("--epochs", type=int, default=3, help="turns: an epoch of each loop")
    ask.add_argument("--crop", type=float, default=10.0)
    ask.add_argument("--outputs", default="scp")
    ask.add_argument("--precision", default="no")
    given = ask.parse_args()
    recipe = Recipe(
        network=given.network, outputs=given.outputs, crop=given.crop, precision=given.precision, epochs=1
    )
    of = outputs(recipe.outputs)
    ours, loops, waits = [], [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data, validation = (noise(count, of.columns, folder, recipe.rate) for count in (given.records, 64))
        warm = SignalSet(data.signals[: 2 * recipe.batch], data.targets[: 2 * recipe.batch])
        trainer(recipe, warm, validation, folder / "warm")  # imports, and the allocator's first pages
        for turn in range(given.epochs):
            if given.records <= 4096:
                loops.append(plain(recipe, data))
            speed, waited = trainer(replace(recipe, seed=turn), data, validation, folder / f"out{turn}")
            ours.append(speed)
            waits.append(waited)
    print(f"{given.network}, {given.records} records, crops of {given.crop:g} s, precision {given.precision}")
    for place, kind in enumerate(Speed._fields):
        said = f"by the {kind:10} trainer {median(one[place] for one in ours):.0f} samples/s"
        if loops:
            ratios = sorted(one[place] / other[place] for one, other in zip(ours, loops, strict=True))
            said += f", plain loop {median(one[place] for one in loops):.0f}; turn by turn {median(ratios):.1%} of it"
            said += f" ({ratios[0]:.1%} to {ratios[-1]:.1%})"
        print(said)
    print(f"waiting for data {median(waits):.1%} of the time")
    print(f"memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB at most")


if __name__ == "__main__":
    main()
