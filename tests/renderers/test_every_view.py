"""What holds for every view that is drawn from a signal."""

import os
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from einthoven.ecg.patient import Patient
from einthoven.ecg.recording import LEADS, Recording
from einthoven.errors import EinthovenError
from einthoven.renderers import identity
from einthoven.renderers.options import Options
from einthoven.renderers.page import Page
from einthoven.renderers.registry import RENDERER_VERSION, UNDRAWN, VIEWS, view

Make = Callable[..., Recording]

DRAWN = sorted(set(VIEWS) - UNDRAWN)

#: Views of one lead after the other, and how many pages they have.
IN_ORDER = {"stacked": 1, "stacked-page": 1, "patches": 12, "patches-page": 12}

CABRERA = ("aVL", "I", "aVR", "II", "aVF", "III", *LEADS[6:])

#: The pages of the fixture `fixed_signal`, frozen: when one changes, RENDERER_VERSION changes with it. (The page that
#: OpenCV enlarges is left out: another OpenCV may round otherwise.)
FIXED_PIXEL_IDS = {
    "clean": "4e1ad68e21156d77cef82153a0cecb9b2a1fab85093fe98b6bbe5f39cc212772",
    "clean-chroma": "0db9e20d4788f01af1c4341279121c98b6d04f34e7d2f7b3b02b1813c5513fa0",
    "stacked": "5fe7d19aa07931da04045ab3eb1278b0e956bd0f4481ed3fc352935559971d4c",
    "patches": "5853e9097b4b7389fd7aec5418386390d3039d9b17fc2ac4643ec2e8bf353906",
}


def _pixels(page: Page) -> NDArray[np.uint8]:
    with Image.open(BytesIO(page.png)) as image:
        return np.asarray(image.convert("L"))


@pytest.mark.parametrize("name", DRAWN)
def test_a_page_knows_its_view_its_version_its_pixels_and_its_size(
    name: str, recording_of: Make, fixed_signal: NDArray[np.float32]
) -> None:
    pages = view(name)(recording_of(fixed_signal))
    assert len(pages) == IN_ORDER.get(name, 1)
    for page in pages:
        assert (page.view, page.version, page.degraded) == (name, RENDERER_VERSION, "")
        assert page.pixel_id == identity.of_png(page.png)
        with Image.open(BytesIO(page.png)) as image:
            assert image.size == (page.geometry.width, page.geometry.height)
        for segment in page.geometry.segments:
            for box in (segment.box, segment.label):
                assert 0 <= box.x0 < box.x1 <= page.geometry.width
                assert 0 <= box.y0 < box.y1 <= page.geometry.height
    assert len({page.pixel_id for page in pages}) == len(pages)


@pytest.mark.parametrize("name", sorted(FIXED_PIXEL_IDS))
def test_the_fixed_recording_keeps_its_pixels(
    name: str, recording_of: Make, fixed_signal: NDArray[np.float32]
) -> None:
    assert view(name)(recording_of(fixed_signal))[-1].pixel_id == FIXED_PIXEL_IDS[name]


@pytest.mark.parametrize("name", DRAWN)
def test_blank_pages_are_the_pages_of_a_recording_without_values(name: str, recording_of: Make) -> None:
    empty = view(name, blank=True)()
    if name == "clean-chroma":  # what has no traces is no page to clean
        one, other = (_pixels(page) for page in (empty[0], view("clean", blank=True)()[0]))
        assert (one != other).mean() < 0.02 * (other == 0).mean()  # letters on lines
        return
    nothing = view(name)(recording_of(np.full((12, 5000), np.nan)))
    assert [page.png for page in empty] == [page.png for page in nothing]
    assert [page.geometry for page in empty] == [page.geometry for page in nothing]


@pytest.mark.parametrize("name", sorted(IN_ORDER))
@pytest.mark.parametrize("cabrera", [False, True])
@pytest.mark.parametrize("columns", ["sequential", "simultaneous"])
def test_each_lead_stands_once_in_lead_order_with_its_columns_seconds(
    name: str, cabrera: bool, columns: str, recording_of: Make, fixed_signal: NDArray[np.float32]
) -> None:
    options = Options(cabrera=cabrera, columns=columns)
    on_page = view("grid", options=options)(recording_of(fixed_signal))[0].geometry.segments[:12]
    seconds = {one.lead: (one.t0, one.t1, one.sign) for one in on_page}
    pages = view(name, options=options)(recording_of(fixed_signal))
    segments = [segment for page in pages for segment in page.geometry.segments]
    assert tuple(one.lead for one in segments) == (CABRERA if cabrera else LEADS)
    for one in segments:
        assert (one.t0, one.t1, one.sign) == seconds[one.lead]
    assert [one.sign for one in segments if one.lead == "aVR"] == [-1 if cabrera else 1]
    places = [(one.baseline, page.pixel_id) for page in pages for one in page.geometry.segments]
    assert len(set(places)) == 12


