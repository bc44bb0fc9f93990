"""A result as a person reads it: one row an axis, a word, and a sentence why."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from einthoven.bench.fitted import fitted
from einthoven.bench.leaks import leak_lines
from einthoven.bench.pair_lines import pair_lines
from einthoven.bench.words import GLYPHS, word_lines

__all__ = ["asked_for", "print_comparison", "print_result", "result_lines"]

_STYLES: Mapping[str, str] = {
    "reads": "bold blue",
    "associated": "blue",
    "leaks": "bold yellow",
    "prior": "yellow",
    "underpowered": "dim",
}


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.1f}"


def _two(value: float) -> str:
    return f"{round(value, 2) + 0.0:+.2f}"  # + 0.0 turns -0.00 into +0.00


def _signed(value: float | None, ends: list[float] | None = None) -> str:
    if value is None:
        return "-"
    text = _two(value)
    return text if ends is None else f"{text} [{_two(ends[0])},{_two(ends[1])}]"


def asked_for(result: Mapping[str, Any]) -> dict[str, Any]:
    """Return the scores of what the task asked for: its axes, and its own label space where it has one."""
    space = result["task"].get("space")
    return dict(result["axes"]) | ({} if space is None else {space: result["secondary"][space]})


def _word(scores: Mapping[str, Any]) -> str | None:
    return scores["verdict"]["word"] if "verdict" in scores else None


def result_lines(result: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the table's cells, one mapping a row, for any renderer of tables.

    Accuracy stands beside the majority's; gain is in informedness over the best blind arm; MDE is the gain that would
    have been found with 80 % power. The column of invalid answers is there when there are any, that of the gain from
    the printed numbers alone when that arm was run. Only the declared cell has a column of words.

    Parameters
    ----------
    result : mapping
        A ``result.json``.
    """
    rows = []
    for name, axis in asked_for(result).items():
        image = axis["arms"]["image"]
        word = _word(axis)
        row = {
            "axis": name,
            "n": str(axis["n"]),
            "acc %": _percent(image["accuracy"]),
            "maj %": _percent(axis["baselines"]["majority"]["accuracy"]),
            "gain [95 % CI]": _signed(image["gain"], image["gain_ci"]),
            "MDE": "-" if image["mde"] is None else f"{image['mde']:.2f}",
            "inv %": _percent(image["invalid_share"]),
        }
        if "measurements" in axis["arms"]:
            row["numbers"] = _signed(axis["arms"]["measurements"]["gain"])
        if word is not None:
            row["verdict"] = f"{GLYPHS[word]} {word}"
        rows.append(row)
    if all(axis["arms"]["image"]["invalid_share"] == 0 for axis in asked_for(result).values()):
        for row in rows:
            del row["inv %"]
    return rows


def print_result(result: Mapping[str, Any], folder: Path, *, as_json: bool = False) -> None:
    """Print a result: the table and the reasons, or the JSON document.

    Parameters
    ----------
    result : mapping
        A ``result.json``.
    folder : Path
        Where the bundle lies; named under the table.
    as_json : bool
        Print the document itself to standard output.
    """
    if as_json:
        print(json.dumps(result, indent=1, ensure_ascii=False))
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    data = result["data"]
    title = f"{result['model']['name']} on {data['records']} records of {data['patients']} patients ({data['name']})"
    if data["simulated"]:
        title += " - SIMULATED ECGs"
    if result["task"]["name"] != "dense":
        title += f", task {result['task']['name']}"
    if data["limit"] is not None:
        title += " - preview, a part of the records"
    console = Console()
    console.print()
    table = Table(
        title=escape(title), title_justify="left", box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold"
    )
    rows, beside = fitted(result_lines(result), console.width)
    for heading in rows[0]:
        left = heading in ("axis", "verdict")
        table.add_column(heading, justify="left" if left else "right", no_wrap=True)
    for row in rows:
        cells = {heading: escape(cell) for heading, cell in row.items()}
        if "verdict" in cells:
            cells["verdict"] = f"[{_STYLES[row['verdict'].split()[1]]}]{cells['verdict']}[/]"
        table.add_row(*cells.values())
    console.print(table)
    console.print()
    for line in beside:
        console.print(line, highlight=False)
    for name, axis in result["axes"].items():
        if "verdict" not in axis:
            continue
        flags = "".join(f" ({flag})" for flag in axis["verdict"]["flags"])
        console.print(f"[bold]{name}[/]{flags}: {escape(axis['verdict']['reason'])}", highlight=False)
    if not any("verdict" in axis for axis in result["axes"].values()):
        console.print("no words here: those are given for the task dense on the view grid alone", highlight=False)
    found = result["findings_per_ecg"]
    said = "no valid answer" if found["model"] is None else f"the model says {found['model']:.2f}"
    if result["axes"]:
        console.print(f"findings per ECG: {found['truth']:.2f} are there, {said}", highlight=False)
    for line in leak_lines(result["leaks"]) if result["leaks"] else ():
        console.print(line, highlight=False)
    measured = result["data"]["measurers"]
    if measured["same"]:
        both = ", ".join(measured["prompt"])
        console.print(f"the truth of rate and axis and the numbers in the prompt are both {both}'s", highlight=False)
    for line in (*pair_lines(result), *_mirage(result), *_contradictions(result)):
        console.print(line, highlight=False)
    _print_faults(result, console)
    console.print(f"[dim]bundle: {escape(str(folder))}[/]", highlight=False, soft_wrap=True)


