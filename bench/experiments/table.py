"""An experiment's table, and all experiments of a model side by side, as the terminal shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from einthoven.bench.published import published
from einthoven.bench.published_power import seen

__all__ = ["print_outcome", "print_study", "seen_lines"]


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.1f}"


def _value(row: Mapping[str, Any], value: float | None) -> str:
    """Write an accuracy in percent, any other metric between 0 and 1."""
    if row["metric"] == "accuracy":
        return _percent(value)
    return "-" if value is None else f"{value:.3f}"


def _with_ends(row: Mapping[str, Any]) -> str:
    ends = row["ci"]
    return _value(row, row["value"]) + ("" if ends is None else f" [{_value(row, ends[0])},{_value(row, ends[1])}]")


def _name(row: Mapping[str, Any]) -> str:
    name = str(row["axis"]).replace("other_findings_consolidated", "findings, grouped")
    return name if row["metric"] == "accuracy" else f"{name}, {row['metric'].replace('_', ' ')}"


def _published(row: Mapping[str, Any], model: str) -> str:
    return next((figure["text"] for figure in row["published"] if figure["model"] == model), "-")


def print_outcome(document: Mapping[str, Any]) -> None:
    """Print what `perform.perform` gives: a table a part, what it stands on, and the gap to the blind twin."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console, facts = Console(highlight=False), document["facts"]
    for part in document["outcome"]:
        data = part["data"]
        stamp = " - SIMULATED ECGs" if data["simulated"] else ""
        preview = " - preview, a part of the records" if data["limit"] is not None else ""
        name = f", {part['part']}" if part["part"] else ""
        console.print(f"\nexperiment {facts['number']}: {escape(facts['title'])}{name}", style="bold")
        console.print(escape(part["model"]), soft_wrap=True)
        console.print(
            f"{data['records']} records of {data['patients']} patients ({escape(data['name'])}){stamp}{preview}",
            soft_wrap=True,
        )
        console.print(f"task {part['task']}, view {part['view']}, given {part['given']}")
        models = list(dict.fromkeys(column["model"] for column in part["published"]))
        table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
        table.add_column("axis")
        few = models if len(models) <= 2 else []
        for heading in (
            "maj %",
            *(f"published\n{model}".strip() for model in few),
            "this run % [95 % CI]",
            "MDE",
            "mode",
        ):
            table.add_column(heading, justify="right", no_wrap=heading != "axis")
        for row in part["rows"]:
            told = [_published(row, model) for model in few]
            mde = "-" if row["mde"] is None else f"{row['mde']:.2f}"
            share = _percent(row["modal_share"])
            table.add_row(_name(row), _value(row, row["majority"]), *told, _with_ends(row), mde, share)
        console.print(table)
        for line in _notes(part, models):
            console.print(line, soft_wrap=True)
        if part["twin"] is not None:
            _print_gap(part, console)
        console.print(f"[dim]bundle: {escape(part['bundle'])}[/]", soft_wrap=True)


def _notes(part: Mapping[str, Any], models: Sequence[str]) -> list[str]:
    lines = ["MDE: the gain in informedness that would be found; mode: the share of the commonest answer, in percent"]
    study, found = published(), part["findings"]
    if found is not None:
        said = "no usable answer" if found["model"] is None else f"the model says {found['model']:.2f}"
        if found["model_ci"]:
            said += f" [{found['model_ci'][0]:.2f},{found['model_ci'][1]:.2f}]"
        told = [column["figures"].get("findings_per_ecg", "-") for column in part["published"]]
        source = f" (published: {' and '.join(told)} of {study.majority['findings_per_ecg'].text})" if told else ""
        lines.append(f"findings per ECG: {found['truth']:.2f} are there, {said}{source}")
    counts = ", ".join(f"{number} {status}" for status, number in part["statuses"].items())
    held = "; answers were held to the schema" if part["constrained"] else ""
    lines.append(f"answers: {counts}; {_percent(part['unusable'])} % cannot be used and count as wrong{held}")
    if len(models) > 2:
        figures = [f"{column['model']} {next(iter(column['figures'].values()))}" for column in part["published"]]
        lines.append(f"published top-1, {study.lane}: {', '.join(figures)} %")
    elif models:
        lines.append(f"published: {study.publisher}, about {study.records} other ECGs; {study.lane}")
    else:
        lines.append("published: we hold no figure of a model in this experiment")
    majorities = [
        f"{_name(row)} {study.majority[row['axis']].text}"
        for row in part["rows"]
        if row["metric"] == "accuracy"
        and row["axis"] in study.majority
        and study.majority[row["axis"]].value is not None
    ]
    if majorities:
        lines.append(f"the source's majority, %: {', '.join(majorities)}")
    return lines


