"""PTB-XL's statements beside what was measured: does a code for a slow heart stand on slow hearts?"""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from einthoven.bench.sources.registry import open_source
from einthoven.bench.sources.source import Entry, Source
from einthoven.ecg.measure import Measured, measure

#: Codes with which a wide QRS or a long PR says nothing of the code in question.
CONDUCTION = frozenset({"CLBBB", "CRBBB", "ILBBB", "IRBBB", "IVCD", "LAFB", "LPFB", "PACE", "WPW"})
NO_PR = frozenset({"1AVB", "2AVB", "3AVB", "LPR", "AFIB", "AFLT", "PACE", "SVTAC", "PSVT"})


@dataclass(frozen=True)
class Case:
    """One record: its codes, the cart's axis word, and what was measured."""

    codes: frozenset[str]
    axis_word: str
    measured: Measured


def cases(folder: str) -> list[Case]:
    """Measure every record of PTB-XL in ``folder``, in two processes."""
    source = open_source(f"ptbxl:{folder}")
    with (Path(folder) / "ptb-xl" / "ptbxl_database.csv").open(encoding="utf-8", newline="") as stream:
        words = {row["ecg_id"]: row["heart_axis"].strip() for row in csv.DictReader(stream)}
    with ProcessPoolExecutor(2, initializer=_start, initargs=(source,)) as pool:
        measured = list(pool.map(_measure, source.entries, chunksize=32))
    return [
        Case(frozenset(entry.statements), words.get(entry.id, ""), one)
        for entry, one in zip(source.entries, measured, strict=True)
    ]


_source: Source


def _start(source: Source) -> None:
    global _source
    _source = source


def _measure(entry: Entry) -> Measured:
    return measure(_source.load(entry))


def line(
    what: str,
    group: Iterable[Case],
    number: Callable[[Case], float | None],
    right: Callable[[float], bool],
    slack: float,
) -> str:
    """Write a row: how many, how many unknown, how many as expected, and within the slack of it."""
    values = [number(case) for case in group]
    known = [value for value in values if value is not None]
    exact = sum(map(right, known)) / max(len(known), 1)
    near = sum(right(v) or right(v - slack) or right(v + slack) for v in known) / max(len(known), 1)
    return f"| {what} | {len(values)} | {len(values) - len(known)} | {exact:.1%} | {near:.1%} |"


def print_table(folder: str) -> None:
    """Print the table in Markdown."""
    every = cases(folder)

    def having(*codes: str) -> list[Case]:
        return [case for case in every if case.codes & set(codes)]

    def without(codes: frozenset[str]) -> list[Case]:
        return [case for case in every if not case.codes & codes]

    def word(*words: str) -> list[Case]:
        return [case for case in every if case.axis_word in words]

    def rate(case: Case) -> float | None:
        return case.measured.measurements.heart_rate

    def axis(case: Case) -> float | None:
        return case.measured.measurements.qrs_axis

    def pr(case: Case) -> float | None:
        return case.measured.measurements.pr

    def qrs(case: Case) -> float | None:
        return case.measured.measurements.qrs

    sinus = [case for case in having("SR") if not case.codes & {"SBRAD", "STACH"}]
    rhythm = having("SR", "SBRAD", "STACH", "SARRH")
    fibrillating = having("AFIB")
    irregular = [case for case in fibrillating if (case.measured.rhythm.irregularity or 0.0) > 0.08]
    print(f"\nPTB-XL: {len(every)} records\n")
    print("| records | number | unknown | as expected | within 2 bpm, 5 degrees or 5 ms |\n|---|---|---|---|---|")
    rows = [
        line("SBRAD: rate below 60", having("SBRAD"), rate, lambda v: v < 60, 2),
        line("STACH: rate above 100", having("STACH"), rate, lambda v: v > 100, 2),
        line("SR alone: rate 60 to 100", sinus, rate, lambda v: 60 <= v <= 100, 2),
        line("SR alone: rate 50 to 100", sinus, rate, lambda v: 50 <= v <= 100, 2),
        line("axis MID or AXR: -30 to 90", word("MID", "AXR"), axis, lambda v: -30 <= v <= 90, 5),
        line("axis ALAD: -90 to -30", word("ALAD"), axis, lambda v: -90 <= v < -30, 5),
        line("axis RAD: 90 to 180", word("RAD"), axis, lambda v: 90 < v <= 180, 5),
        line("axis ARAD: above 90 or below -90", word("ARAD"), axis, lambda v: v > 90 or v < -90, 5),
        line("1AVB: PR above 200", having("1AVB"), pr, lambda v: v > 200, 5),
        line("no AV block, AF or pacing: PR up to 200", without(NO_PR), pr, lambda v: v <= 200, 5),
        line("CLBBB: QRS 120 or more", having("CLBBB"), qrs, lambda v: v >= 120, 5),
        line("CRBBB: QRS 120 or more", having("CRBBB"), qrs, lambda v: v >= 120, 5),
        line("no conduction code: QRS below 120", without(CONDUCTION), qrs, lambda v: v < 120, 5),
    ]
    print("\n".join(rows))

    def with_pr(group: list[Case]) -> str:
        return f"{sum(pr(case) is not None for case in group)} of {len(group)}"

    print(f"\nPR given: AFIB {with_pr(fibrillating)}, AFIB with irregular beats {with_pr(irregular)}, ", end="")
    print(f"sinus rhythms {with_pr(rhythm)}")
    paced = sum(case.measured.rhythm.ventricular_pacing for case in having("PACE"))
    others = sum(case.measured.rhythm.ventricular_pacing for case in without(frozenset({"PACE"})))
    print(f"ventricular pacing seen: PACE {paced} of {len(having('PACE'))}, others {others}")


if __name__ == "__main__":
    print_table(sys.argv[1])
