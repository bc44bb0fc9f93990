"""``einthoven score``: ``result.json`` again, from the answers of a bundle."""

from __future__ import annotations

from pathlib import Path

import click

from einthoven.errors import Exit

__all__ = ["score"]


@click.command()
@click.argument("bundle", type=click.Path(path_type=Path, file_okay=False))
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if the stored result.json has other bytes.")
@click.option("--json", "as_json", is_flag=True, help="Print result.json instead of the table.")
@click.pass_context
def score(ctx: click.Context, bundle: Path, check: bool, as_json: bool) -> None:
    """Score BUNDLE again from its answers. No model is called; equal answers give equal bytes."""
    from einthoven.bench.bundle import json_bytes, write_json
    from einthoven.bench.result import scored
    from einthoven.bench.table import print_result

    result = scored(bundle)
    stored = bundle / "result.json"
    same = stored.is_file() and stored.read_bytes() == json_bytes(result)
    if not check:
        write_json(stored, result)
    print_result(result, bundle, as_json=as_json)
    click.echo(f"result.json: {'the same bytes' if same else 'other bytes than before'}", err=True)
    if check and not same:
        ctx.exit(Exit.GATE_FAILED)
