"""``einthoven demo``: the main job on the embedded ECGs, in a minute, with nothing to download."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["demo"]

#: Who is run: what the labels alone give, what the printed numbers give, a reader made of pixels, and a network that
#: gets the samples. Four fit into 80 columns.
_MODELS = ("baseline/majority", "baseline/measurements", "reference/digitiser", "reference/resnet1d")


@click.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("demo"),
    show_default=True,
    help="Where bundles, pages and an example picture go.",
)
@click.option("--limit", type=click.IntRange(min=1), help="At most so many of the demo's 150 ECGs. [default: all]")
@click.option(
    "--pairs",
    type=click.IntRange(min=1),
    default=20,
    show_default=True,
    help="Simulator pairs a contrast.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON instead of the tables.")
def demo(out: Path, limit: int | None, pairs: int, as_json: bool) -> None:
    """Run two baselines and two references on 150 simulated ECGs and show what a verdict looks like."""
    import json
    import os

    # The cores are filled by processes: threads of the linear algebra only spin beside them.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    from einthoven.bench.arms import CONTROLS
    from einthoven.bench.run import run
    from einthoven.bench.settings import Settings
    from einthoven.bench.sources.registry import open_source
    from einthoven.bench.table import print_comparison
    from einthoven.leaderboard.build import build
    from einthoven.renderers.registry import view

    results = []
    for model in _MODELS:
        folder = out / "results" / "".join(c if c.isalnum() or c in "._-" else "-" for c in model)
        settings = Settings(model, "sim-demo", arms=CONTROLS["core"][0], limit=limit, pairs=pairs, out=folder)
        results.append(run(settings)[1])
    source = open_source("sim-demo")
    first = next(entry for entry in source.entries if entry.split == "test")
    picture = out / "example.png"
    picture.write_bytes(view("grid")(source.load(first))[0].png)
    page = build([out / "results"], out / "site")
    if as_json:
        click.echo(json.dumps(results, indent=1, ensure_ascii=False))
        return
    print_comparison(results)
    click.echo(f"one of the ECGs:  {picture}\nthe page:         {page}")
    click.echo("your own model:   einthoven run openai/MODEL --data sim-demo")
