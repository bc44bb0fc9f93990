"""Start-up: ``einthoven --help`` beside a bare click program, interleaved, in one run.

Run with ``python tests/benchmarks/bench_startup.py``. The target is a ratio of at most 2.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BARE = """
import click


@click.group()
def cli():
    "A bare click program."


@cli.command()
def one():
    "One command."


cli()
"""
ROUNDS = 30


def seconds(*arguments: str) -> float:
    began = time.perf_counter()
    subprocess.run(arguments, check=True, capture_output=True)
    return time.perf_counter() - began


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder) / "bare.py"
        bare.write_text(BARE)
        ours = Path(sys.executable).with_name("einthoven")
        times: dict[str, list[float]] = {"bare click --help": [], "einthoven --help": []}
        for _ in range(ROUNDS):
            times["bare click --help"].append(seconds(sys.executable, str(bare), "--help"))
            times["einthoven --help"].append(seconds(sys.executable, str(ours), "--help"))
    for name, taken in times.items():
        print(f"{name:20} min {1e3 * min(taken):6.1f} ms   median {1e3 * statistics.median(taken):6.1f} ms")
    bare_times, our_times = times.values()
    ratio = statistics.median(o / b for o, b in zip(our_times, bare_times, strict=True))
    print(f"ratio, median of pairs: {ratio:.2f} (target: at most 2)")


if __name__ == "__main__":
    main()
