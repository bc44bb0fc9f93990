"""What the user asked of an experiment."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from einthoven.errors import EinthovenError

__all__ = ["MODEL", "Wish"]

#: Stands in commands that are only shown.
MODEL = "hf/OWNER/MODEL"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked for.

    Attributes
    ----------
    model : str
        Who is trained and asked, as a run takes it.
    data : str
        A data name.
    out : Path
        Below it each model and data name has a folder, and each experiment one in that.
    twin : bool
        Train the blind twin too, and ask it beside the model.
    given : str
        What the model is given, in training and beside the published figures; the preset's own where empty.
    limit, train_limit : int or None
        Test records at most; training records at most, and as many for validation.
    recipe : Path or None
        A TOML file of options of ``einthoven train lora``.
    jobs, concurrency : int or None
        As of a run.
    base_url : str or None
        As of a run.
    max_cost : float or None
        US dollars that each run may cost.
    """

    model: str = MODEL
    data: str = "sim"
    out: Path = Path("experiments")
    twin: bool = False
    given: str = ""
    limit: int | None = None
    train_limit: int | None = None
    recipe: Path | None = None
    jobs: int | None = None
    concurrency: int | None = None
    base_url: str | None = None
    max_cost: float | None = None

    def __post_init__(self) -> None:
        if self.given not in ("", "image", "image+measurements"):
            raise EinthovenError(
                f"--given {self.given}: the twin of an experiment is the same without the picture",
                "give image or image+measurements",
            )

    @property
    def folder(self) -> Path:
        """Where the experiments of this model on these data stand."""
        source, _, path = self.data.partition(":")
        where = f"{source}_{Path(path).name}" if path else source
        return self.out / "".join(c if c.isalnum() or c in "._-" else "-" for c in f"{self.model}_{where}")
