"""The harness itself: ``run baseline/majority`` over every fold-10 record of PTB-XL, once read, without rendering.

Run with ``EINTHOVEN_DATA=DIR python tests/benchmarks/bench_run.py``; without real data the embedded ECGs are run. The
target is at most 5 s for 1,108 records, the start of the process included.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 3


def main() -> None:
    folder = os.environ.get("EINTHOVEN_DATA")
    data = f"ptbxl:{Path(folder) / 'ptb-xl'}" if folder else "sim"
    with tempfile.TemporaryDirectory() as scratch:
        environment = os.environ | {"EINTHOVEN_CACHE": str(Path(scratch) / "cache")}
        for number in range(ROUNDS + 1):
            out = Path(scratch) / f"out{number}"
            arguments = [sys.executable, "-m", "einthoven", "run", "baseline/majority", "--controls", "none"]
            arguments += ["--data", data]
            began = time.perf_counter()
            subprocess.run([*arguments, "--out", str(out)], check=True, capture_output=True, env=environment)
            taken = time.perf_counter() - began
            print(f"{'first, reading every signal' if number == 0 else 'once read':28} {taken:5.2f} s   ({data})")


if __name__ == "__main__":
    main()
