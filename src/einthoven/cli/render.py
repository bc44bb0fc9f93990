"""``einthoven render``: one record becomes a picture, a source a folder of pages, and pages become signals."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from einthoven.cli.page_options import options_of, page_options
from einthoven.errors import EinthovenError, Exit, Fault, RecordingFault, unknown_name
from einthoven.renderers.registry import VIEWS

if TYPE_CHECKING:  # imported when the command runs: --help stays fast
    from einthoven.bench.export.drawing import Drawing
    from einthoven.bench.sources.source import Entry, Source

__all__ = ["render"]

#: So many faults are printed; the manifest has all of them.
_SHOWN_FAULTS = 50


@click.command()
@click.argument("sources", metavar="SOURCE|RECORD|PAGE...", nargs=-1)
@click.option(
    "--view",
    "views",
    multiple=True,
    type=click.Choice(["all", *VIEWS]),
    help="Repeat for several; all for grid, clean, stacked, patches. [default: grid; page for images:DIR]",
)
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), help="x.png, x.svg or x.pdf of one record; or a folder."
)
@click.option("--id", "record_id", help="Only this record of SOURCE.")
@click.option("--split", type=click.Choice(["all", "train", "validation", "test"]), default="all", show_default=True)
@click.option("--limit", type=click.IntRange(min=1), help="Only the first so many records.")
@click.option("--jobs", type=click.IntRange(min=1), help="Processes; by default one a core.")
@page_options
@click.option("--degrade", type=click.Choice(["scan", "photo", "fax"]), help="Wear the pages; needs --severity.")
@click.option("--severity", type=click.IntRange(0, 5), help="How badly --degrade wears them.")
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), default=0, show_default=True, help="Of --degrade.")
@click.option("--parquet", is_flag=True, help="Write shards that Hugging Face datasets reads, in place of PNG files.")
@click.option("--shard-size", type=click.IntRange(min=1), default=1000, show_default=True, help="Records a shard.")
@click.option("--fresh", is_flag=True, help="Start over, and replace what stands there.")
@click.option(
    "--profile", metavar="MODEL", help="Print what is left of each view after MODEL's own resize; draw none."
)
@click.option(
    "--digitise", "--digitize", is_flag=True, help="Read each PAGE, an image or a folder of them, into the folder -o."
)
@click.option("--together", is_flag=True, help="With --digitise: a folder's images are one record, a lead each.")
@click.option("--overlay/--no-overlay", default=True, help="With --digitise: draw what was read over its page.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
def render(
    sources: tuple[str, ...],
    views: tuple[str, ...],
    out: Path | None,
    record_id: str | None,
    split: str,
    limit: int | None,
    jobs: int | None,
    degrade: str | None,
    severity: int | None,
    seed: int,
    parquet: bool,
    shard_size: int,
    fresh: bool,
    profile: str | None,
    digitise: bool,
    together: bool,
    overlay: bool,
    as_json: bool,
    strips: tuple[str, ...],
    cabrera: bool,
    separators: bool,
    header: tuple[str, ...],
    **look: str,
) -> None:
    """Draw one RECORD, or every recording of SOURCE, as an ECG cart prints it.

    RECORD is the path of a WFDB record: RECORD.png is written into this folder unless -o says otherwise. SOURCE is
    source[:path], such as ptbxl:DIR: its pages go to the folder -o as VIEW/ID.png, with a manifest of pixel hashes
    and geometry; the same command run again goes on where it stopped. Exit code 3: nothing could be drawn.

    With --digitise each PAGE is a picture of a paper ECG (PNG, JPEG, TIFF, WebP) or a folder of them: its signal goes
    to the folder -o as NAME.hea and .dat (WFDB) and NAME.csv, with NAME.overlay.png to check it by eye and NAME.json.
    Twelve images NAME-I.png to NAME-V6.png are one record. Exit code 1: a page could not be digitised.
    """
    if digitise:
        from einthoven.cli.render_digitise import digitise_pages

        digitise_pages(sources, out, together=together, overlay=overlay, jobs=jobs, fresh=fresh, as_json=as_json)
        return
    source = _only_one(sources, together or not overlay)
    from einthoven.bench.export.drawing import Drawing, named_views
    from einthoven.bench.sources.registry import gives_pages

    if bool(degrade) != (severity is not None):
        raise EinthovenError("--degrade and --severity go together", "give both, or neither")
    options = options_of(strips, cabrera, separators, header, **look)
    images = gives_pages(source or "")
    chosen = named_views(views) or (("page",) if images else ("grid",) if profile is None else named_views(("all",)))
    drawing = Drawing(chosen, options, degrade or "", severity or 0, seed)
    if profile is not None:
        from einthoven.cli.render_profile import print_profile

        print_profile(profile, drawing, as_json)
        return
    if source is None:
        raise EinthovenError("there is nothing to draw", "name a record or a source, or see: einthoven render --help")
    drawing.check()
    from einthoven.bench.sources.record import is_record, open_source_or_record

    opened = open_source_or_record(source)
    entries = _chosen(source, opened, record_id, split, limit)
    if parquet or not _wants_pictures(out, alone=is_record(source) or record_id is not None):
        if out is None:
            raise EinthovenError(f"{source} has {len(entries)} records to draw", "say where to: -o DIR")
        _export(opened, entries, drawing, out, jobs, fresh, shard_size if parquet else None, as_json)
    else:
        if len(entries) != 1:
            raise EinthovenError(
                f"{source} has {len(entries)} records to draw, and {out or 'a picture'} shows one",
                "choose one with --id ID or --limit 1, or give a folder: -o DIR",
            )
        _draw(opened, entries[0], drawing, out, fresh, as_json)


def _only_one(sources: tuple[str, ...], for_pages: bool) -> str | None:
    """Give the one source that is drawn."""
    if for_pages:
        raise EinthovenError("--together and --no-overlay are of --digitise", "add it, or leave them out")
    if len(sources) > 1:
        raise EinthovenError(f"{sources[1]} is one too many: one source is drawn", "run the command once for each")
    return sources[0] if sources else None


def _wants_pictures(out: Path | None, *, alone: bool) -> bool:
    """Whether a picture of one record is wanted, rather than a folder with a manifest."""
    from einthoven.bench.export.picture import names_file

    return alone or out is None or names_file(out)


def _chosen(name: str, source: Source, record_id: str | None, split: str, limit: int | None) -> Sequence[Entry]:
    """Choose the entries that the flags name."""
    entries = [entry for entry in source.entries if split in ("all", entry.split)]
    if record_id is not None:
        found = [entry for entry in entries if entry.id == record_id]
        if not found:
            fault = next((one for one in source.faults if one.record_id == record_id), None)
            if fault is not None:
                raise EinthovenError(
                    f"{record_id} cannot be used: {fault.reason} ({fault.detail})", "choose another", Exit.MISSING
                )
            raise unknown_name("record", record_id, [entry.id for entry in entries[:5000]], Exit.MISSING)
        entries = found
    if not entries:
        among = "" if split == "all" else f" {split}"
        raise EinthovenError(f"{name} has no{among} records", "try another --split, or another source", Exit.MISSING)
    return entries[:limit]


def _draw(source: Source, entry: Entry, drawing: Drawing, out: Path | None, fresh: bool, as_json: bool) -> None:
    from einthoven.bench.export.picture import write_pictures

    began = time.monotonic()
    try:
        pictures = write_pictures(source.load(entry), drawing, out, fresh=fresh, look=entry.look, wear=entry.wear)
    except RecordingFault as error:
        fault = error.fault
        raise EinthovenError(
            f"{fault.record_id} cannot be drawn: {fault.reason} ({fault.detail})", "choose another", Exit.MISSING
        ) from None
    if not as_json:
        for one in pictures:
            click.echo(f"{one.path}: {one.said}")
        return
    seconds = time.monotonic() - began
    done = {"files": [str(one.path) for one in pictures], "records": 1, "pages": len(pictures), "faults": []}
    click.echo(json.dumps(done | {"seconds": round(seconds, 2)}, indent=1))


def _export(
    source: Source,
    entries: Sequence[Entry],
    drawing: Drawing,
    out: Path,
    jobs: int | None,
    fresh: bool,
    shard_size: int | None,
    as_json: bool,
) -> None:
    from einthoven.bench.export.export import export

    done = export(source, entries, drawing, out, jobs=jobs, fresh=fresh, shard_size=shard_size)
    if as_json:
        click.echo(json.dumps(done.to_json(), indent=1))
    else:
        _say_faults(done.faults)
        rate = f", {done.pages / done.seconds:.0f} a second" if done.pages and done.seconds > 1 else ""
        kept = f"; {done.kept:,} records stood there already" if done.kept else ""
        click.echo(f"{out}: {done.pages:,} pages of {done.records:,} records{rate}{kept}")
    if not done.records + done.kept:
        raise EinthovenError(f"nothing of {source.name} could be drawn", "look at the faults", Exit.MISSING)


def _say_faults(faults: Sequence[Fault]) -> None:
    for fault in faults[:_SHOWN_FAULTS]:
        click.echo(f"fault: {fault.record_id}: {fault.reason} ({fault.detail})", err=True)
    if len(faults) > _SHOWN_FAULTS:
        click.echo(f"fault: {len(faults) - _SHOWN_FAULTS:,} more stand in the manifest", err=True)
