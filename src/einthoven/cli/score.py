"""``einthoven score``: ``result.json`` again from the answers of a bundle, or the scores of an npz file."""

from __future__ import annotations

from pathlib import Path

import click

from einthoven.errors import Exit

__all__ = ["score"]


@click.command()
@click.argument("bundle", type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if the stored result.json has other bytes.")
@click.option("--json", "as_json", is_flag=True, help="Print result.json instead of the table.")
@click.option("--validation", type=click.Path(path_type=Path), help="Of an npz file: the validation records' scores.")
@click.option("--labels-of", help="Of an npz file: the label space whose labels are printed.")
@click.option("--plot", type=click.Path(path_type=Path, dir_okay=False), help="Of an npz file: draw its reliability.")
@click.pass_context
def score(
    ctx: click.Context,
    bundle: Path,
    check: bool,
    as_json: bool,
    validation: Path | None,
    labels_of: str | None,
    plot: Path | None,
) -> None:
    """Score BUNDLE again from its answers. No model is called; equal answers give equal bytes.

    An npz file of arrays labels and scores (n records x labels, PTB-XL's 71 codes for instance; names and patients if
    you have them) is scored by AUROC, AUPRC, F1 at the thresholds of --validation, and calibration error.
    """
    if bundle.suffix == ".npz":
        _arrays(bundle, validation, labels_of, plot, as_json)
        return
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


def _arrays(path: Path, validation: Path | None, labels_of: str | None, plot: Path | None, as_json: bool) -> None:
    import json

    from einthoven.bench.label_lines import print_rows
    from einthoven.bench.label_report import label_report, read_answers
    from einthoven.bench.reliability_plot import reliability_plot
    from einthoven.errors import unknown_name

    report = label_report(read_answers(path), None if validation is None else read_answers(validation))
    shown = labels_of or next((name for name in report if "super" in name), next(iter(report)))
    if shown not in report:
        raise unknown_name("label space", shown, report)
    rows = {space: one.rows() for space, one in report.items()}
    if as_json:
        click.echo(json.dumps(rows, indent=1))
    else:
        print_rows(rows, shown)
    if plot is not None:
        reliability_plot(report[shown].names, report[shown].scores, plot)
        click.echo(f"reliability of {shown}: {plot}", err=True)
