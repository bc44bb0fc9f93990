"""What holds of every network that is shipped: it is small, and its log says how it came about."""

import json
from pathlib import Path
from typing import Any

__all__ = ["shipped_config"]


def shipped_config(folder: Path) -> dict[str, Any]:
    """Check a folder of shipped weights, and return its configuration."""
    assert sum(path.stat().st_size for path in folder.iterdir()) < 5_000_000
    config: dict[str, Any] = json.loads((folder / "config.json").read_text())
    assert config["trained_on"]["data"] == "sim"
    log = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    assert log[0]["recipe"] == config["recipe"]
    best = next(row for row in log[1:] if row["epoch"] == config["trained_on"]["best_epoch"])
    assert best["validation_auroc"] == config["trained_on"]["validation_auroc"]
    return config
