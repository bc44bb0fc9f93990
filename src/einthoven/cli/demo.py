"""``einthoven demo``: the main job on the embedded ECGs, in a minute, with nothing to download."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["demo"]

#: Who is run, in which arms: what the labels alone give, what the printed numbers give, a provider that is shown
#: every page and always answers "normal", and a network that gets the samples. Four fit into 80 columns.
_MODELS = (
    ("baseline/majority", ("image",)),
    ("baseline/measurements", ("image", "measurements")),
    ("control/scripted?malformed=0.05", ("image",)),
    ("reference/resnet1d", ("image",)),
)


@click.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("demo"),
    show_default=True,
    help="Where bundles, pages and an example picture go.",
)
@click.option("--limit", type=click.IntRange(min=1), help="At most so many of the demo's 150 ECGs. [default: all]")
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON instead of the tables.")
def demo(out: Path, limit: int | None, as_json: bool) -> None:
    """Run baselines, a control and a signal model on 150 simulated ECGs and show what a verdict looks like."""
    import json

    from einthoven.bench.run import run
    from einthoven.bench.settings import Settings
    from einthoven.bench.sources.registry import open_source
    from einthoven.bench.table import print_comparison
    from einthoven.leaderboard.build import build
    from einthoven.renderers.registry import view

    results = []
    for model, arms in _MODELS:
        folder = out / "results" / "".join(c if c.isalnum() or c in "._-" else "-" for c in model)
        results.append(run(Settings(model, "sim-demo", arms=arms, limit=limit, out=folder))[1])
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
    click.echo("your own data:    einthoven run baseline/majority --data ptbxl:DIR    (einthoven ls data)")
