"""How often the look for an ECG on a page errs: real recordings rendered and degraded, and pages without an ECG.

EINTHOVEN_DATA=DIR python tests/benchmarks/bench_page_check.py [PAGES]   (16; the tables of docs/sources.md: 200)

DIR holds ptb-xl/; without it, simulated recordings are drawn. Line charts need
matplotlib, photographs scikit-learn's two sample images; without them these rows are left out.
"""

from __future__ import annotations

import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from io import BytesIO
from multiprocessing import get_context

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from einthoven.bench.sources.page_check import shows_ecg
from einthoven.bench.sources.registry import open_source
from einthoven.errors import RecordingFault
from einthoven.renderers.grid import blank, render

#: Paper, thin line, bold line, ink. "as dark as ink" is what a bad photocopy makes of a grid.
SCHEMES = {
    "red grid": ((255, 248, 246), (249, 211, 206), (234, 150, 144), (0, 0, 0)),
    "no grid": ((255, 255, 255), (255, 255, 255), (255, 255, 255), (0, 0, 0)),
    "grey grid": ((255, 255, 255), (215, 215, 215), (160, 160, 160), (0, 0, 0)),
    "grid as dark as ink": ((255, 255, 255), (120, 120, 120), (40, 40, 40), (0, 0, 0)),
    "dark mode, green": ((10, 12, 10), (20, 45, 20), (30, 80, 30), (120, 255, 120)),
    "dark mode, grey": ((20, 20, 20), (50, 50, 50), (80, 80, 80), (255, 255, 255)),
    "blue grid": ((245, 248, 255), (180, 205, 250), (110, 150, 235), (10, 10, 30)),
    "orange grid": ((255, 250, 235), (250, 205, 140), (240, 160, 70), (20, 20, 60)),
    "green grid": ((240, 250, 235), (170, 220, 160), (90, 180, 90), (20, 20, 20)),
    "blue trace, red grid": ((255, 255, 255), (255, 215, 215), (250, 160, 160), (0, 0, 200)),
    "faded": ((250, 250, 245), (235, 225, 225), (225, 205, 205), (150, 150, 155)),
}


