import re
from pathlib import Path
from typing import Any

import pytest
from synthetic_result import make_result

from einthoven.errors import EinthovenError
from einthoven.leaderboard.boards import boards_of, group_of
from einthoven.leaderboard.contents import all_pages
from einthoven.leaderboard.downloads import download_pages
from einthoven.leaderboard.runs import Run
from einthoven.leaderboard.site import Site


def _run(*args: Any, **changes: Any) -> Run:
    result = make_result(*args, **changes)
    return Run(Path("/bundles", result["model"]["name"], result["data"]["name"]), result)


@pytest.mark.parametrize(
    ("model", "inputs", "group"),
    [
        ("openai/gpt-5.5", ("image", "prompt"), "vlm"),
        ("hf/someone/model+lora:x", ("image",), "vlm"),
        ("reference/resnet", ("signal",), "reference"),
        ("reference/image-resnet", ("image",), "reference"),
        ("openai/gpt-5.5", ("prompt",), "reference"),
        ("baseline/majority", ("record",), "baseline"),
        ("control/scripted?malformed=0.1", ("image",), "control"),
        ("controlled/model", ("image",), "vlm"),
        ("", ("image",), "vlm"),
    ],
)
def test_groups(model: str, inputs: tuple[str, ...], group: str) -> None:
    assert group_of(_run(model, inputs=inputs)) == group


def test_same_questions_about_same_ecgs_share_a_board() -> None:
    (board,) = boards_of([_run("b", skill=0.3, seed=1), _run("a"), _run("c", versions__einthoven="0.2.0")])
    assert [run.model for run in board.runs] == ["a", "b", "c"]
    assert board.apart == ()
    assert board.made_with() == ["0.1.0", "0.2.0"]


@pytest.mark.parametrize(
    ("changes", "differs"),
    [
        ({"task__version": "2"}, "task version"),
        ({"view__version": "2"}, "view version"),
        ({"versions__taxonomy": "2"}, "taxonomy"),
        ({"versions__renderer": "2"}, "renderer"),
        ({"fingerprint": "0" * 16}, "data fingerprint"),
        ({"limit": 100}, "limit"),
        ({"data__patients": 1000}, "number of ECGs"),
        ({"data__folds": "5 patient folds"}, "folds"),
        ({"axes__rhythm__cases": {"sinus": 892, "atrial_fibrillation": 80, "paced": 31}}, "counts of truth"),
    ],
)
def test_other_versions_stand_apart_and_say_so(changes: dict[str, Any], differs: str) -> None:
    boards = boards_of([_run("a"), _run("b", **changes)])
    assert len(boards) == 2
    assert boards[0].apart == ((2, differs),)
    assert boards[1].apart == ((1, differs),)


def test_simulator_parts_simulated_ecgs_only() -> None:
    newer = {"versions__simulator": "2"}
    assert len(boards_of([_run("a"), _run("b", **newer)])) == 1
    boards = boards_of([_run("a", simulated=True), _run("b", simulated=True, **newer)])
    assert [board.apart for board in boards] == [((2, "simulator"),), ((1, "simulator"),)]


@pytest.mark.parametrize(
    "changes",
    [{"simulated": True}, {"data": "other"}, {"data__split": "train"}, {"task__name": "x"}, {"view__name": "x"}],
)
def test_other_questions_are_other_boards(changes: dict[str, Any]) -> None:
    boards = boards_of([_run("a"), _run("b", **changes)])
    assert [board.apart for board in boards] == [(), ()]


def test_order_of_boards() -> None:
    runs = [
        _run("a", data="a-sim", simulated=True),
        _run("a", limit=5),
        _run("a", data__split="train"),
        _run("a", data__split="validation"),
        _run("a"),
        _run("a", data="a-real"),
    ]
    wanted = [
        ("a-real", "test", None),
        ("ptb-xl", "test", None),
        ("ptb-xl", "test", 5),
        ("ptb-xl", "validation", None),
        ("ptb-xl", "train", None),
        ("a-sim", "test", None),
    ]
    for order in (runs, runs[::-1]):
        boards = boards_of(order)
        assert [(t.identity["data"], t.identity["split"], t.identity["limit"]) for t in boards] == wanted
        assert [t.number for t in boards] == list(range(1, 7))


def test_a_model_stands_on_a_board_once() -> None:
    with pytest.raises(EinthovenError, match="two runs of a on the same ECGs: /bundles/a") as caught:
        boards_of([_run("a"), _run("b"), _run("a", skill=0.3)])
    assert "leave one of them out" in caught.value.remedy


def test_equal_faults_are_listed_once() -> None:
    one = {"id": "1", "reason": "nan", "detail": "V1"}
    two = {"id": "2", "reason": "flat", "detail": "I"}
    runs = [
        _run("a", data__faults=[one, two]),
        _run("b", data__faults=[two, one]),
        _run("c", data__faults=[one]),
        _run("d"),
    ]
    (board,) = boards_of(runs)
    assert [([run.model for run in members], len(rows)) for members, rows in board.faults()] == [
        (["a", "b"], 2),
        (["c"], 1),
    ]


def test_detectable_gains_that_differ_are_both_given() -> None:
    (board,) = boards_of([_run("a"), _run("b", axes__rhythm__arms__image__mde=0.12)])
    assert board.detectable("rhythm") == [0.07, 0.12]
    assert board.detectable("rate") == []


def test_what_gets_words_comes_before_other_views() -> None:
    boards = boards_of([_run("a", view__name="clean"), _run("a", view__name="stacked"), _run("a")])
    assert [board.identity["view"] for board in boards] == ["grid", "clean", "stacked"]


@pytest.mark.parametrize("place", ["axes/rhythm.html", "data.html"])
def test_tables_of_boards_that_differ_in_the_view_have_names_of_their_own(place: str) -> None:
    site = Site.of([_run("a"), _run("a", view__name="clean"), _run("a", simulated=True)])
    files = dict([*all_pages(site), *download_pages(site, [], [(board, []) for board in site.boards])])
    text = files[place].decode()
    named = re.findall(r'role="region" aria-labelledby="([^"]+)"', text)
    names = [re.search(rf'id="{name}">(.*?)</(?:h2|caption)>', text, re.S) for name in named]
    assert len({found[1] for found in names if found}) == len(named) >= 3
