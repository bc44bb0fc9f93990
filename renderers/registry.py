"""The views by name. Importing this imports no numpy: a view's module is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, cast, overload

from einthoven.errors import unknown_name

if TYPE_CHECKING:
    from einthoven.ecg.recording import Recording
    from einthoven.renderers.options import Options
    from einthoven.renderers.page import Page

__all__ = ["FOUR", "RENDERER_VERSION", "UNDRAWN", "VIEWS", "description", "looking", "view"]

#: Goes up whenever a pixel of any page changes.
RENDERER_VERSION = "1"

#: Name of a view to "module:attribute", a function of a Recording that gives its pages. The same module holds
#: `blank()`, the same pages with nothing drawn on them.
VIEWS: Mapping[str, str] = MappingProxyType(
    {
        "grid": "einthoven.renderers.grid:render",
        "clean": "einthoven.renderers.clean:render",
        "stacked": "einthoven.renderers.stacked:render",
        "patches": "einthoven.renderers.patches:render",
        "clean-chroma": "einthoven.renderers.chroma:render",
        "stacked-page": "einthoven.renderers.stacked_page:render",
        "patches-page": "einthoven.renderers.patches_page:render",
        "page": "einthoven.renderers.as_is:render",
    }
)

#: What ``render --view all`` draws: the four views of the protocol, each from the signal.
FOUR = ("grid", "clean", "stacked", "patches")

#: Views that show a recording's own page images; all others draw its signal. Their blank pages are each recording's
#: own too: `blank` takes the recording.
UNDRAWN = frozenset({"page"})

_DESCRIPTIONS: Mapping[str, str] = MappingProxyType(
    {
        "grid": "3x4 leads and a lead II rhythm strip on millimetre paper, 25 mm/s, 10 mm/mV, 2200x1700 px",
        "clean": "the grid's ink alone, black on white: what is left of the page without its paper",
        "stacked": "twelve full-width strips of 2.5 s, four times the page's time resolution",
        "patches": "twelve images in lead order, 2.5 s each at 16 px/mm",
        "clean-chroma": "the grid page cleaned by the published recipe: chroma rule, binarised, dilated",
        "stacked-page": "the leads cut from the clean page and widened fourfold, as in the published experiment",
        "patches-page": "the leads cut from the grid page and enlarged",
        "page": "the recording's own scans or photographs as they are, for images: sources",
    }
)


def _place(name: str) -> tuple[str, str]:
    if name not in VIEWS:
        raise unknown_name("view", name, VIEWS)
    module, _, attribute = VIEWS[name].partition(":")
    return module, attribute


@overload
def view(name: str, *, options: Options | None = None) -> Callable[[Recording], tuple[Page, ...]]: ...
@overload
def view(name: str, *, blank: Literal[True], options: Options | None = None) -> Callable[..., tuple[Page, ...]]: ...
def view(name: str, *, blank: bool = False, options: Options | None = None) -> Callable[..., tuple[Page, ...]]:
    """Give the function that renders a view.

    Parameters
    ----------
    name : str
        A key of `VIEWS`.
    blank : bool
        Give the function that draws the view's empty pages instead: all that is printed but the traces, for blind
        arms.
    options : Options, optional
        How to draw; what a view does not know it refuses when it draws.

    Returns
    -------
    callable
        Recording -> tuple of Page; with `blank`, nothing (in `UNDRAWN` views the recording) -> tuple of Page.

    Raises
    ------
    EinthovenError
        No view has this name.
    """
    module, attribute = _place(name)
    found = cast("Callable[..., tuple[Page, ...]]", getattr(import_module(module), "blank" if blank else attribute))
    return found if options is None else partial(found, options=options)


def looking(name: str, options: Options, look: Mapping[str, Any]) -> Options:
    """Change options to what a recording asks for, as far as a view honours them.

    Parameters
    ----------
    name : str
        A key of `VIEWS`.
    options : Options
        What the user asked for.
    look : mapping of str to Any
        Option -> value; those that the view does not know are left out.

    Raises
    ------
    EinthovenError
        No view has this name, or a value is none of its option's.
    """
    from dataclasses import fields, replace

    module, _ = _place(name)
    known = getattr(import_module(module), "OPTIONS", [one.name for one in fields(options)])
    return replace(options, **{option: value for option, value in look.items() if option in known})


def description(name: str) -> str:
    """Describe a view in one line.

    Raises
    ------
    EinthovenError
        No view has this name.
    """
    _place(name)
    return _DESCRIPTIONS[name]
