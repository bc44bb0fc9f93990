"""What the user asked a run for."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from einthoven.adapters.local.twin import TWINS
from einthoven.adapters.provider import Line
from einthoven.bench.sources.registry import EMBEDDED, gives_pages
from einthoven.errors import EinthovenError
from einthoven.renderers.registry import UNDRAWN, VIEWS

__all__ = ["Settings", "default_folder"]


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user asked for.

    Attributes
    ----------
    model, data, task, view : str
        Names in their registries. Without a view: `page` for data that are page images, else `grid`.
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
    line : Line
        How a provider on the network is reached.
    degrade : str
        How the pages are worn before they are shown: a kind of `einthoven.renderers.degrade`, or nothing.
    severity : int
        How badly, 1 to 5; 0 without `degrade`.
    pairs : int
        Simulator pairs a contrast, where the arm `pairs` is asked.
    max_cost : float or None
        US dollars that the whole run may cost, earlier processes of it included.
    twin : str
        The model's blind twin, asked in the arm ``twin`` or ``twin+measurements``; nobody where empty.
    """

    model: str
    data: str
    task: str = "dense"
    view: str = ""
    arms: tuple[str, ...] = ("image",)
    split: str = "test"
    limit: int | None = None
    out: Path | None = None
    fresh: bool = False
    jobs: int = os.cpu_count() or 1
    line: Line = field(default_factory=Line)
    max_cost: float | None = None
    degrade: str = ""
    severity: int = 0
    pairs: int = 20
    twin: str = ""

    def __post_init__(self) -> None:
        if bool(self.degrade) != bool(self.severity):
            raise EinthovenError(
                "--degrade and --severity go together", "give both, such as --degrade scan --severity 3"
            )
        if bool(self.twin) != any(name in TWINS for name in self.arms):
            raise EinthovenError(
                "--twin and --arm twin go together", "give both, with --twin hf/BASE+lora:DIR of the blind twin"
            )
        pages = gives_pages(self.data)
        if not self.view:
            object.__setattr__(self, "view", "page" if pages else "grid")
        elif self.view in VIEWS and pages != (self.view in UNDRAWN):
            raise EinthovenError(
                f"the view {self.view} cannot show {self.data}: "
                + ("its records are page images, without a signal" if pages else "its records have no page images"),
                f"leave out --view, or give --view {'page' if pages else 'grid'}",
            )

    @property
    def undrawn(self) -> bool:
        """Whether the records are page images, shown as they are."""
        return self.view in UNDRAWN


def default_folder(settings: Settings) -> Path:
    """Return where a run goes that was given no folder: ``runs/MODEL_DATA_TASK_VIEW``."""
    source = settings.data.partition(":")
    path = Path(source[2]).name if "/" in source[2] or source[0] not in EMBEDDED else source[2]
    parts = [settings.model, source[0], path, settings.task, settings.view]
    parts += [f"{settings.degrade}{settings.severity}" if settings.degrade else "", settings.split]
    name = "_".join(part for part in parts if part)
    return Path("runs") / "".join(c if c.isalnum() or c in "._-" else "-" for c in name)
