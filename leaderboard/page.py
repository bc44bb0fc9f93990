"""Runs in, one HTML document out: no script, no request to anywhere, every stranger's string escaped."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from einthoven.bench.table import GLYPHS, asked_for
from einthoven.leaderboard import figures
from einthoven.leaderboard.runs import Run
from einthoven.leaderboard.strangers import visible
from einthoven.leaderboard.tables import GROUPS, tables_of
from einthoven.leaderboard.words import FLAGS, WORDS

__all__ = ["page"]

#: So many faults of one run are listed; all of them are counted.
_SHOWN_FAULTS = 100


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("einthoven.leaderboard"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {name: getattr(figures, name) for name in figures.__all__}
    environment.filters |= {"visible": visible, "breakable": _breakable}
    return environment


def page(runs: Sequence[Run]) -> str:
    """Return the page of some runs: equal runs in any order give the equal text.

    Raises
    ------
    EinthovenError
        Two runs of one model on the same ECGs.
    """
    style = files("einthoven.leaderboard").joinpath("templates", "style.css").read_text(encoding="utf-8")
    tables = tables_of(runs)
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            tables=tables,
            runs=len(runs),
            models=len({run.model for run in runs}),
            vlms=len({run.model for table in tables for run in table.group("vlm")}),
            asked_for=asked_for,
            groups=GROUPS,
            glyphs=GLYPHS,
            words=WORDS,
            flags=FLAGS,
            shown_faults=_SHOWN_FAULTS,
            style=Markup(style),  # our own file: the policy allows these bytes and no others
            style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        )
    )


def _breakable(text: str) -> Markup:
    """Let a model's name break where a reader would break it; the parts are escaped."""
    return Markup("<wbr>").join(re.split(r"(?<=[/?+:=&_-])", text))
