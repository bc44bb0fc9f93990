"""Where an ECG's page and data stand: the one place that knows, so that every page links alike."""

from __future__ import annotations

from einthoven.leaderboard.boards import Board
from einthoven.leaderboard.slugs import slug

__all__ = ["answers_key", "asked_key", "ecg_index_path", "ecg_key", "ecg_path", "ecgs_key"]


def _name(record: str) -> str:
    return slug(f"ecg/{record}")


def ecg_path(board: Board, record: str) -> str:
    """Return the page of an ECG; `record` is its id, a stranger's string."""
    return f"ecg/{board.slug}/{_name(record)}.html"


def ecg_index_path(board: Board) -> str:
    """Return the page that lists the ECGs of a board."""
    return f"ecg/{board.slug}/index.html"


def ecgs_key(board: Board) -> str:
    """Return the registry key of a board's ECGs and what is true of them."""
    return f"{board.slug}/ecgs"


def answers_key(board: Board, model: str) -> str:
    """Return the registry key of a model's answers; `model` is its slug."""
    return f"{board.slug}/answers/{model}"


def asked_key(board: Board) -> str:
    """Return the registry key of what the raw answers to all ECGs of a board share: models, arms, axes."""
    return f"{board.slug}/asked"


def ecg_key(board: Board, record: str) -> str:
    """Return the registry key of all raw answers to an ECG."""
    return f"{board.slug}/{_name(record)}"
