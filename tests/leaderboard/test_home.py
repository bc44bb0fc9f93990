import json
import re
from importlib.resources import files
from pathlib import Path

import pytest
from read_page import ReadPage
from site_of import files_of, make_run, pages_of, words_of

from einthoven.bench.words import GLYPHS
from einthoven.leaderboard.false_reads import error_rates, expected_reads
from einthoven.leaderboard.runs import Run
from einthoven.leaderboard.words import FLAGS, WORDS
from einthoven.tasks import taxonomy

_CONTROLS = [make_run("baseline/majority"), make_run("control/random", skill=-0.02, seed=1)]
_VLM = make_run("openai/gpt-5.5", skill=0.31, seed=2, invalid=0.012, inputs=("image", "prompt"), cost=12.5)
_SIMULATED = make_run("baseline/majority", data="sim", simulated=True)


def _home(*runs: Run) -> ReadPage:
    return pages_of(*runs)["index.html"]


def _boards(*runs: Run) -> list[ReadPage]:
    return [page for path, page in pages_of(*runs).items() if path.startswith("boards/")]


def test_table_is_native_and_whole() -> None:
    read = _home(*_CONTROLS, _VLM, _SIMULATED)
    table = read.tables[0]
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
    assert {attributes["tabindex"] for attributes in regions} == {"0"}


def test_axes_keep_their_order_within_the_two_blocks() -> None:
    table = _home(*_CONTROLS).tables[0]
    axes = taxonomy.axes().values()
    ordered = [axis for axis in axes if axis.leakable_by] + [axis for axis in axes if not axis.leakable_by]
    assert [text.split(" detects")[0] for _, _, text in table[1]] == [axis.title for axis in ordered]
    assert len(ordered) == 8


def test_heads_say_what_could_be_found() -> None:
    table = _home(*_CONTROLS).tables[0]
    assert [text.split(" ", 1)[1] for _, _, text in table[1]][:3] == [
        "detects no gain",
        "detects +0.07",
        "detects no gain",
    ]
    text = words_of(_home(*_CONTROLS))
    assert "Rhythm (one class an ECG): 1,108 ECGs counted, 0 masked" in text
    assert "Axis (one class an ECG): 8 ECGs counted, 1,100 masked" in text


def test_cell_says_word_gain_interval_and_accuracy_beside_the_majority() -> None:
    image = _VLM.result["axes"]["rhythm"]["arms"]["image"]
    low, high = image["gain_ci"]
    cell = _home(_VLM).row(0, "openai/gpt-5.5 $12.50")[2]
    assert cell == (
        f"◐ associated {image['gain']:+.2f} {low:+.2f} to {high:+.2f} "
        f"{100 * image['accuracy']:.1f} % right (84.2) 1.2 % invalid"
    )
    majority = _home(*_CONTROLS).row(0, "baseline/majority")
    assert majority[1] == "? underpowered constant no gain: no truth"
    assert majority[2] == "○ prior constant 0.00 0.00 to 0.00 84.2 % right (84.2)"
    assert majority[3] == "? underpowered constant no gain: too few cases 40.0 % right (40.0)"


def test_unknown_price_is_never_zero() -> None:
    free = make_run("openai/free", inputs=("image",))
    text = words_of(_home(free))
    assert "price unknown" in text and "$" not in text
    assert "$12.50" in words_of(_home(_VLM))


@pytest.mark.parametrize("word", WORDS)
def test_every_word_has_its_shape_colour_and_line(word: str) -> None:
    run = make_run("a/b", inputs=("image",))
    run.result["axes"]["diagnosis"]["verdict"]["word"] = word
    read = _home(run)
    assert f"{GLYPHS[word]} {word}" in read.row(0, "a/b price unknown")[6]
    assert WORDS[word] in read.text
    assert re.search(rf"\.{word} {{ color: var\(--\w+\)", _STYLE)


def test_words_and_flags_are_those_of_the_schema() -> None:
    from einthoven.bench.result import _validator

    verdict = _validator().schema["$defs"]["axis"]["properties"]["verdict"]["properties"]
    assert list(WORDS) == verdict["word"]["enum"] == list(GLYPHS)
    assert list(FLAGS) == verdict["flags"]["items"]["enum"]
    assert len(set(GLYPHS.values())) == len(GLYPHS)


def test_no_vlm_yet_is_said_in_words() -> None:
    text = words_of(_home(*_CONTROLS))
    assert "0 vision-language models run yet" in text
    assert "Rhythm 0 VLMs run yet" in text
    assert "Vision-language models: 0 run yet" in text
    assert "run yet" not in words_of(_home(*_CONTROLS, _VLM))


def test_counts_are_said_in_words() -> None:
    vlms = [make_run(f"x/{k}", inputs=("image",)) for k in range(9)]
    vlms[0].result["axes"]["rhythm"]["verdict"]["word"] = "reads"
    vlms[1].result["axes"]["rhythm"]["verdict"]["word"] = "associated"
    vlms[2].result["axes"]["conduction"]["verdict"]["word"] = "reads"
    other = make_run("reference/r", inputs=("signal",))
    text = words_of(_home(*vlms, other))
    assert "x/0 reads 1 of 8 , x/2 reads 1 of 8" in text.replace(" ,", ",").replace(",", " ,")
    assert "2 of 9 vision-language models read at least one axis off the trace, 3 are better than guessing" in text
    assert "Rhythm 1 of 9 VLMs reads it 1 more above blind 0 of 1 other model read it" in text
    assert "Ischaemia: stage 0 of 9 VLMs read it 0 of 1" in text


