"""How a recording is drawn: which views, with which options, and what is done to the sheet afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from einthoven.renderers.options import STANDARD, Options
from einthoven.renderers.registry import FOUR, RENDERER_VERSION, UNDRAWN, looking, view

if TYPE_CHECKING:
    from einthoven.ecg.recording import Recording
    from einthoven.renderers.page import Page

__all__ = ["Drawing", "named_views"]

_AS_ASKED: Mapping[str, Any] = MappingProxyType({})


def named_views(names: tuple[str, ...]) -> tuple[str, ...]:
    """Spell out ``all``, and drop what is named twice."""
    spelt = [one for name in names for one in (FOUR if name == "all" else (name,))]
    return tuple(dict.fromkeys(spelt))


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn of every recording. Plain values: it is handed to worker processes.

    Attributes
    ----------
    views : tuple of str
        Keys of `einthoven.renderers.registry.VIEWS`.
    options : Options
        The same for every view; a view that does not know one of them refuses it.
    degrade : str
        ``scan``, ``photo``, ``fax``; empty to leave the sheets as they are drawn.
    severity, seed : int
        How badly (0 to 5), and of which draw. Every page wears in its own way, by record and number.
    """

    views: tuple[str, ...]
    options: Options = STANDARD
    degrade: str = ""
    severity: int = 0
    seed: int = 0

    def check(self) -> None:
        """Refuse now what would be refused for every recording, by drawing each view's empty page.

        Raises
        ------
        EinthovenError
            No view has one of the names, or one does not know one of the options.
        """
        for name in self.views:
            if name in UNDRAWN:
                view(name)
                self.options.only(name, ())
            elif self.options == STANDARD:
                view(name, blank=True)()
            else:
                view(name, blank=True, options=self.options)()

    def pages(self, recording: Recording, look: Mapping[str, Any] = _AS_ASKED, wear: str = "") -> list[Page]:
        """Draw a recording in every view, the views in order.

        Parameters
        ----------
        recording : Recording
            What to draw.
        look : mapping of str to Any
            Options that this recording asks for, over those of all; a view that does not know one leaves it out.
        wear : str
            What the wear is drawn by, where that is not the recording's id.

        Raises
        ------
        EinthovenError
            The recording cannot be drawn: no signal, sampled too slowly.
        RecordingFault
            A page image has changed since it was checked.
        """
        drawn: list[Page] = []
        for name in self.views:
            options = looking(name, self.options, look) if look else self.options
            plain = options == STANDARD or name in UNDRAWN
            drawn += (view(name) if plain else view(name, options=options))(recording)
        return self._worn(drawn, wear or recording.id)

    def _worn(self, pages: list[Page], record_id: str) -> list[Page]:
        if not self.degrade:
            return pages
        from einthoven.renderers.degrade import degraded, seed_of

        worn, number, before = [], 0, ""
        for page in pages:
            number = number + 1 if page.view == before else 0
            before = page.view
            worn.append(degraded(page, self.degrade, self.severity, seed_of(record_id, self.seed, number)))
        return worn

    def to_json(self) -> dict[str, Any]:
        """Give the JSON form: two drawings that are equal in it draw the same pixels."""
        worn = {"kind": self.degrade, "severity": self.severity, "seed": self.seed} if self.degrade else None
        return {
            "views": list(self.views),
            "options": self.options.to_json(),
            "degrade": worn,
            "renderer_version": RENDERER_VERSION,
        }
