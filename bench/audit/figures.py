"""The figures of an audit, as PNG and SVG: equal audits give equal bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from einthoven.bench.audit.draw_act_now import draw_act_now
from einthoven.bench.audit.draw_classes import draw_classes
from einthoven.bench.audit.draw_confusion import draw_confusion
from einthoven.bench.audit.draw_subgroups import draw_subgroups
from einthoven.errors import EinthovenError, Exit

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["FIGURES", "write_figures"]

#: Name of the file -> what draws it.
FIGURES: Mapping[str, Callable[[Mapping[str, Any]], Figure]] = {
    "confusion": draw_confusion,
    "classes": draw_classes,
    "act-now": draw_act_now,
    "subgroups": draw_subgroups,
}

#: Text stays text, so that it can be searched and read aloud; ids come from a fixed salt, not from chance.
_STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "einthoven",
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.parse_math": False,  # a stranger's name may hold dollar signs
}


def write_figures(audit: Mapping[str, Any], folder: Path, formats: tuple[str, ...] = ("png", "svg")) -> list[Path]:
    """Draw all figures.

    Parameters
    ----------
    audit : mapping
        An ``audit.json``.
    folder : Path
        Where they go; made where it is missing.
    formats : tuple of str
        Endings.

    Returns
    -------
    list of Path
        In the order of `FIGURES`.

    Raises
    ------
    EinthovenError
        The folder cannot be written.
    """
    import matplotlib

    paths = []
    with matplotlib.rc_context(_STYLE):
        for name, draw in FIGURES.items():
            figure = draw(audit)
            for ending in formats:
                # neither a date nor a version of the library stands in the file
                metadata = {"Date": None, "Creator": None} if ending == "svg" else {"Software": None}
                path = folder / f"{name}.{ending}"
                try:
                    folder.mkdir(parents=True, exist_ok=True)
                    figure.savefig(path, dpi=110, metadata=metadata)
                except OSError as error:
                    raise EinthovenError(
                        f"cannot write {path}: {error.strerror}", "make room, or give --no-figures", Exit.INCOMPLETE
                    ) from None
                paths.append(path)
    return paths
