"""Draw the hard cases of docs/digitiser.md: ``python docs/digitiser_pictures.py [CASE …]``, docs/images/read-*.png.

Everything shown is simulated. Each page is digitised, and what was recovered is drawn over it; the line that is
printed says how far it is from the signal that was drawn.
"""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from contact_sheets import FOLDER, HEARTS, write
from PIL import Image, ImageDraw, ImageFont

from einthoven.adapters.digitiser.digitise import digitised
from einthoven.adapters.digitiser.digitised import Digitised
from einthoven.adapters.digitiser.overlay import overlay
from einthoven.adapters.digitiser.undigitisable import Undigitisable
from einthoven.ecg.recording import LEADS, Recording
from einthoven.ecg.simulator import simulate
from einthoven.renderers.degrade import degraded
from einthoven.renderers.options import Options
from einthoven.renderers.registry import view

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "adapters" / "digitiser"))
from drawn_pages import plot_like

#: No picture is larger than this.
MOST_BYTES = 250_000

#: Pixels of the longer side of a picture.
LARGEST = 1200


@dataclass(frozen=True)
class Case:
    """A page, and the part of it that is shown (shares of width and height: left, top, right, bottom)."""

    recording: Recording
    image: bytes
    part: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)


def heart(name: str, seed: int = 5) -> Recording:
    """Simulate one of the hearts of the contact sheets."""
    return simulate(HEARTS[name], seed)


def changed(recording: Recording, change: Callable[[np.ndarray], np.ndarray]) -> Recording:
    """Change the signal of a recording: samples by leads in, the same out."""
    assert recording.signal is not None
    signal = np.ascontiguousarray(change(recording.signal.astype(np.float64)), dtype=np.float32)
    return replace(recording, signal=signal)


def page(recording: Recording, wear: tuple[str, int, int] | None = None, **look: Any) -> bytes:
    """Draw the grid page, worn or not."""
    (drawn,) = view("grid", options=Options(**look))(recording)
    return (degraded(drawn, *wear) if wear else drawn).png


def tall(recording: Recording) -> Recording:
    """Let the chest leads reach into the rows above and below them."""
    return changed(recording, lambda signal: signal * np.where(np.arange(len(LEADS)) < 6, 1.0, 1.8)[:, None])


def wandering(recording: Recording) -> Recording:
    """Let the electrodes breathe: I, II and the chest leads by 1.6 mV from peak to peak, each in a way of its own."""

    def change(signal: np.ndarray) -> np.ndarray:
        time = np.arange(signal.shape[1]) / recording.sampling_rate
        phase = np.random.RandomState(4).uniform(0.0, 2.0 * np.pi, (len(signal), 2))
        away = 0.6 * np.sin(2.0 * np.pi * 0.33 * time + phase[:, :1]) + 0.2 * np.sin(5.0 * time + phase[:, 1:])
        one, two = away[:2]  # the other limb leads follow from I and II, or they would contradict each other
        away[2:6] = two - one, -(one + two) / 2, one - two / 2, two - one / 2
        return signal + away

    return changed(recording, change)


def overlap() -> Case:
    """Draw tall R waves that run into the rows above."""
    recording = tall(heart("LVH with strain"))
    return Case(recording, page(recording), (0.5, 0.0, 1.0, 1.0))


def wander() -> Case:
    """Draw a strongly wandering baseline."""
    recording = wandering(heart("sinus rhythm 72/min"))
    return Case(recording, page(recording))


def no_strip() -> Case:
    """Draw a page without a rhythm strip."""
    recording = heart("atrial fibrillation")
    return Case(recording, page(recording, strips=()))


def pacing() -> Case:
    """Draw pacing spikes, thinner than the pen."""
    recording = heart("ventricular pacing")
    return Case(recording, page(recording), (0.0, 0.1, 0.55, 0.95))


def rows12() -> Case:
    """Draw twelve rows below each other, tall ones."""
    recording = tall(heart("LVH with strain"))
    return Case(recording, page(recording, layout="12x1", strips=()), (0.0, 0.0, 0.6, 1.0))


def scan() -> Case:
    """Draw a bad scan."""
    recording = heart("acute inferior infarction")
    return Case(recording, page(recording, ("scan", 3, 7)), (0.45, 0.2, 1.0, 0.75))


