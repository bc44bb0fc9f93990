import random
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from read_page import ReadPage, read_page
from synthetic_result import make_result

from einthoven.bench.table import GLYPHS
from einthoven.leaderboard.runs import Run
from einthoven.leaderboard.words import FLAGS, WORDS
from einthoven.tasks import taxonomy


def _run(*args: Any, **changes: Any) -> Run:
    result = make_result(*args, **changes)
    return Run(Path("/secret/place"), result)


_STYLE = files("einthoven.leaderboard").joinpath("assets", "style.css").read_text(encoding="utf-8")
_CONTROLS = [_run("baseline/majority"), _run("control/random", skill=-0.02, seed=1)]
_VLM = _run("openai/gpt-5.5", skill=0.31, seed=2, invalid=0.012, inputs=("image", "prompt"), cost=12.5)
_SIMULATED = _run("baseline/majority", data="sim", simulated=True)


def _read(*runs: Run) -> ReadPage:
    return read_page(page(runs))


def test_order_of_runs_and_second_building_do_not_matter() -> None:
    runs = [*_CONTROLS, _VLM, _SIMULATED, _run("a/b", limit=10)]
    text = page(runs)
    for seed in range(3):
        random.Random(seed).shuffle(runs)
        assert page(runs) == text
    assert "/secret" not in text


def test_tables_are_native_and_whole() -> None:
    read = _read(*_CONTROLS, _VLM, _SIMULATED)
    assert len(read.tables) == len(read.captions) == 2
    for table in read.tables:
        columns = [0] * len(table)
        for place, row in enumerate(table):
            for tag, attributes, _ in row:
                assert tag == "td" or attributes["scope"] in ("row", "col", "rowgroup", "colgroup")
                for below in range(int(attributes.get("rowspan") or 1)):
                    columns[place + below] += int(attributes.get("colspan") or 1)
        assert columns == [9] * len(table)
        assert [text for _, _, text in table[0]][1:] == [
            "The printed measurements could give the answer away",
            "Needs the trace",
        ]
    regions = [attributes for tag, attributes in read.elements if attributes.get("role") == "region"]
    assert [attributes["tabindex"] for attributes in regions] == ["0", "0"]


def test_axes_keep_their_order_within_the_two_blocks() -> None:
    (table,) = _read(*_CONTROLS).tables
    axes = taxonomy.axes().values()
    ordered = [axis for axis in axes if axis.leakable_by] + [axis for axis in axes if not axis.leakable_by]
    assert [text for _, _, text in table[1]] == [axis.title for axis in ordered]
    assert len(ordered) == 8


def test_header_says_what_could_be_found() -> None:
    read = _read(*_CONTROLS)
    assert read.row(0, "ECGs counted")[1:4] == ["0", "1,108", "8"]
    assert read.row(0, "ECGs masked")[1:4] == ["1,108", "0", "1,100"]
    assert read.row(0, "Classes or labels counted")[1:4] == ["0", "3", "0"]
    assert read.row(0, "Minimum detectable gain")[1:4] == ["none", "0.07", "none"]


def test_cell_says_word_gain_interval_and_accuracy_beside_the_majority() -> None:
    image = _VLM.result["axes"]["rhythm"]["arms"]["image"]
    low, high = image["gain_ci"]
    cell = _read(_VLM).row(0, "openai/gpt-5.5")[2]
    assert cell == (
        f"◐ associated gain {image['gain']:+.2f} {low:+.2f} to {high:+.2f} "
        f"{100 * image['accuracy']:.1f} % right majority 84.2 % 1.2 % invalid"
    )
    majority = _read(*_CONTROLS).row(0, "baseline/majority")
    assert majority[1] == "? underpowered constant no gain: no truth"
    assert majority[2] == "○ prior constant gain 0.00 0.00 to 0.00 84.2 % right majority 84.2 %"
    assert majority[3] == "? underpowered constant no gain: too few cases 40.0 % right majority 40.0 %"


