"""Compare trained signal models on the same test records: AUROC, and paired differences over patients.

    python docs/sim_to_real.py real=runs/real simulator=runs/sim tuned=runs/tuned

takes folders that ``einthoven train signal --test DATA`` wrote; the differences are against the first. Of several
folders with commas between them (other seeds) the probabilities are averaged. With ``--by ptbxl:DIR`` behind them a
third table has groups of records: with and without a remark of the annotators on the signal, and with all diagnostic
statements certain (overt: 100 %) or one of them graded lower (subtle; what is not graded stands in neither).
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from einthoven.bench.scoring.axis_score import Estimate
from einthoven.bench.scoring.label_scores import auroc_difference
from einthoven.bench.signal_test import TESTED, Tested
from einthoven.bench.sources.registry import open_source
from einthoven.tasks.statements.table import codes, superclasses_of


def _cell(found: Estimate, sign: str = "") -> str:
    if found.value is None or found.low is None or found.high is None:
        return "–"
    return f"{found.value:{sign}.3f} [{found.low:{sign}.3f}, {found.high:{sign}.3f}]"


def _read(folders: list[str]) -> Tested:
    every = [Tested.read(Path(folder) / TESTED) for folder in folders]
    if any(not np.array_equal(one.ids, every[0].ids) for one in every):
        raise SystemExit(f"{', '.join(folders)} were tested on different records")
    return replace(every[0], scores=np.mean([one.scores for one in every], axis=0))


def _groups(data: str) -> dict[str, set[str]]:
    """Give the ids of the test records in each group."""
    groups: dict[str, set[str]] = {"clean": set(), "noisy": set(), "overt": set(), "subtle": set()}
    known = codes("scp")
    for entry in open_source(data).entries:
        groups["noisy" if entry.quality else "clean"].add(entry.id)
        diagnostic = [
            likelihood
            for code, likelihood in entry.statements.items()
            if superclasses_of(name for option in known[code].groups for name in option)
        ]
        if diagnostic and all(diagnostic):
            groups["overt" if min(diagnostic) == 100 else "subtle"].add(entry.id)
    return groups


def _only(read: Tested, ids: set[str]) -> Tested:
    rows = np.isin(read.ids, sorted(ids))
    return Tested(read.names, read.ids[rows], read.patients[rows], read.labels[rows], read.scores[rows])


def main(arguments: list[str]) -> None:
    """Print the tables as Markdown."""
    by = arguments[arguments.index("--by") + 1] if "--by" in arguments else ""
    arguments = arguments[: arguments.index("--by")] if by else arguments
    named = dict(argument.split("=", 1) for argument in arguments)
    read = {name: _read(folders.split(",")) for name, folders in named.items()}
    first, *others = read
    base = read[first]
    for name in others:
        if not np.array_equal(read[name].ids, base.ids):
            raise SystemExit(f"{name} and {first} were tested on different records")
    cases = (base.labels == 1).sum(axis=0).tolist()
    print("| AUROC | macro | " + " | ".join(f"{n} ({k})" for n, k in zip(base.names, cases, strict=True)) + " |")
    print("|---" * (2 + len(cases)) + "|")
    for name, one in read.items():
        found = one.scored()
        print(f"| {name} | {_cell(found.auroc)} | " + " | ".join(_cell(each.auroc) for each in found.labels) + " |")
    print()
    print(f"| less {first} | macro | " + " | ".join(base.names) + " |")
    print("|---" * (2 + len(cases)) + "|")
    for name in others:
        macro, each = auroc_difference(base.labels == 1, read[name].scores, base.scores, base.patients.tolist())
        print(f"| {name} | {_cell(macro, '+')} | " + " | ".join(_cell(one, "+") for one in each) + " |")
    if by:
        groups = _groups(by)
        print("\n| macro AUROC | " + " | ".join(groups) + " |")
        print("|---" * (1 + len(groups)) + "|")
        sizes = [str(np.isin(base.ids, sorted(ids)).sum()) for ids in groups.values()]
        print("| records | " + " | ".join(sizes) + " |")
        for name, one in read.items():
            print(
                f"| {name} | " + " | ".join(_cell(_only(one, ids).scored().auroc) for ids in groups.values()) + " |"
            )


if __name__ == "__main__":
    main(sys.argv[1:])
