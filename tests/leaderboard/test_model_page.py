from typing import Any

import orjson
import pytest
from read_page import ReadPage, read_page
from site_of import make_run, pages_of, words_of
from synthetic_result import make_result, write_result

from einthoven.leaderboard.pages import model
from einthoven.leaderboard.runs import Run, find_runs
from einthoven.leaderboard.sentences import answer_words, axis_title, command, commonest, conclusion, plain_sentence
from einthoven.leaderboard.site import Site


def _page(run: Run, *others: Run) -> ReadPage:
    pages = pages_of(run, *others)
    return next(page for page in pages.values() if words_of(page).startswith(f"{run.model} · einthoven"))


def _alone(run: Run) -> str:
    """Return the text of the model's page, made without the rows of the bundle."""
    return words_of(read_page(next(model.pages(Site.of([run])))[1].decode()))


def test_sentences_for_everyone_stand_beside_the_statistics() -> None:
    run = make_run("reference/r", inputs=("signal",))
    text = words_of(_page(run))
    assert "Rhythm ○ prior constant 84.2 % correct. Always answering “sinus” scores 84.2 %." in text
    assert "No evidence that this model reads rhythm." in text
    assert "No ECG here has a truth to score. These ECGs cannot tell whether this model reads rate." in text
    for axis in run.result["axes"].values():
        assert axis["verdict"]["reason"] in text


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("reads", "This model reads ischaemia stage off the trace."),
        ("associated", "Better than guessing; that the trace itself moves the answers was not shown."),
        ("prior", "No evidence that this model reads ischaemia stage."),
    ],
)
def test_conclusions(word: str, says: str) -> None:
    assert conclusion(word, "Ischaemia: stage") == says


def test_folds_that_learnt_different_answers_are_not_called_one() -> None:
    axis = make_result("a/b")["axes"]["rhythm"]
    axis["baselines"]["majority"]["modal_share"] = 0.6
    assert (
        plain_sentence(axis).replace("\u00a0", " ")
        == "84.2 % correct. The training folds' commonest answer scores 84.2 %."
    )


def test_less_often_right_than_the_commonest_answer_is_explained_where_the_word_is_good() -> None:
    axis = make_result("a/b")["axes"]["rhythm"]
    axis["arms"]["image"]["accuracy"] = 0.6
    more = "The model is right less often: the verdict weighs rare answers as much as common ones."
    assert more not in plain_sentence(axis)
    axis["verdict"]["word"] = "reads"
    assert plain_sentence(axis).endswith(more)
    axis["arms"]["image"]["accuracy"] = 0.9
    assert more not in plain_sentence(axis)


def test_axes_are_named_as_the_pages_head_them() -> None:
    assert axis_title("ischemia_stage") == "Ischaemia: stage"
    assert axis_title("own_space") == "Own space"


def test_answers_as_words() -> None:
    assert answer_words("sinus_arrhythmia") == "sinus arrhythmia"
    assert answer_words([]) == "none"
    assert answer_words(["lbbb", "st_depression"]) == "LBBB, ST depression"
    assert answer_words(None) == "no usable answer"


def test_commonest_does_not_hang_on_the_order_of_keys() -> None:
    assert commonest({"cases": {"b": 3, "a": 3, "c": 1}}) == ("a", 3)
    assert commonest({"cases": {}}) is None


def _arms(*names: str, **changes: Any) -> dict[str, Any]:
    result = make_result("openai/gpt 5", inputs=("image",), **changes)
    result["arms"] = dict.fromkeys(names, result["arms"]["image"])
    return result


def test_command_is_the_one_that_made_the_run() -> None:
    core = _arms("image", "image+measurements", "measurements", "no-image", "swapped", "pairs")
    core["pairs"] = {"per_contrast": 20}
    start = "einthoven run 'openai/gpt 5' --data"
    assert command(core) == f"{start} ptb-xl:DIR --controls core"
    core["pairs"]["per_contrast"] = 7
    arms = ("image+measurements", "measurements", "no-image", "pairs", "swapped")
    assert command(core) == f"{start} ptb-xl:DIR" + "".join(f" --arm {arm}" for arm in arms)
    assert command(_arms("image", data="sim", simulated=True)) == f"{start} sim --controls none"
    other = _arms("image", "blank", limit=50, data__split="train")
    other["task"], other["view"] = {"name": "flat"}, {"name": "clean"}
    options = "--task flat --view clean --split train --limit 50 --arm blank"
    assert command(other) == f"{start} ptb-xl:DIR {options}"


