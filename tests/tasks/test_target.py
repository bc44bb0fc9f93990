from einthoven.ecg.reading import AXES, AxisTruth, Ischemia, Reading, Truth
from einthoven.tasks.target import reading_of
from einthoven.tasks.truth import from_reading

FULL = Reading(
    rate="normal",
    rhythm="sinus",
    axis="left",
    conduction=frozenset({"lbbb"}),
    ischemia=frozenset({Ischemia("old", frozenset({"inferior"}))}),
    other_findings=frozenset(),
    diagnosis=frozenset({"lbbb", "inferior_myocardial_infarction"}),
)


def test_an_exact_truth_is_read_back() -> None:
    assert reading_of(from_reading(FULL)) == FULL


def test_what_is_masked_is_left_out() -> None:
    masked = Truth({axis: AxisTruth(reason="not coded") for axis in AXES}, FULL.ischemia or frozenset())
    assert reading_of(masked) == Reading()


def test_a_stage_without_a_territory_keeps_the_stage() -> None:
    axes = {axis: AxisTruth() for axis in AXES} | {"ischemia_stage": AxisTruth("old")}
    truth = Truth(axes, frozenset({Ischemia("old", frozenset({"inferior"}))}))
    assert reading_of(truth).ischemia == {Ischemia("old")}