def _print_gap(part: Mapping[str, Any], console: Any) -> None:
    """Print what the model has over its blind twin: what training taught it to see."""
    from rich.table import Table

    console.print("\nover its blind twin, trained alike without pictures, on the same ECGs:")
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column("axis")
    for heading in ("n", "sighted %", "twin %", "gain [95 % CI]", "p Holm", "only it", "only twin"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in part["twin"]:
        ends = row["gain_ci"]
        gain = "-" if row["gain"] is None or ends is None else f"{row['gain']:+.2f} [{ends[0]:+.2f},{ends[1]:+.2f}]"
        p = "-" if row["p_holm"] is None else "< 0.001" if row["p_holm"] < 0.001 else f"{row['p_holm']:.3f}"
        shares = (_percent(row["sighted"]), _percent(row["twin"]))
        apart = (str(row["sighted_only"]), str(row["twin_only"]))
        table.add_row(_name(row | {"metric": "accuracy"}), str(row["n"]), *shares, gain, p, *apart)
    console.print(table)


def print_study(documents: Sequence[Mapping[str, Any]]) -> None:
    """Print all experiments of each model side by side: accuracy in percent, an axis a row."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console(highlight=False)
    for model in dict.fromkeys(document["facts"]["model"] for document in documents):
        own = [document for document in documents if document["facts"]["model"] == model]
        parts = [(document["facts"]["number"], part) for document in own for part in document["outcome"]]
        console.print(f"\n{escape(model)} on {escape(parts[0][1]['data']['name'])}", style="bold", soft_wrap=True)
        table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
        table.add_column("% right")
        table.add_column("maj", justify="right", no_wrap=True)
        for number, part in parts:
            table.add_column(
                f"{number}\n{part['part'] or part['task'].replace('dense-reasoned', part['view'])}", justify="right"
            )
        axes: dict[str, dict[int, Mapping[str, Any]]] = {}
        for place, (_, part) in enumerate(parts):
            for row in part["rows"]:
                if row["metric"] == "accuracy":
                    axes.setdefault(_name(row), {})[place] = row
        for name, rows in axes.items():
            majority = _percent(next(iter(rows.values()))["majority"])
            table.add_row(
                name, majority, *(_percent(rows[k]["value"]) if k in rows else "" for k in range(len(parts)))
            )
        told = [part["findings"] for _, part in parts]
        if any(told):
            table.add_row("findings per ECG", "", *(_two(found, "model") for found in told))
            table.add_row("  that are there", "", *(_two(found, "truth") for found in told))
        table.add_row("unusable %", "", *(_percent(part["unusable"]) for _, part in parts))
        console.print(table)
    console.print("maj: the training majority. Findings count the axes that a task asks for.", soft_wrap=True)


def _two(found: Mapping[str, Any] | None, who: str) -> str:
    return "" if found is None else "-" if found[who] is None else f"{found[who]:.2f}"


def seen_lines() -> list[str]:
    """Say what the published study could have seen with its number of ECGs."""
    study = published()
    lines = [
        f"What about {study.records} ECGs can see (their number is {study.records_note.partition(':')[0]}):",
        "a reader that recalls 60 % of the ECGs outside the commonest class and 98 % of those in it",
    ]
    for axis, one in seen().items():
        gain = f"gains from {one.mde:.2f} up are found" if one.mde is not None else "too few to score"
        verdict = "would be seen" if one.p < 0.05 else 'would be printed as "at the majority"'
        lines.append(
            f"  {axis:15} {one.others:>3} outside it ({gain}): {one.reader:.1f} % right, p {_p(one.p)}, {verdict}"
        )
    return lines


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"{value:.2f}"