def test_arms_contrasts_and_contradictions_are_tables() -> None:
    row = {"n": 40, "share": 0.9, "share_ci": [0.8, 0.97], "p": 0.0004}
    run = make_run(
        "openai/gpt-5.5",
        inputs=("image",),
        swapped={"rate": row | {"donor": 36, "recipient": 4}},
        conflict={"rhythm": row | {"text": 5, "picture": 35, "share": 0.125, "share_ci": [0.04, 0.26]}},
        mirage={"no-image": {"n": 40, "answered": 31, "share": 0.775, "share_ci": [0.62, 0.88]}},
        pairs={
            "name": "sim-pairs",
            "per_contrast": 20,
            "view": "grid",
            "contrasts": [
                {"name": "flutter", "axis": "rhythm", "n": 20, "right": [20, 1], "both_right": 1, "both_reversed": 0}
                | {"p": 0.5, "p_holm": 0.5},
                {
                    "name": "rate-fast",
                    "axis": "rate",
                    "n": 20,
                    "right": [20, 20],
                    "both_right": 19,
                    "both_reversed": 1,
                }
                | {"p": 0.0001, "p_holm": 0.002},
            ],
            "flips": {"rate": {"n": 20, "flipped": 1, "share": 0.05, "share_ci": [0.01, 0.24], "by": {}}},
        },
    )
    read = _page(run)
    rows = [[" ".join(text.split()) for _, _, text in row] for table in read.tables for row in table]
    assert ["flutter", "Rhythm", "not shown", "1", "0", "20", "p = 0.500"] in rows
    assert ["rate-fast", "Rate", "● read", "19", "1", "20", "p = 0.002"] in rows
    assert ["Rate", "36", "4", "90.0 %", "80.0 % to 97.0 %", "p < 0.001"] in rows
    assert ["Rhythm", "35", "5", "12.5 %", "4.0 % to 26.0 %", "p < 0.001"] in rows
    assert "77.5 % (62.0 % to 88.0 %) in arm no-image" in words_of(read)
    assert "rate 5.0 % of 20 (1.0 % to 24.0 %)" in words_of(read)


def test_collapse_stands_beside_the_truth() -> None:
    read = _page(make_run("control/constant"))
    rows = [[" ".join(text.split()) for _, _, text in row] for table in read.tables for row in table]
    assert ["Rhythm", "sinus", "100.0 %", "sinus", "80.4 %"] in rows
    assert "Findings per ECG: 1.40 in its answers, 1.92 in truth." in words_of(read)


def test_unknown_prices_tokens_and_latencies_are_words() -> None:
    read = _page(make_run("openai/x", inputs=("image",), arms__image__median_latency_s=None))
    rows = [[" ".join(text.split()) for _, _, text in row] for table in read.tables for row in table]
    assert ["image", "1,108", "invalid 0, ok 1,108", "unknown", "unknown", "unknown", "unknown"] in rows


def test_what_was_left_of_the_page() -> None:
    seen = {"width": 1000, "height": 773, "padded_width": None, "padded_height": None, "px_per_mm_x": 3.577}
    seen |= {"px_per_mm_y": 3.58, "tokens": 999, "ms_per_token": 313.1, "mv_per_token": 0.783, "refused": ""}
    page = {"images": 1, "width": 2200, "height": 1700, "tokens": 999, "seen": seen}
    known = {
        "profile": "qwen",
        "basis": "processor",
        "of": "every record",
        "view": "grid",
        "images": 1,
        "tokens": 999,
    }
    run = make_run("hf/x", inputs=("image",), resolution=known | {"tokens": 999, "pages": [page]})
    assert "after its own resize 1,000 × 773 px, 3.58 px a millimetre" in words_of(_page(run))
    assert "Unknown, or it sees no pictures." in words_of(_page(make_run("hf/x", inputs=("image",))))


@pytest.mark.parametrize("content", [None, b"[]", b"{", b'{"identity": 3, "provider": "x", "prompts": [1]}'])
def test_settings_that_make_no_sense_are_left_out(content: bytes | None, tmp_path: Any) -> None:
    path = write_result(tmp_path / "run", make_result("openai/x", inputs=("image",)))
    if content is not None:
        (path.parent / "run.json").write_bytes(content)
    (run,) = find_runs([tmp_path])[0]
    assert "Prompts" not in _alone(run)


def test_prompts_and_parameters_are_shown(tmp_path: Any) -> None:
    path = write_result(tmp_path / "run", make_result("openai/x", inputs=("image",)))
    settings = {"identity": {"parameters": {"temperature": 0}}, "provider": {"name": "openai"}}
    (path.parent / "run.json").write_bytes(orjson.dumps(settings | {"prompts": {"abc": "Read it."}}))
    (run,) = find_runs([tmp_path])[0]
    text = _alone(run)
    assert "temperature 0" in text and "name openai" in text and "Read it." in text


def test_a_model_on_two_boards_has_one_page() -> None:
    pages = pages_of(make_run("openai/x", inputs=("image",)), make_run("openai/x", data="sim", simulated=True))
    (page,) = [page for path, page in pages.items() if path.startswith("models/openai")]
    assert "On ptb-xl, test split 1,108 real ECGs" in words_of(page)
    assert "On sim, test split SIMULATED ECGs 1,108 simulated ECGs" in words_of(page)
    listed = words_of(pages["models/index.html"])
    assert "ptb-xl, test split: ○ prior" in listed and "sim, test split SIMULATED ECGs:" in listed


def test_regions_of_two_boards_have_names_of_their_own() -> None:
    pairs = {"name": "sim-pairs", "per_contrast": 20, "view": "grid", "contrasts": [], "flips": {}}
    swapped = {"rate": {"n": 40, "share": 0.9, "share_ci": [0.8, 0.97], "p": 0.0004, "donor": 36, "recipient": 4}}
    one = make_run("openai/x", inputs=("image",), swapped=swapped, pairs=pairs)
    other = make_run("openai/x", inputs=("image",), swapped=swapped, pairs=pairs, data="sim", simulated=True)
    read = _page(one, other)
    labels = [attributes["aria-label"] for _, attributes in read.elements if attributes.get("role") == "region"]
    assert len(labels) >= 8
    assert len(set(labels)) == len(labels)
