"""One record becomes one picture, or a few: where they go, and what they may not overwrite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from einthoven.bench.export.drawing import Drawing
from einthoven.bench.export.png_files import file_name, page_suffixes, save
from einthoven.errors import EinthovenError

if TYPE_CHECKING:
    from einthoven.ecg.recording import Recording
    from einthoven.renderers.page import Page

__all__ = ["VECTOR", "Picture", "names_file", "write_pictures"]

#: Endings of vector pictures.
VECTOR = (".svg", ".pdf")

#: Endings that people may try, and that would make odd names of folders.
_OTHERS = (".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".gif", ".webp", ".eps", ".ps")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture on disk.

    Attributes
    ----------
    path : Path
        Where it stands.
    said : str
        What it is, in a few words.
    """

    path: Path
    said: str


def names_file(target: Path) -> bool:
    """Tell whether a path names a picture; otherwise it names a folder.

    Raises
    ------
    EinthovenError
        It names a picture of a kind that is not written.
    """
    if target.is_dir():
        return False
    ending = target.suffix.lower()
    if ending in _OTHERS:
        raise EinthovenError(f"{target}: {ending} is not written", "give -o a name that ends in .png, .svg or .pdf")
    return ending == ".png" or ending in VECTOR


def write_pictures(
    recording: Recording,
    drawing: Drawing,
    target: Path | None = None,
    *,
    fresh: bool = False,
    look: Mapping[str, str] | None = None,
    wear: str = "",
) -> list[Picture]:
    """Draw one recording and write its pages.

    Parameters
    ----------
    recording : Recording
        What to draw.
    drawing : Drawing
        How; checked already.
    target : Path, optional
        A picture's name, or a folder; the working folder unless given. A page's view (unless it is `grid`, or the
        only one and the name was given) and lead go behind the name.
    fresh : bool
        Replace what stands there.
    look : mapping of str to str, optional
        Options that this recording asks for.
    wear : str
        What the wear is drawn by, where that is not the recording's id.

    Returns
    -------
    list of Picture
        In the order of the pages.

    Raises
    ------
    EinthovenError
        Something else stands there, a view or a worn page was asked for as a vector picture, or the file cannot be
        written.
    """
    named = target is not None and names_file(target)
    folder = Path() if target is None else target.parent if named else target
    name = target.stem if named and target is not None else file_name(recording.id)
    ending = target.suffix.lower() if named and target is not None else ".png"
    if ending in VECTOR:
        path = folder / f"{name}{ending}"
        return [_written(path, _vector(recording, drawing, ending, look or {}), f"grid, {ending[1:].upper()}", fresh)]
    pages = drawing.pages(recording, look or {}, wear)
    alone = named and len(drawing.views) == 1
    paths = [
        folder / f"{name}{'' if alone or page.view == 'grid' else f'-{page.view}'}{suffix}{ending}"
        for page, suffix in zip(pages, page_suffixes(pages), strict=True)
    ]
    if not fresh:
        for path, page in zip(paths, pages, strict=True):  # all of them before any is written
            _refuse_another(path, page.png)
    return [_written(path, page.png, _said(page), fresh) for path, page in zip(paths, pages, strict=True)]


def _vector(recording: Recording, drawing: Drawing, ending: str, look: Mapping[str, str]) -> bytes:
    if drawing.views != ("grid",):
        raise EinthovenError(f"{ending} shows the view grid only", "leave out --view, or write a .png")
    if drawing.degrade:
        raise EinthovenError(f"a worn page has no lines to write as {ending}", "leave out --degrade, or write a .png")
    from einthoven.renderers.registry import looking
    from einthoven.renderers.vector import vector

    return vector(recording, looking("grid", drawing.options, look), "svg" if ending == ".svg" else "pdf")


def _said(page: Page) -> str:
    geometry = page.geometry
    cut = list(dict.fromkeys(segment.lead for segment in geometry.segments if segment.clipped))
    size = f"{page.view}, {geometry.width}x{geometry.height} px"
    return f"{size}, cut at the edge of the page: {', '.join(cut)}" if cut else size


def _written(path: Path, content: bytes, said: str, fresh: bool) -> Picture:
    if not fresh:
        _refuse_another(path, content)
    if not path.exists() or path.read_bytes() != content:
        save(path, content)
    return Picture(path, said)


def _refuse_another(path: Path, content: bytes) -> None:
    """Refuse to overwrite what is not the same picture."""
    if path.exists() and not _same(path, content):
        raise EinthovenError(f"{path} stands there already, and is another", "give another -o, or add --fresh")


def _same(path: Path, content: bytes) -> bool:
    try:
        before = path.read_bytes()
    except OSError:
        return False
    return before == content or (path.suffix == ".png" and _pixels([before, content]))


def _pixels(files: Sequence[bytes]) -> bool:
    """Whether files show the same pixels: another compressor writes other bytes."""
    from einthoven.renderers.identity import of_png

    try:
        return len({of_png(one) for one in files}) == 1
    except (OSError, ValueError, SyntaxError):  # what Pillow raises on a file that is no picture
        return False
