"""The sources by name, imported on use: ``source[:path]``."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from einthoven.errors import EinthovenError, Exit, unknown_name

if TYPE_CHECKING:  # numpy comes with it
    from einthoven.bench.sources.source import Source

__all__ = ["EMBEDDED", "SOURCES", "gives_pages", "open_source"]

#: Name -> (how it is written, where it stands, what it is). An opener takes what stands behind the colon.
SOURCES: Mapping[str, tuple[str, str, str]] = {
    "sim": ("sim[:SEED]", "einthoven.bench.sources.sim:open_sim", "simulated ECGs with exact truth, embedded"),
    "sim-pairs": (
        "sim-pairs[:SEED][xNUMBER]",
        "einthoven.bench.sources.sim_pairs:open_pairs",
        "simulated ECGs in pairs that differ in one factor, or in what must not matter",
    ),
    "sim-factor": (
        "sim-factor:CONTRAST[:SEED][xHEARTS]",
        "einthoven.bench.sources.sim_factor:open_factor",
        "simulated hearts, each with one factor and without: what to learn it from",
    ),
    "sim-demo": ("sim-demo", "einthoven.bench.sources.sim_demo:open_sim_demo", "150 of them, for a run of a minute"),
    "ptbxl": ("ptbxl:DIR", "einthoven.bench.sources.ptbxl:open_ptbxl", "PTB-XL with its official folds"),
    "challenge": (
        "challenge:DIR",
        "einthoven.bench.sources.challenge:open_challenge",
        "PhysioNet/CinC Challenge 2020/2021 records (CPSC, Georgia, PTB, Chapman, Ningbo, INCART)",
    ),
    "ludb": ("ludb:DIR", "einthoven.bench.sources.ludb:open_ludb", "LUDB, 200 recordings with diagnoses in words"),
    "wfdb": (
        "wfdb:DIR",
        "einthoven.bench.sources.wfdb_folder:open_wfdb",
        "any folder of WFDB records with a labels.csv",
    ),
    "images": (
        "images:DIR",
        "einthoven.bench.sources.images:open_images",
        "any folder of page images (scans, photographs) with a labels.csv",
    ),
}

#: Sources that stand on their own; the others need a folder.
EMBEDDED = frozenset({"sim", "sim-demo", "sim-factor", "sim-pairs"})


def gives_pages(name: str) -> bool:
    """Tell whether the recordings of a data name are page images, without a signal."""
    return name.partition(":")[0] == "images"


def open_source(name: str, **options: Any) -> Source:
    """Open a source by its data name.

    Parameters
    ----------
    name : str
        ``source[:path]``, as the user typed it: ``ptbxl:~/data/ptb-xl``, ``sim``, ``sim:7``.
    **options
        Keyword arguments of the opener, such as ``sampling_rate=100`` for PTB-XL.

    Raises
    ------
    EinthovenError
        The name is unknown (it says which one may be meant), or the folder is missing (`Exit.MISSING`).
    """
    source, _, path = name.partition(":")
    if source not in SOURCES:
        if Path(name).expanduser().exists():
            raise EinthovenError(f"{name} is a path; which source is it?", f"write one of: {_spellings()}")
        raise unknown_name("data source", source, SOURCES)
    spelling, target, _ = SOURCES[source]
    if not path and source not in EMBEDDED:
        raise EinthovenError(f"{source} needs a folder", f"write it as {spelling}", Exit.MISSING)
    module, attribute = target.split(":")
    return cast("Source", getattr(import_module(module), attribute)(path, **options))


def _spellings() -> str:
    return ", ".join(spelling for spelling, _, _ in SOURCES.values())