def coloured(png: bytes, scheme: str) -> Image.Image:
    image = Image.open(BytesIO(png))
    coverage = np.arange(64)[None, :, None]
    *grounds, ink = SCHEMES[scheme]
    ground = np.array([*grounds, (255, 255, 255)])[:, None, :]
    image.putpalette(((ground * (63 - coverage) + np.array(ink) * coverage) // 63).astype(np.uint8).tobytes())
    return image.convert("RGB")


def as_jpeg(image: Image.Image, quality: int) -> Image.Image:
    file = BytesIO()
    image.save(file, "JPEG", quality=quality)
    return Image.open(file).convert("RGB")


def scan(image: Image.Image, stream: np.random.RandomState) -> Image.Image:
    """Turned by up to ten degrees, blurred by up to 2 px, JPEG of quality 20 to 89."""
    turned = image.rotate(stream.uniform(-10, 10), Image.Resampling.BICUBIC, expand=True, fillcolor=(250, 250, 250))
    return as_jpeg(turned.filter(ImageFilter.GaussianBlur(stream.uniform(0, 2))), int(stream.randint(20, 90)))


def photograph(image: Image.Image, stream: np.random.RandomState, side: int = 2750) -> Image.Image:
    """Lying askew on a table, in perspective, light that falls off by 16 to 64 %, noise, blur, JPEG."""
    width, height = image.size
    wide, high = int(width * 1.25), int(height * 1.3)
    table = np.clip(stream.normal(110, 12, (high // 8, wide // 8, 3)), 0, 255).astype(np.uint8)
    scene = Image.fromarray(table).resize((wide, high), Image.Resampling.BICUBIC)
    angle = np.radians(stream.uniform(-10, 10))
    rows, wanted = [], []
    for x, y in ((0, 0), (width, 0), (width, height), (0, height)):
        dx, dy = (x - width / 2) * 0.93, (y - height / 2) * 0.93
        u = wide / 2 + np.cos(angle) * dx - np.sin(angle) * dy + stream.uniform(-0.05, 0.05) * width
        v = high / 2 + np.sin(angle) * dx + np.cos(angle) * dy + stream.uniform(-0.05, 0.05) * height
        rows += [[u, v, 1, 0, 0, 0, -x * u, -x * v], [0, 0, 0, u, v, 1, -y * u, -y * v]]
        wanted += [x, y]
    warp = np.linalg.solve(np.array(rows, float), np.array(wanted, float))
    size, method = (wide, high), Image.Transform.PERSPECTIVE
    sheet = image.transform(size, method, warp, Image.Resampling.BICUBIC)
    scene.paste(sheet, (0, 0), Image.new("L", image.size, 255).transform(size, method, warp))
    scene.thumbnail((side, side), Image.Resampling.LANCZOS)
    y, x = np.mgrid[0 : scene.height, 0 : scene.width]
    turn = stream.uniform(0, 2 * np.pi)
    fall = 0.5 + np.cos(turn) * (x / scene.width - 0.5) + np.sin(turn) * (y / scene.height - 0.5)
    lit = np.asarray(scene) * (1 - stream.uniform(0.2, 0.8) * 0.8 * fall)[..., None]
    noisy = lit + stream.normal(0, stream.uniform(1, 8), lit.shape)
    shot = Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))
    blurred = shot.filter(ImageFilter.GaussianBlur(stream.uniform(0, 1.8) * max(shot.size) / 2750))
    return as_jpeg(blurred, int(stream.randint(25, 90)))


def forms(png: bytes, scheme: str, stream: np.random.RandomState) -> Iterator[tuple[str, Image.Image]]:
    """The forms of a page that are looked at."""
    plain = coloured(png, scheme)
    group = "grid as dark as ink" if scheme == "grid as dark as ink" else "ten other papers"
    yield f"as rendered, {group}", plain
    yield f"scan, {group}", scan(plain, stream)
    yield f"photograph, {group}", photograph(plain, stream)
    yield f"photograph, 900 px, {group}", photograph(plain, stream, 900)
    red = coloured(png, "red grid")
    yield "fax: black and white, red grid", red.convert("L").point(lambda value: 255 * (value > 140))
    yield "sideways, red grid", red.transpose(Image.Transpose.ROTATE_90)


def most_patches_pass(png: bytes, scheme: str) -> bool:
    """Cut the twelve short leads from the page, as a record of twelve images."""
    page = coloured(png, scheme)
    boxes = [segment.box for segment in blank()[0].geometry.segments[:12]]
    return sum(shows_ecg(page.crop((box.x0, box.y0, box.x1, box.y1)), part=True) for box in boxes) > 6


def text(stream: np.random.RandomState, ruled: bool) -> Image.Image:
    words = ["patient", "rhythm", "normal", "axis", "left", "block", "report", "by", "yjgpq", "123", "mm/s", "of"]
    size = int(stream.randint(14, 60))
    image = Image.new("RGB", (int(stream.randint(900, 2400)), int(stream.randint(900, 2400))), "white")
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(size)
    for y in range(60, image.height - 100, size * 3 // 2):
        line = " ".join(words[stream.randint(len(words))] for _ in range(int(image.width / size / 2.6)))
        pen.text((50, y), line, font=font, fill=(0, 0, 0))
        if ruled and stream.rand() < 0.4:
            below = y + int(size * 1.1)
            pen.line((50, below, image.width - 60, below), fill=(0, 0, 0), width=int(stream.randint(1, 5)))
    return image


def texture(stream: np.random.RandomState, grain: int) -> Image.Image:
    wide, high = int(stream.randint(400, 2200)), int(stream.randint(400, 1700))
    small = np.clip(stream.normal(128, 60, (high // grain + 2, wide // grain + 2, 3)), 0, 255).astype(np.uint8)
    return Image.fromarray(small).resize((wide, high), Image.Resampling.BICUBIC)


def natural(stream: np.random.RandomState) -> Image.Image:
    from sklearn.datasets import load_sample_images

    image = Image.fromarray(load_sample_images().images[stream.randint(2)])
    width, height = (int(side * stream.uniform(0.5, 1)) for side in image.size)
    left, top = stream.randint(image.width - width + 1), stream.randint(image.height - height + 1)
    part = image.crop((left, top, left + width, top + height))
    zoom = stream.uniform(1, 3)
    return part.resize((int(width * zoom), int(height * zoom)), Image.Resampling.BICUBIC)


def chart(stream: np.random.RandomState, kind: str) -> Image.Image:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(
        figsize=(stream.uniform(4, 12), stream.uniform(3, 8)), dpi=int(stream.choice([80, 120, 200]))
    )
    axes.grid(bool(stream.rand() < 0.5))
    if kind == "smooth":
        axes.plot(np.sin(np.linspace(0, 10, 200) * stream.uniform(0.2, 2)))
    elif kind == "jagged":
        axes.plot(np.cumsum(stream.normal(0, 1, 60)))
    elif kind == "bars":
        axes.bar(range(8), stream.rand(8))
    file = BytesIO()
    figure.savefig(file)
    pyplot.close(figure)
    return Image.open(file).convert("RGB")


def others(seed: int) -> Iterator[tuple[str, Image.Image]]:
    """Pages without an ECG, one of each kind."""
    stream = np.random.RandomState(10_000 + seed)
    wide, high = int(stream.randint(400, 2200)), int(stream.randint(400, 1700))
    y, x = np.mgrid[0:high, 0:wide]
    slope = 128 + 100 * (stream.uniform(-1, 1) * x / wide + stream.uniform(-1, 1) * y / high)
    grainy = slope + stream.normal(0, stream.uniform(1, 20), slope.shape)
    yield "one colour", Image.new("RGB", (wide, high), tuple(int(value) for value in stream.randint(0, 255, 3)))
    yield "gradient", Image.fromarray(np.clip(slope, 0, 255).astype(np.uint8))
    yield "empty paper: gradient with grain", Image.fromarray(np.clip(grainy, 0, 255).astype(np.uint8))
    yield "noise, five grains", texture(stream, (1, 2, 4, 8, 16)[seed % 5])
    yield "text", text(stream, False)
    yield "text with rules", text(stream, True)
    yield "text with rules, scan", scan(text(stream, True), stream)
    yield "text, photograph", photograph(text(stream, False), stream)
    scheme = list(SCHEMES)[seed % len(SCHEMES)]
    for form, image in forms(blank()[0].png, scheme, stream):
        yield f"empty page, {form}", image
    try:
        yield "natural photograph", natural(stream)
        for kind in ("axes without a curve", "bars", "smooth", "jagged"):
            yield f"chart, {kind}", chart(stream, kind)
    except ImportError:
        return


def recordings(count: int) -> list[bytes]:
    data = os.environ.get("EINTHOVEN_DATA")
    source = open_source(f"ptbxl:{data}/ptb-xl" if data else "sim")
    entries = [entry for entry in source.entries if entry.split == "test"]
    found = []
    for place in np.random.RandomState(1).permutation(len(entries)):
        try:
            found.append(render(source.load(entries[place]))[0].png)
        except RecordingFault:
            continue
        if len(found) == count:
            break
    return found


def looked_at(job: tuple[int, bytes | None]) -> list[tuple[str, bool, float]]:
    number, png = job
    scheme = list(SCHEMES)[number % len(SCHEMES)]
    images = others(number) if png is None else forms(png, scheme, np.random.RandomState(number))
    rows = []
    for form, image in images:
        started = time.perf_counter()
        rows.append((form, shows_ecg(image), time.perf_counter() - started))
    if png is not None and scheme != "grid as dark as ink":
        rows.append(("record of twelve patches, ten other papers", most_patches_pass(png, scheme), rows[-1][2]))
    return rows


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 16
    pages = recordings(count)
    with get_context("spawn").Pool(2) as pool:
        for title, jobs in (("ECG pages", pages), ("pages without an ECG", [None] * (count // 4))):
            shown: dict[str, list[bool]] = defaultdict(list)
            seconds: list[float] = []
            for rows in pool.imap(looked_at, enumerate(jobs)):
                for form, accepted, took in rows:
                    shown[form].append(accepted)
                    seconds.append(took)
            print(f"\n{title}: {np.median(seconds) * 1000:.0f} ms each in the median\n")
            print("| | taken for an ECG | of |\n|---|---|---|")
            for form, accepted in sorted(shown.items()):
                print(f"| {form} | {sum(accepted)} | {len(accepted)} |")


if __name__ == "__main__":
    main()
