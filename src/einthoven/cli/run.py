"""``einthoven run``: one model, one data source, one bundle."""

from __future__ import annotations

from pathlib import Path

import click

from einthoven.errors import EinthovenError

__all__ = ["run"]


@click.command()
@click.argument("model")
@click.option("--data", default="sim", show_default=True, help="Data source: sim, ptbxl:DIR, challenge:DIR, …")
@click.option("--task", default="dense", show_default=True, help="What is asked.")
@click.option("--view", default="grid", show_default=True, help="How the ECG is shown.")
@click.option("--arm", "arms", multiple=True, default=("image",), show_default=True, help="Repeat for several.")
@click.option(
    "--split", type=click.Choice(["test", "validation", "train"]), default="test", show_default=True, help="Records."
)
@click.option("--limit", type=click.IntRange(min=1), help="At most so many records; the bundle is marked a preview.")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="The bundle's folder. [default: runs/…]"
)
@click.option("--fresh", is_flag=True, help="Start over: forget the answers in the folder.")
@click.option("--jobs", type=click.IntRange(min=1), help="Worker processes. [default: cores]")
@click.option("--json", "as_json", is_flag=True, help="Print result.json instead of the table.")
def run(
    model: str,
    data: str,
    task: str,
    view: str,
    arms: tuple[str, ...],
    split: str,
    limit: int | None,
    out: Path | None,
    fresh: bool,
    jobs: int | None,
    as_json: bool,
) -> None:
    """Run the benchmark on MODEL (see "einthoven ls models") and write a bundle.

    The same command run again goes on where it stopped; answers are never asked for twice.
    """
    from einthoven.bench.run import run as run_benchmark
    from einthoven.bench.settings import Settings, default_folder
    from einthoven.bench.table import print_result

    if "image" not in arms:
        raise EinthovenError("a run has the arm image: the others are compared with it", "add --arm image")
    settings = Settings(model, data, task, view, tuple(dict.fromkeys(arms)), split, limit, out, fresh)
    if jobs is not None:
        settings = Settings(model, data, task, view, tuple(dict.fromkeys(arms)), split, limit, out, fresh, jobs)
    folder, result = run_benchmark(settings)
    print_result(result, folder or default_folder(settings), as_json=as_json)
