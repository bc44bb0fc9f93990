"""What the user asked a run for."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Settings", "default_folder"]


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user asked for.

    Attributes
    ----------
    model, data, task, view : str
        Names in their registries.
    arms : tuple of str
        Which arms to ask; ``image`` first.
    split : {"train", "validation", "test"}
        Which records.
    limit : int or None
        At most so many records, drawn by the hash of their ids: the first 100 are among the first 200.
    out : Path or None
        The bundle's folder; `default_folder` where `None`.
    fresh : bool
        Forget what stands there and start over.
    jobs : int
        Worker processes for rendering and reading.
    """

    model: str
    data: str
    task: str = "dense"
    view: str = "grid"
    arms: tuple[str, ...] = ("image",)
    split: str = "test"
    limit: int | None = None
    out: Path | None = None
    fresh: bool = False
    jobs: int = os.cpu_count() or 1


def default_folder(settings: Settings) -> Path:
    """Return where a run goes that was given no folder: ``runs/MODEL_DATA_TASK_VIEW``."""
    source = settings.data.partition(":")
    path = Path(source[2]).name if "/" in source[2] or source[0] != "sim" else source[2]
    parts = [settings.model, source[0], path, settings.task, settings.view, settings.split]
    name = "_".join(part for part in parts if part)
    return Path("runs") / "".join(c if c.isalnum() or c in "._-" else "-" for c in name)
