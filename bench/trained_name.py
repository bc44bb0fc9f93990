"""The name by which a run asks for what was trained."""

from __future__ import annotations

from pathlib import Path

__all__ = ["trained_name"]


def trained_name(base: str, folder: Path, full: bool) -> str:
    """Return a model's name.

    Parameters
    ----------
    base : str
        The model that was trained, with ``hf/`` before it.
    folder : Path
        What the training wrote.
    full : bool
        Whether it is a whole model; otherwise it is an adapter on the base.
    """
    if not full:
        return f"{base}+lora:{folder}"
    return f"hf/{folder}" if folder.is_absolute() else f"hf/./{folder}"
