import pytest

from einthoven.bench.scoring.encode import AxisData
from einthoven.bench.scoring.label_spaces import grouped
from einthoven.ecg.reading import Reading
from einthoven.tasks import taxonomy
from einthoven.tasks.superclass import Superclass
from einthoven.tasks.task import InvalidAnswer
from einthoven.tasks.truth import truth

SUPERCLASS = Superclass()


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (("NORM", "SR"), {"NORM"}),
        (("NORM", "CLBBB"), {"NORM", "CD"}),  # as PTB-XL has it
        (("IMI", "LVH", "NDT", "AFIB"), {"MI", "HYP", "STTC"}),
        (("INJAS",), {"MI"}),
        (("AFIB",), set()),
    ],
)
def test_the_truth_is_that_of_the_dense_tasks_diagnosis(codes: tuple[str, ...], expected: set[str]) -> None:
    one = truth("scp", dict.fromkeys(codes, 100.0))
    found = SUPERCLASS.space.truth(one)
    assert found.value == expected
    data = AxisData("diagnosis", "set", taxonomy.axes()["diagnosis"].values, [one["diagnosis"]], {})
    assert grouped(data, "diagnosis_superclass", taxonomy.superclasses()).truths == [found]


def test_answers_and_targets() -> None:
    assert SUPERCLASS.parse('{"superclasses": ["mi", "CD"]}').label == {"MI", "CD"}
    assert SUPERCLASS.parse('{"superclasses": "normal ECG"}').label == {"NORM"}
    assert (
        SUPERCLASS.parse('{"superclasses": []}').label == SUPERCLASS.parse('{"superclasses": "none"}').label == set()
    )
    for text in (
        '{"superclasses": ["MI", 1]}',
        '{"superclasses": "MI, CD"}',
        '{"superclasses": null}',
        '{"MI": true}',
    ):
        with pytest.raises(InvalidAnswer):
            SUPERCLASS.parse(text)
    assert SUPERCLASS.target(Reading(label=frozenset({"HYP", "MI"}))) == '{"superclasses": ["MI", "HYP"]}'
    assert SUPERCLASS.target(Reading(diagnosis=frozenset({"rbbb"}))) == '{"superclasses": ["CD"]}'
    assert SUPERCLASS.target(Reading()) == ""
