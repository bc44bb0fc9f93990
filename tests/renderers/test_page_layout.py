import itertools

import pytest

from einthoven.ecg.recording import LEADS, PAGE_SECONDS
from einthoven.renderers.layout import laid_out
from einthoven.renderers.page import Box

GEOMETRY = laid_out().geometry
LEADS_OF_THE_PAGE, RHYTHM = GEOMETRY.segments[:-1], GEOMETRY.segments[-1]


def _apart(a: Box, b: Box) -> bool:
    return a.x1 <= b.x0 or b.x1 <= a.x0 or a.y1 <= b.y0 or b.y1 <= a.y0


def test_every_lead_stands_once_where_readers_look_for_it() -> None:
    assert sorted(s.lead for s in LEADS_OF_THE_PAGE) == sorted(LEADS)
    rows = [tuple(s.lead for s in row) for _, row in itertools.groupby(LEADS_OF_THE_PAGE, lambda s: s.baseline)]
    assert rows == [("I", "aVR", "V1", "V4"), ("II", "aVL", "V2", "V5"), ("III", "aVF", "V3", "V6")]
    assert (RHYTHM.lead, RHYTHM.t0, RHYTHM.t1) == ("II", 0.0, PAGE_SECONDS)
    assert RHYTHM.baseline > max(s.baseline for s in LEADS_OF_THE_PAGE)


def test_the_columns_follow_each_other_in_time_above_the_strip() -> None:
    for segment in LEADS_OF_THE_PAGE:
        assert segment.t1 - segment.t0 == 2.5
        assert segment.x0 == RHYTHM.x(segment.t0)
        assert segment.box.x0 == segment.x0
        assert segment.box.x1 == segment.x(segment.t1)
    assert sorted({s.t0 for s in LEADS_OF_THE_PAGE}) == [0.0, 2.5, 5.0, 7.5]


def test_paper_speed_and_gain_are_the_standard_ones() -> None:
    for segment in GEOMETRY.segments:
        assert segment.px_per_second == 25 * GEOMETRY.px_per_mm_x
        assert segment.px_per_mv == 10 * GEOMETRY.px_per_mm_y
    for pulse in GEOMETRY.pulses:
        assert (pulse.x1 - pulse.x0, pulse.y1 - pulse.y0) == (40, 80)


def test_time_zero_pulses_and_baselines_lie_on_bold_lines() -> None:
    assert RHYTHM.x0 % 40 == 0
    assert all(s.baseline % 40 == 0 for s in GEOMETRY.segments)
    assert all(value % 40 == 0 for p in GEOMETRY.pulses for value in (p.x0, p.x1, p.y0, p.y1))


def test_every_row_has_its_pulse_left_of_its_trace() -> None:
    assert [p.y1 for p in GEOMETRY.pulses] == sorted({s.baseline for s in GEOMETRY.segments})
    assert all(p.x1 < RHYTHM.x0 for p in GEOMETRY.pulses)


@pytest.mark.parametrize("kind", ["box", "label"])
def test_boxes_lie_on_the_page_and_apart(kind: str) -> None:
    boxes = [getattr(s, kind) for s in GEOMETRY.segments]
    for box in boxes:
        assert 0 <= box.x0 < box.x1 <= GEOMETRY.width
        assert 0 <= box.y0 < box.y1 <= GEOMETRY.height
    assert all(_apart(a, b) for a, b in itertools.combinations(boxes, 2))


def test_a_label_stands_above_its_trace_and_in_the_first_column_left_of_it() -> None:
    for segment in GEOMETRY.segments:
        assert segment.box.y0 <= segment.label.y0
        assert segment.label.y1 < segment.baseline
        if segment.t0 == 0:
            assert max(p.x1 for p in GEOMETRY.pulses) - 8 <= segment.label.x0
            assert segment.label.x1 < segment.x0 - 2
            assert all(_apart(segment.label, p) for p in GEOMETRY.pulses)
        else:
            assert segment.box.x0 <= segment.label.x0
            assert segment.label.x1 <= segment.box.x1


def test_the_footer_says_speed_and_gain_and_nothing_else_is_written_but_leads() -> None:
    texts = [t.text for t in laid_out().texts]
    assert texts[:-1] == [s.lead for s in GEOMETRY.segments]
    assert texts[-1] == "25 mm/s  10 mm/mV"
    footer = laid_out().texts[-1].box
    assert all(_apart(footer, s.box) for s in GEOMETRY.segments)
    assert footer.y1 < GEOMETRY.height
