from site_of import make_run

from einthoven.leaderboard.boards import boards_of
from einthoven.leaderboard.counts import Tally, axis_counts, group_tally, unlooking


def test_tallies_keep_controls_apart() -> None:
    reader = make_run("reference/resnet", skill=0.7, inputs=("signal",))
    reader.result["axes"]["rhythm"]["verdict"]["word"] = "reads"
    runs = [reader, make_run("x/vlm", skill=0.3, inputs=("image",)), make_run("x/blind", inputs=("image",))]
    runs += [make_run("control/lucky", skill=0.3), make_run("baseline/majority")]
    (board,) = boards_of(runs)
    assert group_tally(board, "vlm") == Tally(of=2, reads=0, above=1)
    assert group_tally(board, "reference") == Tally(of=1, reads=1, above=1)
    assert group_tally(board, "vlm", "reference") == Tally(of=3, reads=1, above=2)
    assert group_tally(board, "baseline", "control") == Tally(of=2, reads=0, above=1)
    rhythm = next(found for found in axis_counts(board) if found.column.name == "rhythm")
    assert (rhythm.vlm, rhythm.reference) == (Tally(2, 0, 1), Tally(1, 1, 1))


def test_controls_that_know_or_see_are_expected_to_be_above_blind() -> None:
    runs = [make_run("control/oracle", inputs=("record", "truth")), make_run("control/eye", inputs=("image",))]
    runs += [make_run("control/random"), make_run("baseline/majority"), make_run("x/y", inputs=())]
    (board,) = boards_of(runs)
    assert [run.model for run in unlooking(board)] == ["baseline/majority", "control/random"]
