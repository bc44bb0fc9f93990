"""Draw the pictures of docs/pairs.md: ``python docs/pair_sheets.py [SHEET …]`` writes docs/images/pairs-*.png.

Every contrast of `sim-pairs` by its first pair, side a above side b, cut from pages of the view `grid`: lead II and
V1 over ten seconds, or four leads over the same 2.5 seconds, or the lower half where the page is what differs.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from einthoven.bench.sources.sim_pairs import PairSource, open_pairs
from einthoven.bench.sources.source import Entry
from einthoven.ecg.simulator.pairs import contrasts
from einthoven.renderers.options import STANDARD, Options
from einthoven.renderers.page import Page
from einthoven.renderers.registry import looking, view

FOLDER = Path(__file__).parent / "images"

#: Leads of the four tiles; contrasts of rate and rhythm show strips of ten seconds.
LEADS = {
    "pr": ("I", "II", "V1", "V5"),
    "lbbb": ("I", "V1", "V3", "V6"),
    "rbbb": ("I", "V1", "V2", "V6"),
    "st-inferior": ("II", "III", "aVF", "aVL"),
    "st-anterior": ("V2", "V3", "V4", "III"),
    "q-inferior": ("II", "III", "aVF", "I"),
    "q-anterior": ("V1", "V2", "V3", "V4"),
    "territory": ("III", "aVL", "V3", "V4"),
    "t-inverted": ("I", "II", "V4", "V5"),
    "voltage": ("V1", "V2", "V5", "V6"),
    "strain": ("V1", "V2", "V5", "V6"),
    "axis-left": ("I", "II", "III", "aVF"),
    "axis-right": ("I", "II", "III", "aVF"),
    "noise": ("I", "II", "V1", "V5"),
}
STRIPS = ("rate-slow", "rate-fast", "fibrillation", "flutter")

SHEETS = {
    "pairs-rhythm": STRIPS,
    "pairs-conduction": ("pr", "lbbb", "rbbb", "axis-left", "axis-right"),
    "pairs-ischemia": ("st-inferior", "st-anterior", "q-inferior", "q-anterior", "territory"),
    "pairs-findings": ("t-inverted", "voltage", "strain", "noise"),
    "pairs-page": ("grid-color", "ink", "crop", "gain-label", "lead-font"),
}

#: A lead over 2.5 s, and a strip over 10 s, shrunk by a whole number that divides a millimetre.
_TIMES = 2
_COLORS = 24


def page_of(source: PairSource, entry: Entry, options: Options) -> tuple[Page, Image.Image]:
    """Draw one side as its contrast asks."""
    look = looking("grid", options, entry.look)
    (page,) = view("grid", options=look)(source.load(entry))
    with Image.open(BytesIO(page.png)) as image:
        return page, image.convert("RGB")


def leads(source: PairSource, entry: Entry, names: tuple[str, ...]) -> Image.Image:
    """Cut leads from the page, one beside the other, all of the same seconds."""
    page, image = page_of(source, entry, replace(STANDARD, columns="simultaneous", separators=False))
    slots = {one.lead: one for one in reversed(page.geometry.segments)}
    tiles = []
    for name in names:
        box = slots[name].box
        tile = image.crop((box.x0, box.y0, box.x1, box.y1)).reduce(_TIMES)
        if slots[name].label.x0 < box.x0:
            ImageDraw.Draw(tile).text((4, 27), name, "black", ImageFont.load_default(17))
        tiles.append(tile)
    return beside(tiles)


def strips(source: PairSource, entry: Entry) -> Image.Image:
    """Cut lead II and V1 over ten seconds, one below the other."""
    page, image = page_of(source, entry, replace(STANDARD, strips=("II", "V1")))
    last = page.geometry.segments[-2:]
    whole = image.crop((last[0].label.x0 - 8, last[0].box.y0, last[0].box.x1, last[1].box.y1))
    return whole.reduce(_TIMES)


def lower_half(source: PairSource, entry: Entry) -> Image.Image:
    """Show the lower half of a page: what is printed and drawn, and where its edges lie."""
    _, image = page_of(source, entry, STANDARD)
    return image.crop((0, image.height - 760, image.width, image.height)).reduce(_TIMES)


def beside(tiles: list[Image.Image]) -> Image.Image:
    """Put pictures in a row."""
    row = Image.new("RGB", (sum(tile.width + 4 for tile in tiles) - 4, tiles[0].height), "white")
    left = 0
    for tile in tiles:
        row.paste(tile, (left, 0))
        left += tile.width + 4
    return row


def shown(source: PairSource, contrast: str) -> list[Image.Image]:
    """Draw both sides of the first pair of a contrast."""
    sides = [entry for entry in source.entries if entry.side is not None and entry.side.contrast == contrast][:2]
    if contrast in STRIPS:
        return [strips(source, entry) for entry in sides]
    if contrast in LEADS:
        return [leads(source, entry, LEADS[contrast]) for entry in sides]
    return [lower_half(source, entry) for entry in sides]


def sheet(source: PairSource, names: tuple[str, ...]) -> Image.Image:
    """Lay contrasts out one below the other, each under its title."""
    gap, title = 8, 26
    blocks = [(contrasts()[name].title, shown(source, name)) for name in names]
    width = max(side.width for _, sides in blocks for side in sides) + 2 * gap
    height = sum(title + sum(side.height + gap for side in sides) + gap for _, sides in blocks)
    whole = Image.new("RGB", (width, height), "white")
    pen, font, top = ImageDraw.Draw(whole), ImageFont.load_default(17), 0
    for name, sides in blocks:
        pen.text((gap, top + 3), name, "black", font)
        top += title
        for side in sides:
            whole.paste(side, (gap, top))
            top += side.height + gap
        top += gap
    return whole


def main(names: list[str]) -> None:
    """Draw the sheets of these names, or all of them."""
    source = open_pairs(per_contrast=1)
    FOLDER.mkdir(exist_ok=True)
    for name in names or SHEETS:
        path = FOLDER / f"{name}.png"
        reduced = sheet(source, SHEETS[name]).quantize(_COLORS, Image.Quantize.MEDIANCUT, 2, dither=Image.Dither.NONE)
        reduced.save(path, compress_level=9)
        print(f"{path}  {reduced.width}x{reduced.height}, {path.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main(sys.argv[1:])