def _mirage(result: Mapping[str, Any]) -> list[str]:
    """Say how often the model read an ECG that it was not shown."""
    parts = [
        f"{row['share']:.0%} [{row['share_ci'][0]:.0%}, {row['share_ci'][1]:.0%}] in {name}"
        + (" (one answer to all)" if row.get("requests") == 1 < row["n"] else "")
        for name, row in result.get("mirage", {}).items()
    ]
    return [f"reads ECGs that it is not shown: {', '.join(parts)}"] if parts else []


def _contradictions(result: Mapping[str, Any]) -> list[str]:
    """Say what the model follows where picture and text contradict each other, each with its interval and count."""
    lines = []
    for name, one, title in (
        ("swapped", "donor", "another patient's picture: follows the picture, not the text, on"),
        ("conflict", "text", "a number moved across a threshold: follows the number, not the picture, on"),
    ):
        parts = [
            f"{axis} {row['share']:.0%} [{row['share_ci'][0]:.0%}, {row['share_ci'][1]:.0%}] "
            f"of {row[one] + row['recipient' if one == 'donor' else 'picture']}"
            for axis, row in result.get(name, {}).items()
            if row["share"] is not None
        ]
        if parts:
            lines.append(f"{title} {', '.join(parts)}")
    return lines


def print_comparison(results: Sequence[Mapping[str, Any]]) -> None:
    """Print several results on the same records beside each other: word and gain, axis by axis.

    Parameters
    ----------
    results : sequence of mapping
        Documents of ``result.json``, all of the same data.
    """
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    data = results[0]["data"]
    stamp = " - SIMULATED ECGs" if data["simulated"] else ""
    console = Console()
    console.print(
        f"\n{data['records']} records of {data['patients']} patients ({data['name']}){stamp}", highlight=False
    )
    console.print("gain in informedness over the best blind arm; MDE: the gain that would be found")
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("axis", no_wrap=True)
    table.add_column("MDE", justify="right", no_wrap=True)
    for result in results:
        table.add_column(escape(result["model"]["name"].partition("?")[0].replace("/", "/\n", 1)))
    room = (console.width - max(map(len, asked_for(results[0]))) - len(" 0.00 ") + 1) // len(results) - 1
    for name, first in asked_for(results[0]).items():
        detectable = first["arms"]["image"]["mde"]
        cells = []
        for result in results:
            axis = asked_for(result)[name]
            word = _word(axis)
            # a word that finds no room beside its glyph is written close to it, not under it
            gap = " " if len(f"? {word}") <= room else ""
            mark = "" if word is None else f"[{_STYLES[word]}]{GLYPHS[word]}{gap}{word}[/] "
            cells.append(mark + _signed(axis["arms"]["image"]["gain"]))
        table.add_row(name, "-" if detectable is None else f"{detectable:.2f}", *cells)
    console.print(table)
    given = [_word(axis) for result in results for axis in asked_for(result).values()]
    for line in word_lines(filter(None, given)):
        console.print(line, highlight=False)
    for result in results:
        invalid = next(iter(asked_for(result).values()))["arms"]["image"]["invalid_share"]
        if invalid:
            model = result["model"]["name"]
            console.print(f"{model}: {_percent(invalid)} % of the answers invalid, counted as wrong", highlight=False)


def _print_faults(result: Mapping[str, Any], console: Any) -> None:
    """Name every record that could not be used: never a silent skip."""
    from rich.markup import escape
    from rich.table import Table

    faults = result["data"]["faults"]
    if not faults:
        return
    table = Table(title=f"{len(faults)} records could not be used", title_justify="left", box=None, pad_edge=False)
    for heading in ("record", "reason", "detail"):
        table.add_column(heading)
    for fault in faults:
        table.add_row(escape(fault["id"]), escape(fault["reason"]), escape(fault["detail"]))
    console.print(table)
