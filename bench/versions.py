"""Numbers of different versions are never mixed."""

from __future__ import annotations

from einthoven.errors import EinthovenError, Exit

__all__ = ["same_version"]


def same_version(found: str, wanted: str, what: str) -> None:
    """Refuse a bundle that another version made.

    Raises
    ------
    EinthovenError
        The versions differ.
    """
    if found != wanted:
        raise EinthovenError(
            f"the bundle was made with {what} {found}, this is {wanted}: their numbers are never mixed",
            "score it with the version of einthoven that stands in its run.json",
            Exit.MISSING,
        )
