"""Make the error table: ``python -m einthoven.bench.error_rates --out results/error-rates.json``.

Every batch goes into a journal beside the table as soon as it is judged; the same command goes on from there, so
that the table can be made in slices (``--seconds``) or by processes in turn. Exit code 4 while batches are missing,
1 where a bound is exceeded.
"""

from __future__ import annotations

import time
from pathlib import Path

import click
import orjson

from einthoven.errors import Exit

__all__ = ["main"]


@click.command(help=__doc__)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The table.")
@click.option("--models", type=click.IntRange(min=20), default=2_000, show_default=True, help="A cell.")
@click.option("--cell", "names", multiple=True, help="Only this cell; repeat for several. [default: all twelve]")
@click.option("--seconds", type=click.FloatRange(min=0), help="Stop after so long, one batch at least.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Print the table that stands there as Markdown.")
@click.pass_context
def main(
    ctx: click.Context, out: Path, models: int, names: tuple[str, ...], seconds: float | None, as_markdown: bool
) -> None:
    """Judge simulated models of known nature and say how often the verdicts are wrong."""
    from einthoven.bench.bundle import write_json
    from einthoven.bench.error_rates.cells import CELLS
    from einthoven.bench.error_rates.simulate import BATCH, judge_batch
    from einthoven.bench.error_rates.tally import BOUND, markdown, table_of, tally
    from einthoven.bench.progress import Meter

    if as_markdown:
        click.echo("\n".join(markdown(orjson.loads(out.read_bytes()))))
        return
    started = time.monotonic()
    journal = out.with_suffix(".journal.jsonl")
    lines = [orjson.loads(line) for line in journal.read_bytes().splitlines()] if journal.is_file() else []
    done = {(line["cell"], line["batch"]) for line in lines}
    batches = [(cell, batch) for cell in names or CELLS for batch in range(-(-models // BATCH))]
    missing = [each for each in batches if each not in done]
    with Meter("judging", len(batches)) as meter, journal.open("ab", buffering=0) as stream:
        meter.advance(len(batches) - len(missing))
        for number, (cell, batch) in enumerate(missing):
            if number and seconds is not None and time.monotonic() - started > seconds:
                break
            lines.append(tally(CELLS[cell], batch, judge_batch(CELLS[cell], batch)))
            stream.write(orjson.dumps(lines[-1], option=orjson.OPT_APPEND_NEWLINE))
            meter.advance(1)
    table = table_of(lines)
    write_json(out, table)
    for name, row in table["cells"].items():
        words = ", ".join(f"{word} {share:.1%}" for word, share in row["words"].items())
        passed, reads = (f"{row[key]['share']:.2%} (<= {row[key]['upper']:.2%})" for key in ("passed", "reads"))
        click.echo(f"{name:16} {row['models']:5} models: test 1 {passed}, reads {reads}; {words}")
    if len({(line["cell"], line["batch"]) for line in lines} & set(batches)) < len(batches):
        ctx.exit(Exit.INCOMPLETE)
    journal.unlink()
    worst = max(
        (max(row["passed"]["upper"], row["reads"]["upper"]) for row in table["cells"].values() if row["null"]),
        default=0.0,
    )
    if worst > BOUND:
        ctx.exit(Exit.GATE_FAILED)


if __name__ == "__main__":
    main()
