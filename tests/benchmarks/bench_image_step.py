"""Processor time of a training step of the image network a record, by profile and fold: no drawing, random pages.

python tests/benchmarks/bench_image_step.py gemma-4-70:1 gemma-4:1 gemma-4:2
"""

from __future__ import annotations

import sys
import time

import torch

from einthoven.adapters.signal.architectures import build
from einthoven.adapters.signal.outputs import outputs
from einthoven.bench.picture_data import page_shape

_BATCH, _STEPS = 16, 4


def milliseconds(profile: str, fold: int) -> tuple[float, int]:
    """Return processor milliseconds a record, forward and backward in bf16, and the network's weights."""
    pages, rows, columns = page_shape("grid", profile)
    options = {"pages": pages, "rows": rows, "columns": columns, "fold": fold}
    network = build("image-resnet", outputs("axes").logits, options)
    optimizer = torch.optim.AdamW(network.parameters(), fused=True)
    given = torch.rand(_BATCH, pages, rows, columns)
    began = 0.0
    for step in range(_STEPS + 1):
        if step == 1:  # the first one prepares its kernels
            began = time.process_time()
        optimizer.zero_grad()
        with torch.autocast("cpu", torch.bfloat16):
            answered = network(given)
        answered.float().square().mean().backward()
        optimizer.step()
    spent = (time.process_time() - began) / _STEPS / _BATCH * 1000
    return spent, sum(each.numel() for each in network.parameters())


if __name__ == "__main__":
    torch.set_num_threads(1)
    for name, _, fold in (each.partition(":") for each in sys.argv[1:] or ["gemma-4-70:1", "gemma-4:2"]):
        found, weights = milliseconds(name, int(fold or 1))
        print(f"{name}, fold {fold or 1}: {found:.0f} ms a record, {weights:,} weights")
