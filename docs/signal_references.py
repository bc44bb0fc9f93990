"""Print what trained signal models are worth on the same test records: a table a network, with what it cost.

    python docs/signal_references.py "reference/se-resnet=runs/se-tuned" "reference/random-probe=runs/probe-tuned"

takes folders that ``einthoven train signal --test DATA`` wrote. Scores and intervals come from ``test.json``, the
seconds from the logs of the folder and of the one that it began with, where that stands beside it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from einthoven.adapters.signal.architectures import build
from einthoven.adapters.signal.checkpoint import Config, read_config
from einthoven.adapters.signal.outputs import outputs

#: The four scores, and how the field writes them.
_SCORES = {"auroc": "AUROC", "auprc": "AUPRC", "f1": "F1", "ece": "ECE"}


def _cell(found: dict[str, Any]) -> str:
    return f"{found['value']:.3f} [{found['low']:.3f}, {found['high']:.3f}]"


def _parameters(config: Config) -> int:
    network = build(config.recipe.network, outputs(config.recipe.outputs).logits, config.recipe.options)
    return sum(each.numel() for each in network.parameters())


def _folders(folder: Path) -> set[Path]:
    """Give a folder, what it began with and its members, and theirs: what two members began with comes once."""
    config = read_config(folder)
    begun = config.trained_on.get("begun_with")
    others = [begun] if begun else config.trained_on.get("members", [])
    found = {folder}
    for name in others:
        found |= _folders(folder / name if (folder / name).is_dir() else folder.parent / name)
    return found


def _seconds(folder: Path) -> float:
    """Give the time of all trainings behind a folder."""
    logs = [each / "log.jsonl" for each in _folders(folder)]
    lines = [line for log in logs if log.is_file() for line in log.read_text(encoding="utf-8").splitlines()[1:]]
    return float(sum(json.loads(line)["seconds"] for line in lines))


def main(arguments: list[str]) -> None:
    """Print both tables as Markdown."""
    read = {}
    for argument in arguments:
        name, _, folder = argument.rpartition("=")
        path = Path(folder)
        rows = json.loads((path / "test.json").read_text(encoding="utf-8"))
        read[name] = (path, read_config(path), rows.get("superclass") or rows["superdiagnostic"])
    print("| superclasses, mean | " + " | ".join(_SCORES.values()) + " | parameters | s |")
    print("|---" * (3 + len(_SCORES)) + "|")
    for name, (path, config, rows) in read.items():
        cells = " | ".join(_cell(rows[0][key]) for key in _SCORES)
        print(f"| {name} | {cells} | {_parameters(config):,} | {_seconds(path):.0f} |")
    first = next(iter(read.values()))[2][1:]
    print()
    print("| AUROC | " + " | ".join(f"{row['label']} ({row['cases']})" for row in first) + " |")
    print("|---" * (1 + len(first)) + "|")
    for name, (_, _, rows) in read.items():
        print(f"| {name} | " + " | ".join(_cell(row["auroc"]) for row in rows[1:]) + " |")


if __name__ == "__main__":
    main(sys.argv[1:])
