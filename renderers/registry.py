"""The views by name. Importing this imports no numpy: a view's module is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, cast, overload

from einthoven.errors import unknown_name

if TYPE_CHECKING:
    from einthoven.ecg.recording import Recording
    from einthoven.renderers.page import Page

__all__ = ["RENDERER_VERSION", "UNDRAWN", "VIEWS", "description", "view"]

#: Goes up whenever a pixel of any page changes.
RENDERER_VERSION = "1"

#: Name of a view to "module:attribute", a function of a Recording that gives its pages. The same module holds
#: `blank()`, the same pages with nothing drawn on them.
VIEWS: Mapping[str, str] = MappingProxyType(
    {"grid": "einthoven.renderers.grid:render", "page": "einthoven.renderers.as_is:render"}
)

#: Views that show a recording's own page images; all others draw its signal. Their blank pages are each recording's
#: own too: `blank` takes the recording.
UNDRAWN = frozenset({"page"})

_DESCRIPTIONS: Mapping[str, str] = MappingProxyType(
    {
        "grid": "3x4 leads and a lead II rhythm strip on millimetre paper, 25 mm/s, 10 mm/mV, 2200x1700 px",
        "page": "the recording's own scans or photographs as they are, for images: sources",
    }
)


def _place(name: str) -> tuple[str, str]:
    if name not in VIEWS:
        raise unknown_name("view", name, VIEWS)
    module, _, attribute = VIEWS[name].partition(":")
    return module, attribute


@overload
def view(name: str) -> Callable[[Recording], tuple[Page, ...]]: ...
@overload
def view(name: str, *, blank: Literal[True]) -> Callable[..., tuple[Page, ...]]: ...
def view(name: str, *, blank: bool = False) -> Callable[..., tuple[Page, ...]]:
    """Give the function that renders a view.

    Parameters
    ----------
    name : str
        A key of `VIEWS`.
    blank : bool
        Give the function that draws the view's empty pages instead: all that is printed but the traces, for blind
        arms.

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
    return cast("Callable[..., tuple[Page, ...]]", getattr(import_module(module), "blank" if blank else attribute))


def description(name: str) -> str:
    """Describe a view in one line.

    Raises
    ------
    EinthovenError
        No view has this name.
    """
    _place(name)
    return _DESCRIPTIONS[name]
