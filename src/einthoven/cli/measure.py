"""``einthoven measure``: rate, intervals and axes of one record or of a whole source."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from einthoven.errors import EinthovenError, Exit, Fault, RecordingFault

if TYPE_CHECKING:  # imported when the command runs: --help stays fast
    from einthoven.bench.sources.source import Entry
    from einthoven.ecg.measure import Measured
    from einthoven.ecg.recording import Recording

__all__ = ["COLUMNS", "measure"]

#: Column -> (field of `Measurements`, digits behind the point).
COLUMNS: Mapping[str, tuple[str, int]] = {
    "heart_rate": ("heart_rate", 1),
    "pr": ("pr", 0),
    "qrs": ("qrs", 0),
    "qt": ("qt", 0),
    "qtcf": ("qtc_fridericia", 0),
    "qtcb": ("qtc_bazett", 0),
    "p_axis": ("p_axis", 0),
    "qrs_axis": ("qrs_axis", 0),
    "t_axis": ("t_axis", 0),
}

#: Fewer recordings than this are measured in this process: starting workers takes longer.
_WORTH_WORKERS = 200

Row = dict[str, str | float | int | None]


@click.command()
@click.argument("source", metavar="SOURCE|RECORD")
@click.option("--json", "as_json", is_flag=True, help="Print JSON; unknown is null.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV; unknown is empty.")
@click.option("--plot", type=click.Path(path_type=Path, dir_okay=False), help="Draw the median beat of one record.")
@click.option("--limit", type=click.IntRange(min=1), help="Only the first so many records.")
@click.option("--jobs", type=click.IntRange(min=1), help="Processes that measure; by default one a core.")
def measure(source: str, as_json: bool, as_csv: bool, plot: Path | None, limit: int | None, jobs: int | None) -> None:
    """Measure rate, PR, QRS, QT and axes of every recording of SOURCE, or of one RECORD.

    SOURCE is source[:path], such as ptbxl:DIR; RECORD is the path of a WFDB record, with or without .hea. Bpm, ms and
    degrees; what cannot be measured is left out. Exit code 3: nothing is usable.
    """
    if as_json and as_csv:
        raise EinthovenError("--json and --csv were both given", "choose one of them")
    from einthoven.bench.sources.record import loader, open_source_or_record

    opened = open_source_or_record(source)
    load, entries, faults = loader(opened), opened.entries[:limit], list(opened.faults)
    if plot is not None:
        if len(entries) != 1:
            raise EinthovenError(
                f"--plot draws one record, and {source} has {len(entries)}", "give the path of a record, or --limit 1"
            )
        _plot(load(entries[0]), plot)
    rows: list[Row] = []
    if entries:
        from einthoven.bench.progress import Meter

        with Meter("measuring", len(entries)) as meter:
            for found in _measured(load, entries, jobs):
                if isinstance(found, Fault):
                    faults.append(found)
                else:
                    rows.append(found)
                meter.advance()
    if as_json:
        click.echo(json.dumps(_document(source, rows, faults), indent=1))
    elif as_csv:
        _print_csv(rows)
    else:
        _print_table(rows)
    if not as_json:
        for fault in faults:
            click.echo(f"fault: {fault.record_id}: {fault.reason} ({fault.detail})", err=True)
    if not rows:
        raise EinthovenError(f"{source} has no usable recording", "look at the faults, and at the path", Exit.MISSING)


def _measured(
    load: Callable[[Entry], Recording], entries: Sequence[Entry], jobs: int | None
) -> Iterator[Row | Fault]:
    """Yield a row or a fault for each entry, in order; from worker processes where that is worth it."""
    from einthoven.bench.workers import cores, mapped

    workers = min(jobs or cores(), len(entries) // (_WORTH_WORKERS // 2))
    killed = ("a process that measured recordings was killed (out of memory?)", "run again with --jobs 1")
    yield from mapped(_row, entries, workers, _start, (load,), killed)


_load: Callable[[Entry], Recording]


def _start(load: Callable[[Entry], Recording]) -> None:
    global _load
    _load = load


def _row(entry: Entry) -> Row | Fault:
    from einthoven.ecg.measure import measure as measured_of

    try:
        recording = _load(entry)
    except RecordingFault as error:
        return error.fault
    return _numbers(entry.id, measured_of(recording))


def _numbers(record_id: str, measured: Measured) -> Row:
    row: Row = {"record_id": record_id}
    for column, (name, digits) in COLUMNS.items():
        value = getattr(measured.measurements, name)
        row[column] = None if value is None else round(value, digits) if digits else round(value)
    row["quality"] = round(measured.quality, 2)
    return row


def _plot(recording: Recording, path: Path) -> None:
    from einthoven.ecg.measure import measure as measured_of
    from einthoven.ecg.measure.plot import plot_beat

    measured = measured_of(recording)
    if not measured.beats:
        raise EinthovenError(f"{recording.id} has no beats to draw", "choose another record", Exit.MISSING)
    try:
        plot_beat(measured, recording.id, path)
    except OSError as error:
        raise EinthovenError(f"{path} cannot be written: {error.strerror or error}", "give another path") from None
    except ImportError:
        raise EinthovenError("--plot needs matplotlib", "install it: pip install matplotlib", Exit.MISSING) from None


def _document(source: str, rows: Sequence[Row], faults: Sequence[Fault]) -> dict[str, object]:
    from einthoven.ecg.measure import MEASURER, VERSION

    return {
        "source": source,
        "measurer": MEASURER,
        "measurer_version": VERSION,
        "records": rows,
        "faults": [{"id": one.record_id, "reason": one.reason, "detail": one.detail} for one in faults],
    }


def _print_csv(rows: Sequence[Row]) -> None:
    names = ["record_id", *COLUMNS]
    writer = csv.DictWriter(sys.stdout, names, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)


def _print_table(rows: Sequence[Row]) -> None:
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    if not rows:
        return
    table = Table(box=box.SIMPLE)
    table.add_column("record_id", no_wrap=True)
    for column in COLUMNS:
        table.add_column(column, justify="right", no_wrap=True)
    for row in rows:
        table.add_row(
            escape(str(row["record_id"])),
            *("–" if row[name] is None else f"{row[name]:.{digits}f}" for name, (_, digits) in COLUMNS.items()),
        )
    # Without a terminal rich assumes 80 columns, which cuts the last ones.
    Console(highlight=False, width=None if sys.stdout.isatty() else 120).print(table)