def test_controls_are_pinned_beneath_the_models() -> None:
    runs = [make_run("control/aaa"), make_run("zzz/model", inputs=("image",)), make_run("baseline/b")]
    table = _home(*runs, make_run("reference/r", inputs=("signal",))).tables[0]
    assert [row[0][2].replace(" price unknown", "").strip() for row in table[2:]] == [
        "Vision-language models",
        "zzz/model",
        "Reference and other models",
        "reference/r",
        "Baselines: what is scored without a look at the ECG",
        "baseline/b",
        "Controls: made to behave in one known way",
        "control/aaa",
    ]


def test_false_reads_to_expect_are_those_of_the_error_table() -> None:
    table = json.loads((Path(__file__).parents[2] / "results" / "error-rates.json").read_text())
    blind = [cell for cell in table["cells"].values() if cell["null"]]
    rates = error_rates()
    assert rates.kinds == len(blind)
    assert rates.models == sum(cell["models"] for cell in blind)
    assert rates.reads == sum(cell["reads"]["models"] for cell in blind)
    assert rates.reads_upper == max(cell["reads"]["upper"] for cell in blind)
    assert rates.above_blind == sum(cell["passed"]["models"] for cell in blind)
    assert rates.above_blind_upper == max(cell["passed"]["upper"] for cell in blind)
    assert expected_reads(200) == "at most 0.30"
    assert expected_reads(1) == "fewer than 0.01"
    text = words_of(_home(*_CONTROLS, _VLM))
    assert "False “reads” to expect: fewer than 0.01." in text
    assert "0 of 2 baselines and controls here that cannot see are called better than blind." in text


def test_a_control_above_blind_is_owned_up_to() -> None:
    lucky = make_run("control/lucky", skill=0.3)
    text = words_of(_home(*_CONTROLS, lucky))
    assert "1 of 3 baselines and controls here that cannot see are called better than blind." in text
    knows = make_run("control/oracle", skill=0.3, inputs=("record", "truth"))
    assert "0 of 2 baselines" in words_of(_home(*_CONTROLS, knows))


def test_real_ecgs_lead_and_simulated_ones_are_stamped_and_apart() -> None:
    many = [make_run(f"x/{k}", data="sim", simulated=True, inputs=("image",)) for k in range(3)]
    read = _home(*_CONTROLS, *many)
    assert "SIMULATED" not in read.captions[0]
    assert "ptb-xl, test split" in words_of(read)
    text = words_of(read)
    assert "sim, test split SIMULATED ECGs 1,108 ECGs, 3 runs. 0 of 3 VLMs read at least one axis" in text
    simulated = [page for page in _boards(*_CONTROLS, *many) if "SIMULATED ECGs" in page.captions[0]]
    assert len(simulated) == 1
    assert "Everything on this site is about simulated ECGs" in words_of(_home(_SIMULATED))


def test_preview_is_stamped_and_does_not_lead() -> None:
    preview = make_run("openai/gpt-5.5", limit=50, inputs=("image",))
    assert "preview" not in _home(*_CONTROLS, preview).captions[0]
    assert [("preview" in page.captions[0]) for page in _boards(*_CONTROLS, preview)] == [False, True]


def test_versions_of_a_board_and_what_is_kept_apart() -> None:
    for page, number in zip(_boards(*_CONTROLS, make_run("x/y", versions__taxonomy="2")), (2, 1), strict=True):
        text = words_of(page)
        assert f"Kept apart from board {number}, which differs in: taxonomy." in text
        assert "renderer 1, task dense 1, view grid 1, einthoven 0.1.0." in text
        assert "Data fingerprint 5f0c1d9be2a7." in text


def test_faults_stand_behind_the_table() -> None:
    faults = [{"id": f"r{k:04}", "reason": "nan", "detail": "lead V1"} for k in range(150)]
    text = words_of(_home(make_run("a/b", data__faults=faults)))
    assert "150 ECGs could not be used (a/b)" in text
    assert "r0099: nan, lead V1" in text
    assert "r0100" not in text and "50 more" in text


def test_reported_figures_stand_in_their_own_lane() -> None:
    read = _home(*_CONTROLS, _VLM)
    text = words_of(read)
    assert "Reported by the source, not re-run" in text
    assert "about 277 ECGs" in text and "16 that are not sinus" in text
    assert "GPT-5.5" not in words_of(_boards(*_CONTROLS)[0])
    reported = read.tables[-1]
    gemma = next([text for _, _, text in row] for row in reported if row[0][2] == "dense: Gemma-4-E4B")
    assert gemma[1:4] == ["92.1", "93.9", "81.6"]
    assert all("gain" not in text for row in reported for _, _, text in row)


_STYLE = files("einthoven.leaderboard").joinpath("assets", "style.css").read_text(encoding="utf-8")


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


def test_assets_are_small_and_named_by_their_content() -> None:
    import gzip
    import hashlib

    found = {path: content for path, content in files_of(*_CONTROLS).items() if path.startswith("assets/")}
    for path, content in found.items():
        assert hashlib.sha256(content).hexdigest()[:8] in path
    scripts = [content for path, content in found.items() if path.endswith(".js")]
    styles = [content for path, content in found.items() if path.endswith(".css")]
    assert sum(len(gzip.compress(content, mtime=0)) for content in scripts) <= 30_000
    assert sum(len(gzip.compress(content, mtime=0)) for content in styles) <= 10_000


def test_home_stays_small_with_two_hundred_models() -> None:
    import gzip

    runs = [make_run(f"provider{k % 7}/model-{k}", skill=k / 250, seed=k, inputs=("image",)) for k in range(200)]
    home = files_of(*runs)["index.html"]
    assert len(gzip.compress(home, mtime=0)) <= 100_000
