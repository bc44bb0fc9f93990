"""Draw the contact sheets of docs/views.md: ``python docs/contact_sheets.py [SHEET …]`` writes docs/images/*.png.

Everything shown is simulated. Sheets are ``example`` (one page, for the README), ``grid``, ``clean``, ``stacked``,
``patches``, ``options``, ``wear-scan``, ``wear-photo``, ``wear-fax``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from einthoven.ecg.reading import Ischemia
from einthoven.ecg.recording import Recording
from einthoven.ecg.simulator import Parameters, simulate
from einthoven.ecg.simulator.parameters import ANTERIOR, INFERIOR
from einthoven.renderers.degrade import KINDS, SEVERITIES, degraded
from einthoven.renderers.options import Options
from einthoven.renderers.page import Page
from einthoven.renderers.registry import FOUR, view

FOLDER = Path(__file__).parent / "images"

#: No sheet is larger than this.
MOST_BYTES = 300_000

#: Twelve hearts; a recording's seed is its place here.
HEARTS = {
    "sinus rhythm 72/min": Parameters(),
    "sinus bradycardia 45/min": Parameters(heart_rate=45.0),
    "sinus tachycardia 128/min": Parameters(heart_rate=128.0, pr=130.0),
    "atrial fibrillation": Parameters(heart_rate=104.0, rhythm="atrial_fibrillation", pr=None),
    "ventricular pacing": Parameters(heart_rate=70.0, rhythm="paced", pr=None, qrs=170.0, qrs_axis=-70.0),
    "AV block I": Parameters(heart_rate=60.0, pr=280.0),
    "LBBB": Parameters(qrs=150.0, conduction="lbbb", qrs_axis=-20.0),
    "RBBB": Parameters(qrs=140.0, conduction="rbbb", qrs_axis=80.0),
    "acute inferior infarction": Parameters(ischemia=Ischemia("acute", INFERIOR)),
    "acute anterior infarction": Parameters(heart_rate=88.0, ischemia=Ischemia("acute", ANTERIOR)),
    "old inferior infarction": Parameters(ischemia=Ischemia("old", INFERIOR), qrs_axis=-10.0),
    "LVH with strain": Parameters(findings=frozenset({"left_ventricular_hypertrophy", "lv_strain"}), qrs_axis=-10.0),
}

#: What the sheet of options shows; each beside the standard.
CHOICES = {
    "layout 6x2": Options(layout="6x2"),
    "layout 12x1": Options(layout="12x1"),
    "strips II, V1, V5": Options(strips=("II", "V1", "V5")),
    "Cabrera's order": Options(cabrera=True),
    "simultaneous columns": Options(columns="simultaneous"),
    "50 mm/s": Options(mm_per_second=50),
    "20 mm/mV": Options(mm_per_mv=20),
    "5 mm/mV, no separators": Options(mm_per_mv=5, separators=False),
    "blue grid": Options(grid="blue"),
    "black grid, serif": Options(grid="black", font="serif"),
    "green grid, blue ink, mono": Options(grid="green", ink="blue", font="mono"),
    "no grid, header, tight crop": Options(grid="none", header=("id", "age", "sex"), crop="tight"),
}


def recordings() -> Iterable[tuple[str, Recording]]:
    """Give the twelve hearts with their names."""
    for seed, (name, heart) in enumerate(HEARTS.items()):
        yield name, simulate(heart, seed)


def pixels(page: Page) -> Image.Image:
    """Decode a page."""
    with Image.open(BytesIO(page.png)) as image:
        return image.convert("RGB")


def small(image: Image.Image, times: int = 4) -> Image.Image:
    """Shrink by a whole number, which divides a millimetre: the grid stays even, and the file small."""
    return image.reduce(times)


def shrunk(pages: tuple[Page, ...], rows: int = 3) -> Image.Image:
    """Shrink a recording's page; put several together, column by column as on the 3x4 page."""
    if len(pages) == 1:
        return small(pixels(pages[0]))
    tiles = [small(pixels(page), 8) for page in pages]
    width, height = tiles[0].size
    whole = Image.new("RGB", (width * -(-len(tiles) // rows), height * rows), "white")
    for number, tile in enumerate(tiles):
        whole.paste(tile, (number // rows * width, number % rows * height))
    return whole


def sheet(tiles: list[tuple[str, Image.Image]], columns: int) -> Image.Image:
    """Lay pictures out in rows, each under its name."""
    gap, title = 12, 26
    rows = [tiles[start : start + columns] for start in range(0, len(tiles), columns)]
    heights = [max(tile.height for _, tile in row) + title + gap for row in rows]
    width = max(tile.width for _, tile in tiles)
    whole = Image.new("RGB", (columns * (width + gap) + gap, sum(heights) + gap), "white")
    pen, font = ImageDraw.Draw(whole), ImageFont.load_default(17)
    top = gap
    for row, height in zip(rows, heights, strict=True):
        for column, (name, tile) in enumerate(row):
            left = gap + column * (width + gap)
            pen.text((left, top), name, "black", font)
            whole.paste(tile, (left, top + title))
            pen.rectangle(
                (left - 1, top + title - 1, left + tile.width, top + title + tile.height), outline="#999999"
            )
        top += height
    return whole


def four(name: str) -> Image.Image:
    """Draw the twelve hearts in a view."""
    draw = view(name)
    return sheet([(heart, shrunk(draw(recording))) for heart, recording in recordings()], 3)


def options() -> Image.Image:
    """Draw one heart with one option after the other."""
    recording = simulate(HEARTS["acute inferior infarction"], 8)
    return sheet([(name, small(pixels(view("grid", options=one)(recording)[0]))) for name, one in CHOICES.items()], 3)


def example() -> Image.Image:
    """Draw one page at half its size."""
    (page,) = view("grid")(simulate(HEARTS["acute anterior infarction"], 9))
    return small(pixels(page), 2)


def wear(kind: str) -> Image.Image:
    """Draw one page as it was drawn and at every severity of one kind of wear."""
    (page,) = view("grid")(simulate(HEARTS["acute inferior infarction"], 8))
    tiles = [(f"{kind}, severity {severity}", degraded(page, kind, severity, 7)) for severity in (0, *SEVERITIES)]
    return sheet([(name, small(pixels(worn))) for name, worn in tiles], 3)


def write(image: Image.Image, path: Path, most: int = MOST_BYTES) -> None:
    """Write a palette PNG below so many bytes: with fewer colours, then smaller, as far as needed."""
    share = 1.0
    while True:
        size = (round(image.width * share), round(image.height * share))
        fitted = image if share == 1.0 else image.resize(size, Image.Resampling.LANCZOS)
        for colors in (64, 48):
            file = BytesIO()
            reduced = fitted.quantize(colors, Image.Quantize.MEDIANCUT, 2, dither=Image.Dither.NONE)
            reduced.save(file, "PNG", compress_level=9)
            if file.tell() <= most:
                path.write_bytes(file.getvalue())
                print(f"{path}  {reduced.width}x{reduced.height}, {colors} colours, {file.tell() / 1e3:.0f} kB")
                return
        share *= 0.93


def main(names: list[str]) -> None:
    """Draw the sheets of these names, or all of them."""
    sheets: dict[str, Callable[[], Image.Image]] = {name: lambda name=name: four(name) for name in FOUR}  # type: ignore[misc]
    sheets |= {"options": options, "example": example}
    sheets |= {f"wear-{kind}": lambda kind=kind: wear(kind) for kind in KINDS}  # type: ignore[misc]
    FOLDER.mkdir(exist_ok=True)
    for name in names or sheets:
        write(sheets[name](), FOLDER / f"{name}.png")


if __name__ == "__main__":
    main(sys.argv[1:])
