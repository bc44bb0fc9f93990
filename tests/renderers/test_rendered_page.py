import json

from einthoven.renderers.grid import blank
from einthoven.renderers.page import Box, Segment


def test_a_segment_says_where_a_time_and_a_voltage_lie() -> None:
    segment = Segment("V4", 7.5, 10.0, 1660, 240, 200, 80, Box(1660, 40, 2160, 440), Box(0, 0, 1, 1))
    assert segment.x(7.5) == 1660
    assert segment.x(10.0) == 2160
    assert segment.y(0.0) == 240
    assert segment.y(1.0) == 160
    assert segment.y(-0.5) == 280


def test_a_page_has_a_json_form_without_the_image() -> None:
    (page,) = blank()
    row = json.loads(json.dumps(page.to_json()))
    assert row["pixel_id"] == page.pixel_id
    assert row["view"] == "grid"
    assert row["version"] == page.version
    assert row["geometry"]["width"] == 2200
    assert len(row["geometry"]["segments"]) == 13
    assert row["geometry"]["segments"][0] == {
        "lead": "I",
        "t0": 0.0,
        "t1": 2.5,
        "x0": 160,
        "baseline": 320,
        "px_per_second": 200,
        "px_per_mv": 80,
        "box": {"x0": 160, "y0": 120, "x1": 660, "y1": 520},
        "label": row["geometry"]["segments"][0]["label"],
        "clipped": False,
        "sign": 1,
        "affine": [1 / 200, 0, 0.0 - 160 * (1 / 200), 0, -1 / 80, 320 * (1 / 80)],
    }
    assert row["geometry"]["pulses"][0] == {"x0": 80, "y0": 240, "x1": 120, "y1": 320}