def photo() -> Case:
    """Draw a photograph."""
    recording = heart("acute anterior infarction")
    return Case(recording, page(recording, ("photo", 1, 7)), (0.0, 0.05, 0.6, 0.65))


def fax() -> Case:
    """Draw a fax, whose grid is lost."""
    recording = heart("RBBB")
    return Case(recording, page(recording, ("fax", 2, 7)), (0.0, 0.1, 0.6, 1.0))


def other() -> Case:
    """Draw a page as ecg_plot does: thin blue lines, two columns with all seconds in each, no pulse."""
    recording = heart("LBBB")
    assert recording.signal is not None
    return Case(recording, plot_like(recording.signal, recording.sampling_rate), (0.0, 0.0, 0.5, 1.0))


def declined() -> Case:
    """Draw a page that lies on its side."""
    recording = heart("sinus rhythm 72/min")
    with Image.open(BytesIO(page(recording))) as image:
        file = BytesIO()
        image.convert("RGB").transpose(Image.Transpose.ROTATE_90).save(file, "PNG")
    return Case(recording, file.getvalue())


CASES: dict[str, Callable[[], Case]] = {
    "overlap": overlap,
    "wander": wander,
    "no-strip": no_strip,
    "pacing": pacing,
    "12x1": rows12,
    "scan": scan,
    "photo": photo,
    "fax": fax,
    "other": other,
    "declined": declined,
}


def errors(found: Digitised, recording: Recording) -> dict[str, tuple[float, float, float]]:
    """Give each lead's correlation with the recording, and the median and the largest error in uV."""
    assert recording.signal is not None
    result = {}
    for stretch in found.stretches:
        if stretch.strip:
            continue
        lead = LEADS.index(stretch.lead)
        time = np.arange(round(stretch.t0 * found.sampling_rate), round(stretch.t1 * found.sampling_rate))
        read = found.signal[lead, time]
        at = time / found.sampling_rate
        own = np.arange(recording.signal.shape[1]) / recording.sampling_rate
        true = np.interp(at, own, recording.signal[lead])
        seen = np.isfinite(read)
        apart = np.abs(read - true)[seen] * 1e3
        alike = float(np.corrcoef(read[seen], true[seen])[0, 1])
        result[stretch.lead] = (alike, float(np.median(apart)), float(apart.max()))
    return result


def drawn(case: Case) -> tuple[Image.Image, str]:
    """Digitise a case: its picture, and what is to be said of it."""
    try:
        found = digitised(case.image)
    except Undigitisable as why:
        with Image.open(BytesIO(case.image)) as image:
            picture = image.convert("RGB").reduce(4)
        pen, font = ImageDraw.Draw(picture), ImageFont.load_default(18)
        said = textwrap.wrap(f"not digitised: {why.reason}", picture.width // 11)  # a letter's width, and some room
        pen.rectangle((0, 0, picture.width, 8 + 22 * len(said)), "white")
        pen.text((6, 5), "\n".join(said), "#c00000", font)
        return picture, f"declined: {why.reason}"
    with Image.open(BytesIO(overlay(found))) as image:
        left, top, right, bottom = case.part
        box = (left * image.width, top * image.height, right * image.width, bottom * image.height)
        picture = image.convert("RGB").crop(tuple(map(round, box)))  # type: ignore[arg-type]
    share = LARGEST / max(picture.size)
    if share < 1.0:
        size = (round(picture.width * share), round(picture.height * share))
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    by_lead = errors(found, case.recording)
    worst = min(by_lead, key=lambda lead: by_lead[lead][0])
    median = [float(np.median([one[k] for one in by_lead.values()])) for k in range(2)]
    return picture, (
        f"{found.layout}, correlation {median[0]:.4f}, error {median[1]:.1f} uV; "
        f"worst {worst}: {by_lead[worst][0]:.3f}, {by_lead[worst][1]:.0f} uV, up to {by_lead[worst][2]:.0f} uV"
        + "".join(f"; {one}" for one in found.warnings)
    )


def main(names: list[str]) -> None:
    """Draw the cases of these names, or all of them."""
    FOLDER.mkdir(exist_ok=True)
    for name in names or CASES:
        picture, said = drawn(CASES[name]())
        print(f"{name}: {said}")
        write(picture, FOLDER / f"read-{name}.png", MOST_BYTES)


if __name__ == "__main__":
    main(sys.argv[1:])
