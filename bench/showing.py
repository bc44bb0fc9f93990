"""What an arm shows of a record: its pages, its signal. Records come from the run's source, pairs from theirs."""

from __future__ import annotations

from typing import cast

from einthoven.bench.ask import Question
from einthoven.bench.pages import Pages
from einthoven.bench.pairs import ARM, Pairs
from einthoven.bench.settings import Settings
from einthoven.bench.sources.source import Source
from einthoven.ecg.recording import Recording
from einthoven.exchange import Adapter, Input
from einthoven.renderers.page import Page

__all__ = ["Showing"]


class Showing:
    """Draw and load what questions show.

    Parameters
    ----------
    adapter : Adapter
        Who looks; for one that sees no pictures nothing is drawn.
    source, settings
        Of the run.
    pairs : Pairs
        Of the run's arm `pairs`.
    expected : int
        How many pages will be wanted.

    Attributes
    ----------
    pages : Pages or None
        Of the run's own records; `None` where the model sees no pictures.
    """

    def __init__(self, adapter: Adapter, source: Source, settings: Settings, pairs: Pairs, expected: int) -> None:
        self._source = source
        self._pairs = pairs
        self._signal = Input.SIGNAL in adapter.inputs
        sees = Input.IMAGE in adapter.inputs
        of_pairs = min(len(pairs.entries), expected)
        self.pages = Pages(source, settings, expected - of_pairs) if sees else None
        self._pair_pages = (
            Pages(cast("Source", pairs.source), pairs.settings, of_pairs) if sees and of_pairs else None
        )

    async def of(self, question: Question) -> tuple[Page, ...]:
        """Return the pages that a question shows; nothing where the model sees no pictures."""
        drawer = self._pair_pages if question.arm.name == ARM else self.pages
        return () if drawer is None else await drawer.of(question.shown or question.entry, question.arm.pictures)

    def recording(self, question: Question) -> Recording | None:
        """Return the signal that takes the picture's place, for models that read one."""
        if not self._signal or question.arm.pictures != "view":
            return None
        source = self._pairs.source if question.arm.name == ARM else self._source
        return source.load(question.shown or question.entry)

    def blank(self) -> tuple[Page, ...]:
        """Return the view's empty pages, where they are the same for every record."""
        return () if self.pages is None else self.pages.blank

    def close(self) -> None:
        """Stop the workers."""
        for drawer in (self.pages, self._pair_pages):
            if drawer is not None:
                drawer.close()
