"""The published study's experiments, as anyone has repeated them, beside what the source reports."""

from __future__ import annotations

from collections.abc import Iterator

from einthoven.bench.experiments.preset import presets
from einthoven.bench.published import published
from einthoven.bench.published_power import seen
from einthoven.leaderboard.pages.home import REPORTED_BESIDE
from einthoven.leaderboard.render import render
from einthoven.leaderboard.site import Site
from einthoven.leaderboard.studies import studies_of
from einthoven.tasks import taxonomy

__all__ = ["pages"]


def pages(site: Site) -> Iterator[tuple[str, bytes]]:
    """Yield the page of the study."""
    study = published()
    given = study.majority.keys() | {name for column in study.columns for name in column.figures}
    titles = {name: axis.title for name, axis in taxonomy.axes().items()}
    rows = [(name, title) for name, title in titles.items() if name in given] + list(REPORTED_BESIDE.items())
    yield render(
        site,
        "study.html",
        "study.html.j2",
        studies=list(studies_of(site)),
        presets=presets(),
        titles=titles,
        study=study,
        seen=seen(),
        rows=rows,
    )
