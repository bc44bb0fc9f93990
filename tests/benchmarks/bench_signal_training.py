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


def plain(recipe: Recipe, data: SignalSet) -> float:
    """Train an epoch in the shortest loop there is: all data in memory, no augmentation; give samples a second."""
    torch.manual_seed(0)
    of = outputs(recipe.outputs)
    network = build(recipe.network, of.logits, recipe.options)
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3)
    length = round(recipe.crop * recipe.rate)
    signals = torch.from_numpy(np.asarray(data.signals[:, :, :length], np.float32) / 250)
    targets = torch.from_numpy(data.targets)
    network.train()
    seen, began = 0, time.process_time()
    for rows in torch.randperm(len(signals)).split(recipe.batch):
        if len(rows) < recipe.batch:
            continue
        optimizer.zero_grad()
        with torch.autocast("cpu", torch.bfloat16, enabled=recipe.precision == "bf16"):
            logits = network(signals[rows])
        loss(logits, targets[rows], of).backward()
        optimizer.step()
        seen += len(rows)
    return seen / (time.process_time() - began)


def main() -> None:
    """Print samples a second of both, the share of time spent on data, and the memory."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--network", default="xresnet1d-small")
    ask.add_argument("--records", type=int, default=1024)
    ask.add_argument("--epochs", type=int, default=3)
    ask.add_argument("--crop", type=float, default=10.0)
    ask.add_argument("--outputs", default="scp")
    ask.add_argument("--precision", default="no")
    given = ask.parse_args()
    recipe = Recipe(
        network=given.network, outputs=given.outputs, crop=given.crop, precision=given.precision, epochs=given.epochs
    )
    of = outputs(recipe.outputs)
    rows: list[dict[str, float]] = []
    import accelerate  # noqa: F401  not in the time

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data, validation = (noise(count, of.columns, folder, recipe.rate) for count in (given.records, 64))
        compared, ours, loops = given.records <= 4096, [], []
        for turn in range(given.epochs):
            if compared:
                loops.append(plain(recipe, data))
            one, began = replace(recipe, epochs=1, seed=turn), time.process_time()
            out = folder / f"out{turn}"
            train(one, data, validation, out, metric=lambda *_: 0.5, trained_on={"data": "noise"})
            ours.append(len(data) / (time.process_time() - began))
            rows += [json.loads(line) for line in (out / "log.jsonl").read_text().splitlines()[1:]]
    fastest = max(row["samples_per_second"] for row in rows)
    waited = min(row["waited_for_data"] for row in rows)
    print(f"{given.network}, {given.records} records, crops of {given.crop:g} s, precision {given.precision}")
    print(f"trainer        {fastest:.0f} samples/s, {waited:.1%} of the time waiting for data")
    if loops:
        print(f"               {max(ours):.0f} samples a second of processor time, validation and files included")
        print(f"plain loop     {max(loops):.0f}: the trainer has {max(ours) / max(loops):.0%} of it")
    print(f"memory         {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB at most")


if __name__ == "__main__":
    main()
