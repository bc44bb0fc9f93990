"""Draw the pictures of docs/leaderboard.md: ``python docs/site_pictures.py SITE`` photographs pages of a built site.

Of the home page and of one ECG's page the top as a telephone (360 px) and a screen (1280 px) show it, in light and in
dark; needs Playwright for Python and Debian's Chromium. The ECG is the first simulated one with pictures: those of
patients are not ours to publish.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "leaderboard"))
from chromium import browser

FOLDER = Path(__file__).parent / "images"

#: Width of the window in pixels, in the order in which they stand in a picture; how much of a page is shown, and by
#: how much that is shrunk.
WIDTHS, HEIGHT, SHRINK = (1280, 360), 1600, 2
#: Space between the windows, and colours of the palette.
GAP, COLORS = 24, 96


def shot(started: Any, page: Path, width: int, theme: str) -> Image.Image:
    """Photograph the top of a page."""
    context = started.new_context(
        viewport={"width": width, "height": HEIGHT}, color_scheme=theme, reduced_motion="reduce"
    )
    window = context.new_page()
    window.goto(page.resolve().as_uri())
    window.evaluate("Promise.all([...document.images].map((image) => image.decode()))")
    image = Image.open(BytesIO(window.screenshot())).convert("RGB")
    context.close()
    return image.resize((width // SHRINK, HEIGHT // SHRINK), Image.Resampling.LANCZOS)


def sheet(started: Any, page: Path) -> Image.Image:
    """Put the windows of a page beside each other: light, then dark."""
    shots = [shot(started, page, width, theme) for theme in ("light", "dark") for width in WIDTHS]
    width = sum(image.width for image in shots) + GAP * (len(shots) - 1)
    whole = Image.new("RGB", (width, shots[0].height), "#808080")
    left = 0
    for image in shots:
        whole.paste(image, (left, 0))
        left += image.width + GAP
    return whole.quantize(COLORS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)


def main() -> None:
    """Write both pictures."""
    site = Path(sys.argv[1])
    ecgs = sorted(path for path in site.glob("ecg/sim-*/ecg--*.html") if 'id="trace"' in path.read_text("utf-8"))
    with browser() as started:
        for name, page in (("site-home", site / "index.html"), ("site-ecg", ecgs[0])):
            file = FOLDER / f"{name}.png"
            sheet(started, page).save(file, optimize=True)
            print(f"{file}: {file.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
