import pytest

from einthoven.adapters.registry import MODELS, create
from einthoven.errors import EinthovenError, Exit
from einthoven.exchange import Input

#: No weights are shipped of these: they say how to train some.
_UNTRAINED = {
    "reference/ensemble",
    "reference/resnet1d-audit",
    "reference/resnet1d-explain",
    "reference/se-resnet",
    "reference/random-probe",
}


@pytest.mark.parametrize("name", sorted(MODELS.keys() - _UNTRAINED))
def test_every_model_can_be_made(name: str) -> None:
    adapter = create(name)
    assert adapter.name == name
    assert adapter.concurrency >= 1
    assert all(isinstance(look, Input) for look in adapter.inputs)


@pytest.mark.parametrize(
    ("name", "problem", "remedy"),
    [
        ("baseline/majorty", "no model 'baseline/majorty'", "did you mean baseline/majority?"),
        ("gpt", "no model 'gpt'", "there are: anthropic/MODEL, baseline/majority"),
        ("control/random?sed=1", "no parameter of control/random 'sed'", "did you mean seed?"),
        ("control/random?seed=one", "seed=one is no int", "seed=0"),
        ("control/constant?rhythm=atrial_fibrilation", "no value of rhythm", "did you mean atrial_fibrillation?"),
        ("control/constant?territory=inferior", "a territory needs a stage", "leave it out"),
        ("control/scripted?malformed=2", "between 0 and 1", "correct the parameter"),
        ("control/scripted?parallel=0", "parallel is 1 or more", "correct the parameter"),
        ("control/scripted?latency=nan", "latency 0 to 3600 s", "correct the parameter"),
        ("baseline/majority?seed=1", "baseline/majority takes no parameter, and seed is one", "leave seed out"),
    ],
)
def test_a_wrong_name_gets_two_lines(name: str, problem: str, remedy: str) -> None:
    with pytest.raises(EinthovenError) as caught:
        create(name)
    assert problem in caught.value.problem
    assert remedy in caught.value.remedy
    assert caught.value.exit_code == Exit.USAGE


def test_parameters_are_typed_and_part_of_the_identity() -> None:
    assert create("control/random?seed=3").parameters == {"seed": 3}
    assert create("control/constant?rhythm=paced").parameters == {"rhythm": "paced"}
    logged = create("control/scripted?seed=1&log=/tmp/none&latency=0.5")
    assert "log" not in logged.parameters
    assert logged.name == "control/scripted?latency=0.5&seed=1"
