import csv

from einthoven.tasks import taxonomy
from einthoven.tasks.binary import Binary
from einthoven.tasks.dense import Dense
from einthoven.tasks.superclass import Superclass
from einthoven.tasks.synonyms import spelled, synonyms, synonyms_text

ROWS = list(csv.DictReader(synonyms_text().splitlines()))
VALUES = {name: set(axis.values) for name, axis in taxonomy.axes().items()} | {
    "territory": set(taxonomy.territories()),
    "abnormal": set(Binary().space.values),
    "diagnosis_superclass": set(Superclass().space.values),
}


def test_each_means_a_value_of_its_axis_and_is_none_itself() -> None:
    for row in ROWS:
        assert row["means"] in VALUES[row["axis"]], row
        assert spelled(row["said"]) not in {spelled(value) for value in VALUES[row["axis"]]}, row
        assert spelled(row["said"]) not in ("", "none"), row


def test_no_word_means_two_things() -> None:
    said = [(row["axis"], spelled(row["said"])) for row in ROWS]
    assert len(set(said)) == len(said)
    assert synonyms("rhythm")["afib"] == "atrial_fibrillation"
    assert synonyms("no axis") == {}


def test_the_dense_task_does_not_use_them() -> None:
    # Its committed bundles were asked and parsed without; its version would change with them.
    assert Dense().version == "385070af2ddd"
