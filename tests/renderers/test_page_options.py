"""Every page that can be asked for: all of its leads, in their places, with nothing printed over anything else."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from einthoven.ecg.recording import LEADS
from einthoven.renderers.layout import CABRERA, Layout, laid_out
from einthoven.renderers.options import CHOICES, HEADER_FIELDS, MOST_STRIPS, STANDARD, Options
from einthoven.renderers.page import Box
from einthoven.renderers.paper import BOLD, COVERAGE, THIN, paper

#: All options, strips and headers of any length.
OPTIONS = st.builds(
    Options,
    strips=st.none() | st.lists(st.sampled_from(LEADS), unique=True, max_size=MOST_STRIPS).map(tuple),
    cabrera=st.booleans(),
    separators=st.booleans(),
    header=st.lists(st.sampled_from(HEADER_FIELDS), unique=True).map(tuple),
    **{name: st.sampled_from(values) for name, values in CHOICES.items()},
)
every = given(options=OPTIONS)
fast = settings(deadline=None, max_examples=120)


def _apart(a: Box, b: Box) -> bool:
    return a.x1 <= b.x0 or b.x1 <= a.x0 or a.y1 <= b.y0 or b.y1 <= a.y0


def _inked(layout: Layout) -> list[Box]:
    """The pixels of every pulse, tick and frame."""
    boxes = []
    for one in layout.lines:
        reach = 1 if one.heavy else 0
        boxes.append(Box(one.x0 - reach, one.y0 - reach, one.x1 + reach + 1, one.y1 + reach + 1))
    return boxes


@fast
@every
def test_each_of_the_twelve_leads_stands_once_and_the_strips_below(options: Options) -> None:
    segments = laid_out(options).geometry.segments
    leads, strips = segments[:12], segments[12:]
    assert sorted(s.lead for s in leads) == sorted(LEADS)
    assert tuple(s.lead for s in strips) == options.rhythm
    assert all(s.baseline > max(one.baseline for one in leads) for s in strips)
    # Column after column, read downwards, they are in the order asked for.
    downwards = sorted(leads, key=lambda s: (s.x0, s.baseline))
    assert tuple(s.lead for s in downwards) == (CABRERA if options.cabrera else LEADS)
    assert {s.lead for s in segments if s.sign == -1} <= {"aVR"}
    assert all((s.sign == -1) == (options.cabrera and s.lead == "aVR") for s in segments)


@fast
@every
def test_time_runs_as_the_columns_say(options: Options) -> None:
    segments = laid_out(options).geometry.segments
    whole = 250 / options.mm_per_second
    columns = int(options.layout.rpartition("x")[2])
    left = min(s.x0 for s in segments)
    for segment in segments[:12]:
        column = (segment.x0 - left) / (2000 / columns)
        assert column == int(column)
        assert segment.t1 - segment.t0 == pytest.approx(whole / columns)
        assert segment.t0 == pytest.approx(column * whole / columns if options.columns == "sequential" else 0)
    assert all((s.t0, s.t1, s.x0) == (0, whole, left) for s in segments[12:])
    for segment in segments:
        assert segment.box.x0 == segment.x0 == int(segment.x0)
        assert segment.box.x1 == round(segment.x(segment.t1))
        assert (segment.px_per_second, segment.px_per_mv) == (options.mm_per_second * 8, options.mm_per_mv * 8)


@fast
@every
def test_everything_lies_on_the_page(options: Options) -> None:
    layout = laid_out(options)
    geometry = layout.geometry
    slots = [box for s in geometry.segments for box in (s.box, s.label)]
    x, baseline, end = layout.header
    heading = [Box(x, baseline - 26, end, baseline + 8)] if options.header else []
    for box in (*slots, *geometry.pulses, *(t.box for t in layout.texts), *_inked(layout), *heading):
        assert 0 <= box.x0 < box.x1 <= geometry.width
        assert 0 <= box.y0 < box.y1 <= geometry.height


@fast
@every
def test_nothing_printed_touches_anything_else(options: Options) -> None:
    layout = laid_out(options)
    geometry = layout.geometry
    assert all(_apart(a, b) for a, b in itertools.combinations([s.box for s in geometry.segments], 2))
    assert all(_apart(a, b) for a, b in itertools.combinations(geometry.pulses, 2))
    texts = [t.box for t in layout.texts]
    if options.header:
        x, baseline, end = layout.header
        assert end - x >= 1000  # room for an id and all the fields
        texts.append(Box(x, baseline - 26, end, baseline + 8))
    assert all(_apart(a, b) for a, b in itertools.combinations(texts, 2))
    assert all(_apart(text, ink) for text in texts for ink in _inked(layout))


@fast
@every
def test_pulses_stand_left_of_every_row_and_labels_never_on_a_trace_at_rest(options: Options) -> None:
    geometry = laid_out(options).geometry
    assert [p.y1 for p in geometry.pulses] == sorted({s.baseline for s in geometry.segments})
    left = min(s.x0 for s in geometry.segments)
    for pulse in geometry.pulses:
        assert pulse.x1 < left
        assert (pulse.x1 - pulse.x0, pulse.y1 - pulse.y0) == (options.mm_per_second * 8 / 5, options.mm_per_mv * 8)
    for segment in geometry.segments:
        assert segment.label.y1 < segment.baseline - 2
        # Nearer to its own row than to any other.
        others = {s.baseline for s in geometry.segments} - {segment.baseline}
        middle = (segment.label.y0 + segment.label.y1) / 2
        assert all(abs(middle - segment.baseline) < abs(middle - other) for other in others)
        assert segment.label.x1 < segment.x0 - 2 if segment.x0 == left else segment.label.x0 >= segment.box.x0


@fast
@every
def test_another_speed_or_gain_is_said_twice_large_and_framed(options: Options) -> None:
    layout = laid_out(options)
    said = [t for t in layout.texts if "mm/s" in t.text]
    unusual = (options.mm_per_second, options.mm_per_mv) != (25, 10)
    assert [t.text for t in said] == [f"{options.mm_per_second} mm/s  {options.mm_per_mv} mm/mV"] * (1 + unusual)
    frames = [one for one in layout.lines if one.heavy][5 * len(layout.geometry.pulses) :]
    assert len(frames) == 8 * unusual
    if unusual:
        assert {t.size for t in said} == {34}
        assert said[0].baseline < min(s.baseline for s in layout.geometry.segments)
        assert said[1].baseline > max(s.baseline for s in layout.geometry.segments)
    assert {t.text for t in layout.texts} - {t.text for t in said} - set(LEADS) <= {
        "-aVR",
        *(f"all columns 0 - {s:g} s" for s in (1.25, 2.5, 5.0)),
    }


@fast
@given(options=OPTIONS.filter(lambda o: o.crop == "none"))
def test_the_scale_moves_along_the_footer_and_nothing_else_does(options: Options) -> None:
    left, center, right = (laid_out(replace(options, scale=where)) for where in ("left", "center", "right"))
    layouts = (left, center, right)
    footers = [[t for t in layout.texts if "mm/s" in t.text][-1].box for layout in layouts]
    for layout, footer in zip(layouts, footers, strict=True):
        assert layout.geometry == left.geometry
        above = [[t for t in one.texts if t.baseline < footer.y0] for one in (layout, left)]
        assert above[0] == above[1]
    assert footers[0].x0 < footers[1].x0 < footers[2].x0
    assert {(f.y0, f.y1) for f in footers} == {(footers[0].y0, footers[0].y1)}


@fast
@every
def test_the_grid_stays_in_step_with_what_stands_on_it(options: Options) -> None:
    layout = laid_out(options)
    x0, y0 = layout.origin
    for segment in layout.geometry.segments:
        assert (segment.baseline - y0) % 40 == 0
    assert (min(s.x0 for s in layout.geometry.segments) - x0) % 40 == 0
    for pulse in layout.geometry.pulses:
        assert {(x - x0) % 40 for x in (pulse.x0, pulse.x1)} == {(y - y0) % 40 for y in (pulse.y0, pulse.y1)} == {0}


@settings(deadline=None, max_examples=15)
@every
def test_lines_stand_every_8_and_40_pixels_from_the_origin(options: Options) -> None:
    layout = laid_out(options)
    plane = paper(layout, options)
    classes, (x0, y0) = plane >> 6, layout.origin
    if options.grid == "none":
        assert not classes.any()
        return
    assert (classes[:, x0 % 40 :: 40] == BOLD).all()
    assert (classes[y0 % 40 :: 40] == BOLD).all()
    assert (classes[:, x0 % 8 :: 8] >= THIN).all()
    assert (classes[y0 % 8 :: 8] >= THIN).all()
    # Between them only the flanks of the bold lines.
    row, column = classes[(y0 + 4) % 40], classes[:, (x0 + 4) % 40]
    for profile, origin in ((row, x0), (column, y0)):
        lined = {k for k in range(profile.size) if (k - origin) % 8 == 0 or (k - origin) % 40 in (1, 39)}
        assert set(profile.nonzero()[0].tolist()) == lined
    assert (plane & COVERAGE).any()


@fast
@given(options=OPTIONS.filter(lambda o: o.crop == "tight"))
def test_a_tight_page_is_the_whole_one_moved_by_whole_millimetres(options: Options) -> None:
    tight, whole = laid_out(options), laid_out(replace(options, crop="none"))
    dx, dy = tight.origin
    assert dx <= 0 >= dy
    assert (dx % 8, dy % 8) == (0, 0)
    assert tight.geometry.width <= whole.geometry.width
    assert tight.geometry.height <= whole.geometry.height
    assert tight.geometry.width * tight.geometry.height < whole.geometry.width * whole.geometry.height
    for cut, one in zip(tight.geometry.segments, whole.geometry.segments, strict=True):
        assert (cut.x0 - one.x0, cut.baseline - one.baseline) == (dx, dy)
        assert (cut.box.x0 - one.box.x0, cut.box.y1 - one.box.y1) == (dx, dy)
        assert (cut.label.x0 - one.label.x0, cut.label.y0 - one.label.y0) == (dx, dy)
        # 2.5 mV at the usual gain are always to be seen, unless the whole page has not got them either.
        assert cut.baseline - 200 >= 0 or dy == 0
        assert cut.baseline + 200 <= tight.geometry.height or tight.geometry.height - dy == whole.geometry.height
    assert [t.text for t in tight.texts] == [t.text for t in whole.texts]
    assert len(tight.lines) == len(whole.lines)


@pytest.mark.parametrize(
    ("options", "size"),
    [
        (STANDARD, (2200, 1700)),
        (Options(mm_per_second=50, grid="blue", font="mono"), (2200, 1700)),
        (Options(strips=()), (2200, 1440)),
        (Options(strips=("II", "V1", "V5")), (2200, 2340)),
        (Options(mm_per_mv=20), (2280, 1860)),
        (Options(layout="6x2"), (2280, 1700)),
        (Options(layout="12x1"), (2280, 2260)),
        (Options(layout="12x1", mm_per_mv=20), (2280, 2860)),
    ],
)
def test_pages_have_their_sizes(options: Options, size: tuple[int, int]) -> None:
    geometry = laid_out(options).geometry
    assert (geometry.width, geometry.height) == size