@pytest.mark.parametrize("word", WORDS)
def test_every_word_has_its_shape_colour_and_line(word: str) -> None:
    run = _run("a/b", inputs=("image",))
    run.result["axes"]["diagnosis"]["verdict"]["word"] = word
    read = _read(run)
    assert f"{GLYPHS[word]} {word}" in read.row(0, "a/b")[6]
    assert WORDS[word] in read.text
    assert re.search(rf"\.{word} {{ color: var\(--\w+\)", _STYLE)


def test_words_and_flags_are_those_of_the_schema() -> None:
    from einthoven.bench.result import _validator

    verdict = _validator().schema["$defs"]["axis"]["properties"]["verdict"]["properties"]
    assert list(WORDS) == verdict["word"]["enum"] == list(GLYPHS)
    assert list(FLAGS) == verdict["flags"]["items"]["enum"]
    assert len(set(GLYPHS.values())) == len(GLYPHS)


def test_no_model_yet_is_said() -> None:
    read = _read(*_CONTROLS)
    assert "0 vision-language models run yet" in read.text
    assert read.row(0, "Vision-language models: 0 run yet")
    read = _read(*_CONTROLS, _VLM)
    assert "1 of them a vision-language model" in read.text
    assert "run yet" not in read.text


def test_controls_are_pinned_beneath_the_models() -> None:
    runs = [_run("control/aaa"), _run("zzz/model", inputs=("image",)), _run("reference/r", inputs=("signal",))]
    (table,) = _read(*runs).tables
    firsts = [row[0][2] for row in table[6:]]
    assert firsts == [
        "Vision-language models",
        "zzz/model",
        "Other models",
        "reference/r",
        "Baselines and controls: what is scored without a look at the ECG",
        "control/aaa",
    ]


def test_simulated_and_preview_are_stamped_and_apart() -> None:
    read = _read(*_CONTROLS)
    assert "SIMULATED" not in read.text and "preview" not in read.text
    read = _read(*_CONTROLS, _SIMULATED, _run("control/prior", limit=50))
    assert [("SIMULATED ECGs" in caption, "preview" in caption) for caption in read.captions] == [
        (False, False),
        (False, True),
        (True, False),
    ]
    assert read.text.count("SIMULATED ECGs") == 3  # contents, heading, caption


def test_versions_of_a_table_and_what_is_kept_apart() -> None:
    text = " ".join(_read(*_CONTROLS, _run("x/y", versions__taxonomy="2")).text.split())
    assert "Taxonomy 1, renderer 1, task dense 1, view grid 1, einthoven 0.1.0." in text
    assert "Data fingerprint 5f0c1d9be2a7." in text
    assert "Kept apart from table 2, which differs in: taxonomy." in text
    assert "Kept apart from table 1, which differs in: taxonomy." in text


def test_unknown_cost_is_never_zero() -> None:
    assert "cost unknown; " in _read(*_CONTROLS).text
    assert "$0" not in _read(*_CONTROLS).text
    assert "cost $12.50; " in _read(_VLM).text


def test_reasons_and_faults_stand_behind_the_table() -> None:
    faults = [{"id": f"r{k:04}", "reason": "nan", "detail": "lead V1"} for k in range(150)]
    read = _read(_run("a/b", data__faults=faults))
    for axis in make_result("a/b")["axes"].values():
        assert axis["verdict"]["reason"] in read.text
    assert "150 ECGs could not be used (a/b)" in read.text
    assert "r0099: nan, lead V1" in read.text
    assert "r0100" not in read.text and "50 more" in read.text


def _luminance(colour: str) -> float:
    digits = colour if len(colour) == 6 else "".join(2 * c for c in colour)
    parts = [int(digits[k : k + 2], 16) / 255 for k in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_contrast_is_enough_in_both_themes() -> None:
    themes = [dict(re.findall(r"--(\w+): #(\w+)", block)) for block in re.findall(r":root {(.*?)}", _STYLE, re.S)]
    themes = [theme for theme in themes if theme]  # print only changes sizes
    assert len(themes) == 2
    for theme in themes:
        for name in ("ink", "soft", "link", "above", "near", "tie", "below", "critical"):
            for ground in ("page", "band"):
                light, dark = sorted((_luminance(theme[name]), _luminance(theme[ground])), reverse=True)
                assert (light + 0.05) / (dark + 0.05) >= 4.5, (name, ground)
