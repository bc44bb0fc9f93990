from pathlib import Path

import numpy as np
import pytest

from einthoven.bench.scoring.danger_matrix import CLASSES, MATRICES, NORMAL, danger, read_danger
from einthoven.errors import EinthovenError

CSV = "true,HYP,NORM,MI,STTC,CD\nHYP,0,1,2,1,1\nNORM,1,0,3,2,1\nMI,1,9,0,2,1\nSTTC,1,2,2,0,1\nCD,1,1,1,1,0\n"
TOML = (
    'name = "mine"\nclasses = ["NORM", "MI", "STTC", "CD", "HYP"]\n'
    "danger = [[0, 1, 1, 1, 1], [2, 0, 1, 1, 1], [1, 1, 0, 1, 1], [1, 1, 1, 0, 1], [1, 1, 1, 1, 0]]\n"
)


def test_the_published_matrix_is_the_published_one() -> None:
    one = danger("published")
    # NORM and MI 3; NORM or MI and STTC 2; all else 1
    wanted = np.ones((5, 5)) - np.eye(5)
    for i, j, weight in ((0, 1, 3), (0, 2, 2), (1, 2, 2)):
        wanted[i, j] = wanted[j, i] = weight
    assert (one.cells == wanted).all()
    assert set(one.critical) == {(0, 1), (1, 0)}
    assert CLASSES == ("NORM", "MI", "STTC", "CD", "HYP") and NORMAL == 0


@pytest.mark.parametrize("name", MATRICES)
def test_each_says_where_it_comes_from(name: str) -> None:
    one = danger(name)
    assert one.name == name and len(one.source) > 40
    assert (one.cells.diagonal() == 0).all() and (one.cells >= 0).all()


def test_in_the_second_matrix_a_miss_of_infarction_is_never_the_cheaper_error() -> None:
    cells = danger("missed").cells
    assert (cells[1, 1:] >= cells[1:, 1]).all()  # whatever it is called instead
    assert cells[1, 0] == cells.max()


def test_own_weights_from_csv_in_any_order_of_classes(tmp_path: Path) -> None:
    path = tmp_path / "My weights.csv"
    path.write_text(CSV)
    one = read_danger(path)
    assert one.name == "my-weights"
    assert one.cells[1, 0] == 9 and one.cells[0, 1] == 3 and one.cells[4, 1] == 2
    assert one.critical == ((1, 0),)


def test_own_weights_from_toml(tmp_path: Path) -> None:
    path = tmp_path / "w.toml"
    path.write_text(TOML)
    one = read_danger(path)
    assert (one.name, one.title, one.source) == ("mine", "mine", "not stated")
    assert one.to_json()["danger"][1][0] == 2


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("a.csv", CSV.replace("HYP,0,1,2,1,1\n", ""), "has not 6 rows"),
        ("a.csv", CSV.replace("9", "nine"), "could not convert"),
        ("a.csv", CSV.replace("9", "-9"), "less than the minimum"),
        ("a.csv", CSV.replace("9", "nan"), "no finite number"),
        ("a.csv", CSV.replace("HYP", "LVH"), "is not one of"),
        ("a.csv", CSV.replace("CD,1,1,1,1,0", "CD,1,1,1,1,2"), "charges for right answers"),
        ("a.csv", CSV.replace("MI,1,9", "STTC,1,9").replace("STTC,1,2,2", "MI,1,2,2"), "not the same"),
        ("a.csv", CSV.replace("9", "0.12345678"), "more than six decimals"),
        ("a.toml", "name = ", "no danger matrix"),
        ("a.toml", TOML.replace('"mine"', '"published"'), "calls its own weights published"),
        ("a.toml", TOML.replace('"mine"', '"../x"'), "does not match"),
        ("a.toml", TOML + "more = 1\n", "Additional properties"),
        ("a.toml", TOML.replace("2", "0").replace("1", "0"), "charges for no error"),
        ("a.toml", "\x00" * 200_000, "too large"),
    ],
)
def test_what_is_no_matrix_is_refused_in_two_lines(tmp_path: Path, name: str, text: str, what: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(EinthovenError, match=what) as caught:
        read_danger(path)
    assert "\n" not in caught.value.problem and "\n" not in caught.value.remedy


def test_a_missing_file_and_an_unknown_name(tmp_path: Path) -> None:
    with pytest.raises(EinthovenError, match="cannot be read"):
        read_danger(tmp_path / "none.toml")
    with pytest.raises(EinthovenError, match="publshed") as caught:
        danger("publshed")
    assert caught.value.remedy == "did you mean published?"
