"""Why a page cannot be read."""

from __future__ import annotations

__all__ = ["Undigitisable"]


class Undigitisable(Exception):
    """Raised where a page gives no signal.

    Parameters
    ----------
    reason : str
        One line for people: what is missing or wrong.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
