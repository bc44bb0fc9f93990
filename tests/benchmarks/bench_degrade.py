"""Wearing a page down: processor time and file size of every kind and severity, on one thread.

Run with ``python tests/benchmarks/bench_degrade.py``. Page in, page out: decoding, wear, identity and PNG, on the
2200x1700 page of the view `grid`; the least and the median of seven rounds, interleaved. Beside it stands what Pillow
takes to write a scan as PNG at its fastest level, and nothing else. Target: to be done sooner than that.
"""

import statistics
import sys
import time
from io import BytesIO

import cv2
from PIL import Image

from einthoven.bench.sources.registry import open_source
from einthoven.renderers.degrade import KINDS, SEVERITIES, degraded
from einthoven.renderers.registry import view

ROUNDS = 7


def main() -> None:
    cv2.setNumThreads(1)
    source = open_source("sim")
    (page,) = view("grid")(source.load(source.entries[0]))
    taken: dict[tuple[str, int], list[float]] = {}
    yardstick = []
    with Image.open(BytesIO(degraded(page, "scan", 2, 7).png)) as image:
        image.load()
        scanned = image.copy()
    sizes: dict[tuple[str, int], int] = {}
    for turn in range(ROUNDS + 1):
        began = time.process_time()
        scanned.save(BytesIO(), "PNG", compress_level=1)
        yardstick.append((time.process_time() - began) * 1e3)
        for kind in KINDS:
            for severity in SEVERITIES:
                began = time.process_time()
                worn = degraded(page, kind, severity, 7)
                if turn:  # the first round reads tables and imports
                    taken.setdefault((kind, severity), []).append((time.process_time() - began) * 1e3)
                    sizes[kind, severity] = len(worn.png)
    print("kind   severity  least ms  median ms   PNG kB")
    for (kind, severity), found in taken.items():
        size = sizes[kind, severity] / 1e3
        print(f"{kind:6} {severity:8} {min(found):9.0f} {statistics.median(found):10.0f} {size:8.0f}")
    worst, alone = max(min(found) for found in taken.values()), min(yardstick)
    met = worst < alone
    print(f"{'OK' if met else 'MISSED'}: {worst:.0f} ms at worst; Pillow: {alone:.0f} ms for the PNG of a scan alone")
    sys.exit(not met)


if __name__ == "__main__":
    main()
