"""Worker processes: results in order, and errors for people as they were raised."""

import pytest

from einthoven.errors import EinthovenError, Exit
from einthoven.leaderboard.crew import Crew


def _refused(number: int) -> int:
    if number == 3:
        raise EinthovenError("the third is damaged", "copy it again", Exit.MISSING)
    return 2 * number


@pytest.mark.parametrize("answers", [0, 1_000_000])
def test_order_and_errors_are_those_of_one_process(answers: int) -> None:
    with Crew(answers, jobs=2) as crew:
        assert crew.parallel is (answers > 0)
        assert list(crew.map(_refused, [1, 2, 4, 5])) == [2, 4, 8, 10]
        with pytest.raises(EinthovenError) as caught:
            list(crew.map(_refused, [1, 2, 3, 4]))
    error = caught.value
    assert (error.problem, error.remedy, error.exit_code) == ("the third is damaged", "copy it again", Exit.MISSING)