@pytest.mark.parametrize("name", ["patches", "stacked"])
def test_nothing_but_the_columns_own_seconds_plays_a_part(
    name: str, recording_of: Make, fixed_signal: NDArray[np.float32]
) -> None:
    only = np.full_like(fixed_signal, np.nan)
    for lead in range(12):
        column = lead // 3
        # A sample more at both ends: the line through the window's edge goes there.
        window = slice(max(1250 * column - 1, 0), 1250 * (column + 1) + 2)
        only[lead, window] = fixed_signal[lead, window]
    part, whole = (view(name)(recording_of(signal)) for signal in (only, fixed_signal))
    assert [page.pixel_id for page in part] == [page.pixel_id for page in whole]


@pytest.mark.parametrize("name", DRAWN)
def test_a_wave_that_cannot_be_read_to_its_top_is_flagged_and_never_scaled(name: str, recording_of: Make) -> None:
    signal = np.random.RandomState(3).randn(12, 5000) * 0.01
    high = signal.copy()
    high[LEADS.index("I"), 500:505] = 5.0
    high[LEADS.index("V6"), 4500:4505] = -5.0
    calm = [one for page in view(name)(recording_of(signal)) for one in page.geometry.segments]
    tall = [one for page in view(name)(recording_of(high)) for one in page.geometry.segments]
    assert not any(one.clipped for one in calm)
    flagged = {one.lead for one in tall if one.clipped}
    # V6 has a rhythm strip below it on the page, where its wave still fits.
    assert flagged == ({"I", "V6"} if name in IN_ORDER else {"I"})
    assert [one.px_per_mv for one in tall] == [one.px_per_mv for one in calm]
    if name != "patches":  # a patch has its trace moved before it is cut
        assert [one.baseline for one in tall] == [one.baseline for one in calm]


@pytest.mark.parametrize("name", DRAWN)
def test_a_recording_that_cannot_be_drawn_is_refused_in_two_lines(name: str, recording_of: Make) -> None:
    with pytest.raises(EinthovenError, match="a page image without a signal"):
        view(name)(Recording("scan", None, 500, Patient("p"), pages=(Path("scan.png"),)))
    with pytest.raises(EinthovenError, match="40 Hz"):
        view(name)(recording_of(np.zeros((12, 400)), 40))


@pytest.mark.parametrize(
    ("name", "options"),
    [
        (name, options)
        for name in sorted(IN_ORDER)
        for options in (
            Options(layout="6x2"),
            Options(strips=("V1",)),
            Options(separators=False),
            Options(header=("id",)),
            Options(crop="tight"),
        )
    ]
    + [("stacked", Options(mm_per_second=50)), ("stacked-page", Options(mm_per_second=50))],
)
def test_an_option_that_makes_no_sense_is_refused_not_ignored(
    name: str, options: Options, recording_of: Make, fixed_signal: NDArray[np.float32]
) -> None:
    with pytest.raises(EinthovenError, match=f"the view {name} has no option"):
        view(name, options=options)(recording_of(fixed_signal))
    with pytest.raises(EinthovenError, match=f"the view {name} has no option"):
        view(name, blank=True, options=options)()


@pytest.mark.parametrize("name", sorted(IN_ORDER))
@pytest.mark.parametrize(
    "options",
    [
        Options(mm_per_mv=5),
        Options(mm_per_mv=20),
        Options(grid="blue"),
        Options(grid="none"),
        Options(ink="blue"),
        Options(font="mono"),
    ],
)
def test_an_option_that_is_honoured_shows(
    name: str, options: Options, recording_of: Make, fixed_signal: NDArray[np.float32]
) -> None:
    usual = view(name)(recording_of(fixed_signal))
    other = view(name, options=options)(recording_of(fixed_signal))
    same = [a.pixel_id == b.pixel_id for a, b in zip(usual, other, strict=True)]
    # A page that is cleaned has lost its colours.
    colorless = name == "stacked-page" and (options.grid != "red" or options.ink != "black")
    assert all(same) if colorless else not any(same)
    for page in other:
        for segment in page.geometry.segments:
            assert segment.px_per_mv == options.mm_per_mv * page.geometry.px_per_mm_y
            assert segment.px_per_second == options.mm_per_second * page.geometry.px_per_mm_x


def test_another_process_draws_the_same_pages(
    recording_of: Make, fixed_signal: NDArray[np.float32], tmp_path: Path
) -> None:
    signal = tmp_path / "signal.npy"
    np.save(signal, fixed_signal)
    program = (
        "import numpy as np; from einthoven.ecg.patient import Patient;"
        "from einthoven.ecg.recording import Recording;"
        "from einthoven.renderers.registry import view;"
        f"made = Recording('made', np.load({str(signal)!r}), 500.0, Patient('p'));"
        f"[print(page.pixel_id) for name in {DRAWN!r} for page in view(name)(made)]"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "HOME": str(tmp_path), "LC_ALL": "C"}
    run = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert run.stdout.split() == [page.pixel_id for name in DRAWN for page in view(name)(recording_of(fixed_signal))]
