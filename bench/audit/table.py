"""An audit as tables on the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from einthoven.bench.audit.lines import number, share, subgroup_lines, summary_lines

if TYPE_CHECKING:
    from rich.table import Table

__all__ = ["print_audit", "print_ranking"]


def print_audit(audit: Mapping[str, Any]) -> None:
    """Print an audit: what it costs, what cannot wait, and whom it meets.

    Parameters
    ----------
    audit : mapping
        An ``audit.json``.
    """
    from rich.console import Console
    from rich.markup import escape

    console = Console(highlight=False)
    data = audit["data"]
    title = f"{audit['model']['name']} on {data['records']:,} records of {data['patients']:,} patients"
    title += f" ({data['name']}, arm {audit['arm']})"
    title += " - SIMULATED ECGs" if data["simulated"] else ""
    title += " - preview, a part of the records" if data["limit"] is not None else ""
    console.print(f"\n[bold]{escape(title)}[/]")
    for line in summary_lines(audit):
        console.print(escape(line))
    for matrix in audit["matrices"]:
        console.print(f"\n[bold]{escape(matrix['name'])}[/]: {escape(matrix['title'])}")
        table = _table("reader", "cost of an ECG", "on one label", "critical")
        for row in matrix["rows"]:
            table.add_row(row["reader"], number(row["cost"]), number(row["single"]), _critical(row, matrix))
        console.print(table)
    console.print(f"with each miss weighed by its label's likelihood: {number(audit['by_likelihood'])}")
    _act_now(audit, console)
    _decisions(audit, console)
    _subgroups(audit, console)


def _critical(row: Mapping[str, Any], matrix: Mapping[str, Any]) -> str:
    """Count the errors that weigh most; if all weigh alike there are none such."""
    weights = [weight for line in matrix["danger"] for weight in line]
    return (
        "-"
        if weights.count(max(weights)) == len(weights) - weights.count(0)
        else f"{row['critical']} ({_short(row)})"
    )


def _short(row: Mapping[str, Any]) -> str:
    value = row["critical_share"]["value"]
    return "-" if value is None else f"{100 * value:.1f} %"


def _table(first: str, *headings: str) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    table.add_column(first, overflow="fold")
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def _act_now(audit: Mapping[str, Any], console: Any) -> None:
    console.print("\n[bold]act now[/]: missed and false per 1,000 ECGs (*: fewer than 30 cases)")
    table = _table("condition", "cases", "missed", "missed/1000", "false/1000")
    few = []
    for row in audit["act_now"]:
        if "missed" not in row:
            continue
        table.add_row(
            row["name"].replace("_", " ") + ("*" if row["few"] else ""),
            str(row["cases"]),
            str(row["missed"]),
            number(row["missed_per_1000"], 1),
            number(row["false_per_1000"], 1),
        )
        day = [
            f"{row[key]['value']:.1f} {word}"
            for key, word in (("missed_per_day", "missed"), ("false_per_day", "false"))
            if row[key]["value"] is not None
        ]
        if day:
            few.append(f"{row['name'].replace('_', ' ')} {' and '.join(day)}")
    if table.row_count:
        console.print(table)
    for row in audit["act_now"]:
        if "errors" in row:
            console.print(
                f"{row['title']}: {row['errors']} of {row['cases']}, {share(row['share'])}; "
                f"{number(row['per_1000'], 1)} per 1,000 ECGs"
            )
    if few:
        console.print(f"at {audit['per_day']:g} ECGs a day like these: {'; '.join(few)}")


def _decisions(audit: Mapping[str, Any], console: Any) -> None:
    found = audit["decisions"]
    if found is None:
        return
    console.print("\n[bold]the same probabilities, decided in two ways[/]")
    table = _table("decision", "right", "one label", "critical", "cost of an ECG")
    for row in found["rows"]:
        table.add_row(
            row["decision"],
            f"{100 * row['accuracy']['value']:.1f} %",
            number(row["single"]),
            f"{row['critical']} ({_short(row)})",
            number(row["cost"]),
        )
    console.print(table)
    console.print(
        f"the careful one saves {number(found['saved_single'])} on one label, {number(found['saved'])} on several"
    )


def _subgroups(audit: Mapping[str, Any], console: Any) -> None:
    from rich.markup import escape

    console.print("\n[bold]subgroups[/] (beyond: more than other records with the same labels cost)")
    table = _table("group", "n", "cost of an ECG", "beyond", "p")
    for name, one in audit["subgroups"].items():
        for group in one["groups"]:
            if group["few"] or len(one["groups"]) == 1:
                continue
            p = group["p_beyond_holm"]
            table.add_row(
                escape(f"{name}: {group['name']}"),
                str(group["n"]),
                number(group["cost"]),
                number(group["beyond"]),
                "-" if p is None else "<0.001" if p < 0.001 else f"{p:.3f}",
            )
    if table.row_count:
        console.print(table)
    for line in subgroup_lines(audit):
        console.print(escape(line))


def print_ranking(found: Mapping[str, Any]) -> None:
    """Print the order of several models under every matrix.

    Parameters
    ----------
    found : mapping
        From `ranking.ranking`.
    """
    from rich.console import Console
    from rich.markup import escape

    console = Console(highlight=False)
    console.print("\ncost of an ECG and rank, with the ranks that 95 % of resamples of patients give")
    table = _table("reader", *(escape(one["name"]) for one in found["matrices"]))
    leading = found["matrices"][0]["rows"]
    for place in sorted(range(len(leading)), key=lambda k: leading[k]["cost"]["value"]):
        rows = [matrix["rows"][place] for matrix in found["matrices"]]
        cells = [
            f"{row['cost']['value']:.2f}  {row['rank']} ({row['rank_ci'][0]}-{row['rank_ci'][1]})" for row in rows
        ]
        table.add_row(escape(found["readers"][place]), *cells)
    console.print(table)
    if found["models"] > 1:
        said = "changes with the weights" if found["order_changes"] else "is the same under all of these weights"
        console.print(f"the order of the models {said}")
