"""A template and what it needs, made into one file of the site."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from einthoven.bench.table import asked_for
from einthoven.bench.words import GLYPHS
from einthoven.ecg.reading import AXES
from einthoven.leaderboard import figures, sentences
from einthoven.leaderboard.boards import GROUPS
from einthoven.leaderboard.site import Site
from einthoven.leaderboard.strangers import visible
from einthoven.leaderboard.words import FLAGS, WORDS

__all__ = ["ASSETS", "POLICY", "asset_bytes", "asset_path", "render"]

#: The scripts and the style sheets.
ASSETS = tuple(sorted(one.name for one in files("einthoven.leaderboard").joinpath("assets").iterdir()))

#: The Content-Security-Policy of every page. ``'self'`` is the site's own folder on a server and files of the same
#: disk on ``file://``; a hash cannot be given there, because browsers do not check the integrity of local files. No
#: script of the site connects to anything; Lighthouse asks for ``robots.txt`` in the page's name, and may.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'"
)


@cache
def asset_bytes(name: str) -> bytes:
    """Return the content of an asset."""
    return files("einthoven.leaderboard").joinpath("assets", name).read_bytes()


@cache
def asset_path(name: str) -> str:
    """Return where an asset stands in the site: with the start of its hash, so that none is kept too long."""
    stem, _, suffix = name.rpartition(".")
    return f"assets/{stem}-{hashlib.sha256(asset_bytes(name)).hexdigest()[:8]}.{suffix}"


@cache
def _environment() -> Environment:
    from einthoven.leaderboard.contents import SECTIONS  # the contents import the pages, which import this

    environment = Environment(
        loader=PackageLoader("einthoven.leaderboard"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {name: getattr(figures, name) for name in figures.__all__}
    environment.filters |= {name: getattr(sentences, name) for name in sentences.__all__}
    environment.filters |= {"visible": visible, "breakable": _breakable}
    environment.globals |= {
        "asked_for": asked_for,
        "axis_names": AXES,
        "flags": FLAGS,
        "glyphs": GLYPHS,
        "groups": GROUPS,
        "policy": POLICY,
        "sections": SECTIONS,
        "words": WORDS,
    }
    return environment


def render(site: Site, path: str, template: str, **context: Any) -> tuple[str, bytes]:
    """Return a page: its path as given, and its bytes.

    Parameters
    ----------
    site : Site
        Stands in the template as ``site``.
    path : str
        Relative to the site's folder, with ``/``.
    template : str
        In ``leaderboard/templates/``.
    **context
        More for the template.
    """
    root = "../" * path.count("/")

    def url(place: str) -> str:
        return root + place

    text = (
        _environment()
        .get_template(template)
        .render(**context, site=site, path=path, root=root, url=url, asset=lambda name: root + asset_path(name))
    )
    return path, text.encode()


def _breakable(text: str) -> Markup:
    """Let a model's name break where a reader would break it; the parts are escaped."""
    return Markup("<wbr>").join(re.split(r"(?<=[/?+:=&_-])", text))
