"""What the model of a run was left with of its pages, for the bundle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

from einthoven.bench.pages import Pages, drawn
from einthoven.bench.settings import Settings
from einthoven.bench.sources.source import Entry, Source
from einthoven.errors import EinthovenError, Exit, RecordingFault
from einthoven.exchange import Adapter
from einthoven.renderers.profile import Profile, profile_of
from einthoven.renderers.registry import UNDRAWN
from einthoven.renderers.resolution import view_resolution

__all__ = ["SeeingAdapter", "eyesight"]


@runtime_checkable
class SeeingAdapter(Protocol):
    """An adapter that knows its model's image processor itself."""

    def profile(self) -> Profile | None:
        """Return how the model sees; `None` where it does not know either."""
        ...


def eyesight(
    adapter: Adapter, pages: Pages | None, source: Source, entries: Sequence[Entry], settings: Settings
) -> dict[str, Any] | None:
    """Work out the effective resolution of a run.

    Parameters
    ----------
    adapter : Adapter
        Who was shown the pages.
    pages : Pages or None
        What renders; `None` where the model sees no pictures.
    source, entries, settings
        Of the run.

    Returns
    -------
    dict or None
        ``resolution`` of ``run.json``: pages as they are drawn are of one size for every record; scans, photographs
        and worn pages are not, so the first record stands for them. `None` where the model sees no pictures, or
        nobody knows how it does.

    Raises
    ------
    EinthovenError
        The first record cannot be read any more.
    """
    if pages is None:
        return None
    profile = adapter.profile() if isinstance(adapter, SeeingAdapter) else profile_of(adapter.name)
    if profile is None:
        return None
    alike = settings.view not in UNDRAWN and not settings.degrade
    if alike:
        shown = pages.blank
    else:
        try:
            shown = drawn(source, entries[0], settings)
        except RecordingFault as error:  # it was usable when it was asked about
            raise EinthovenError(
                f"the files of record {entries[0].id} have changed: {error.fault.detail}",
                "run the same command again: nothing is asked twice",
                Exit.INCOMPLETE,
            ) from None
    rows = view_resolution(shown, profile)
    tokens = [row.tokens for row in rows]
    return {
        "profile": profile.name,
        "basis": profile.basis,
        "of": "every record" if alike else "one record",
        "view": settings.view,
        "images": len(shown),
        "tokens": None if None in tokens else sum(count or 0 for count in tokens),
        "pages": [
            {key: value for key, value in row.to_json().items() if key not in ("view", "profile")} for row in rows
        ],
    }
