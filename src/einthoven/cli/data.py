"""``einthoven data``: look at a data source before a run."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from einthoven.errors import EinthovenError, Exit

if TYPE_CHECKING:  # imported when the command runs: --help stays fast
    from rich.console import Console

    from einthoven.bench.sources.source import Split
    from einthoven.bench.sources.summary import AxisSummary, Summary

__all__ = ["data"]

#: So many faults of one reason are printed; the JSON form has all of them.
_SHOWN_FAULTS = 50


@click.group()
def data() -> None:
    """Look at a data source before a run."""


@data.command()
@click.argument("source")
@click.option("--split", type=click.Choice(["train", "validation", "test"]), help="Only this split.")
@click.option("--jobs", type=click.IntRange(min=1), help="Processes that read; by default one a core.")
@click.option(
    "--measure", is_flag=True, help="Measure rate and axis too, as a run does where no statement gives them."
)
@click.option("--no-cache", is_flag=True, help="Read every recording again.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole finding as JSON.")
def check(source: str, split: str | None, jobs: int | None, measure: bool, no_cache: bool, as_json: bool) -> None:
    """Read every recording of SOURCE and print what is there.

    Records, patients, classes on each axis, what is masked and why, and every faulty recording by id and reason.
    SOURCE is source[:path], such as ptbxl:DIR; "einthoven ls data" lists them. Exit code 3: nothing is usable.
    """
    from einthoven.bench.progress import Meter
    from einthoven.bench.sources.check import check as check_source
    from einthoven.bench.sources.registry import open_source
    from einthoven.bench.sources.summary import summarize

    opened = open_source(source)
    entries = [entry for entry in opened.entries if split in (None, entry.split)]
    with Meter("reading and measuring" if measure else "reading", len(entries)) as meter:
        report = check_source(
            opened, entries=entries, jobs=jobs, progress=meter.reach, cached=not no_cache, measure=measure
        )
    for line in report.warnings:
        click.echo(f"warning: {line}", err=True)
    summary = summarize(source, opened, report)
    if as_json:
        click.echo(json.dumps(summary.to_json(), indent=1))
    else:
        _print(summary)
    if not report.entries:
        of = f"the {split} split of {source}" if split else source
        reasons = ", ".join(f"{reason} {len(faults)}" for reason, faults in summary.faults_by_reason.items())
        raise EinthovenError(
            f"{of} has no usable recording" + (f" (faults: {reasons})" if reasons else ""),
            "look at the faults above and at the folder" if reasons else "choose another split or folder",
            Exit.MISSING,
        )


def _print(summary: Summary) -> None:
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    # Without a terminal rich assumes 80 columns, which folds most fault lines.
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
    console.print(escape(summary.source), soft_wrap=True)
    table = Table(box=box.SIMPLE)
    table.add_column("")
    for name in (*summary.records, "total"):
        table.add_column(name, justify="right")
    for name, counts in (("records", summary.records), ("patients", summary.patients)):
        table.add_row(name, *(f"{n:,}" for n in counts.values()), f"{sum(counts.values()):,}")
    console.print(table)
    if summary.records:
        rates = ", ".join(f"{rate} Hz ({n:,})" for rate, n in summary.sampling_rates.items())
        console.print(f"sampling rates: {rates}" if rates else "page images, without signals")
        if not summary.has_folds:
            console.print("no official folds: all is test; baselines are cross-fitted over five patient folds")
        for group in summary.duplicates:
            console.print(f"same signal, one patient within a split: {escape(', '.join(group))}", soft_wrap=True)
        _print_axes(console, summary)
        _print_contrasts(console, summary)
        console.print(f"fingerprint {summary.fingerprint}", soft_wrap=True)
    _print_faults(console, summary)


def _print_axes(console: Console, summary: Summary) -> None:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE)
    table.add_column("axis")
    table.add_column("class", overflow="fold")
    for split in summary.records:
        table.add_column(split, justify="right")
    for name, axis in summary.axes.items():
        label = name
        for row in _axis_rows(axis, summary):
            table.add_row(label, *row)
            label = ""
        table.add_section()
    console.print(table)


def _print_contrasts(console: Console, summary: Summary) -> None:
    from rich import box
    from rich.table import Table

    from einthoven.bench.sources.summary import NONE

    if not summary.contrasts:
        return
    table = Table("pairs differ in", "axis", "side a", "side b", box=box.SIMPLE)
    table.add_column("pairs", justify="right")
    for one in summary.contrasts:
        sides = (one.a or NONE, one.b or NONE) if one.axis else ("", "")
        table.add_row(one.contrast, one.axis or "[dim]nothing that may be read[/dim]", *sides, f"{one.pairs:,}")
    console.print(table)


def _axis_rows(axis: AxisSummary, summary: Summary) -> list[tuple[str, ...]]:
    """Return the rows of one axis: classes, then what is implied, masked and left open."""
    from rich.markup import escape

    def cells(counts: Mapping[Split, int]) -> list[str]:
        return [f"{counts.get(split, 0):,}" for split in summary.records]

    rows: list[tuple[str, ...]] = [(escape(label), *cells(counts)) for label, counts in axis.classes.items()]
    if axis.implied:
        rows.append(("[dim]of these none implied by silence[/dim]", *cells(axis.implied)))
    if axis.masked:
        rows.append((f"[yellow]masked, {axis.masked_share:.1%}[/yellow]", *cells(axis.masked)))
    remarks = [f"{count:,} x {reason}" for reason, count in axis.reasons.items()]
    if axis.several:
        remarks.append(f"{axis.several:,} accept several classes")
    if axis.open:
        remarks.append(f"{len(axis.open)} labels cannot be told in some records; --json lists them")
    return rows + [(f"[dim]  {escape(remark)}[/dim]",) for remark in remarks]


def _print_faults(console: Console, summary: Summary) -> None:
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    if not summary.faults:
        if summary.records:
            console.print("no faults: every record is usable")
        return
    console.print(f"faults: {len(summary.faults):,}")
    table = Table("reason", "record", "detail", box=box.SIMPLE)
    for reason, faults in summary.faults_by_reason.items():
        for fault in faults[:_SHOWN_FAULTS]:
            table.add_row(reason, escape(fault.record_id), escape(fault.detail))
        if len(faults) > _SHOWN_FAULTS:
            table.add_row(reason, f"{len(faults) - _SHOWN_FAULTS:,} more", "--json lists all of them")
        table.add_section()
    console.print(table)


@data.command()
@click.argument("bundle", type=click.Path(path_type=Path, file_okay=False))
@click.option("--write", is_flag=True, help="Freeze them: put them into this einthoven's deltas.json.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def delta(bundle: Path, write: bool, as_json: bool) -> None:
    """Derive the smallest gain that matters on the data of BUNDLE, axis by axis.

    A bundle of reference/resnet1d gives half its gain where that gain's interval excludes 0; elsewhere, and from any
    other bundle, it is half the gain of a reader with 60 % sensitivity and 95 % specificity.
    """
    from einthoven.bench.freeze_deltas import derive, freeze

    row = derive(bundle)
    if write:
        click.echo(f"frozen in {freeze(row)}", err=True)
    if as_json:
        click.echo(json.dumps(row, indent=1))
        return
    click.echo(f"{row['data']}, {row['split']}, {row['records']:,} records, fingerprint {row['fingerprint']}")
    for axis, each in row["axes"].items():
        click.echo(f"{axis:20} {each['delta']:.4f}  half the gain of {each['of']}")


@data.command()
@click.argument("bundle", type=click.Path(path_type=Path, file_okay=False))
@click.option("--data", "source", required=True, help="The run's data, as it was given to it: ptbxl:DIR, sim, …")
@click.option("--most", type=click.IntRange(min=1, max=100), default=100, show_default=True, help="ECGs at most.")
@click.option("--json", "as_json", is_flag=True, help="Print media/media.json.")
def media(bundle: Path, source: str, most: int, as_json: bool) -> None:
    """Put the pictures and traces of a gallery into BUNDLE, for the leaderboard's pages of ECGs.

    They are drawn again, and refused unless they are those that the model was shown. The ECGs are chosen by the hash
    of their ids, so that every class is seen. Whoever publishes them needs the right to publish the recordings.
    """
    from einthoven.bench.media import FOLDER, write_media

    document = write_media(bundle, source, most)
    if as_json:
        click.echo(json.dumps(document, indent=1))
        return
    size = sum(path.stat().st_size for path in (bundle / FOLDER).iterdir())
    click.echo(f"{bundle / FOLDER}: {len(document['records'])} ECGs, {size / 1e6:.1f} MB")
