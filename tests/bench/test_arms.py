import pytest

from einthoven.bench.arms import ARMS, arm
from einthoven.errors import EinthovenError


def test_the_headline_sees_and_the_blind_arms_do_not() -> None:
    assert next(iter(ARMS)) == "image"
    for name, one in ARMS.items():
        assert arm(name) is one
        assert one.name == name
        assert one.blind == (one.pictures != "view" and not one.text)
        assert one.text == ("measurements" in one.intro)


def test_an_unknown_arm_gets_two_lines() -> None:
    with pytest.raises(EinthovenError, match="no arm 'imag'") as caught:
        arm("imag")
    assert caught.value.remedy == "did you mean image?"
