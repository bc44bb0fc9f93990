import json
from importlib.resources import files

import numpy as np
import pytest

from einthoven.ecg.recording import LEADS
from einthoven.renderers.lettering import CHARACTERS, LABEL, SMALL, extent, glyphs, lettered, rasterised


@pytest.mark.parametrize("size", [LABEL, SMALL])
def test_every_character_is_there(size: int) -> None:
    assert set(glyphs(size)) == set(CHARACTERS)
    for character, glyph in glyphs(size).items():
        assert (glyph.ink.size == 0) == (character == " ")
        assert glyph.advance > 0
        assert glyph.ink.max(initial=0) in (0, *range(50, 64))


def test_the_lead_names_can_be_set_and_differ() -> None:
    bitmaps = {lead: lettered(lead, LABEL)[2].tobytes() for lead in LEADS}
    assert len(set(bitmaps.values())) == len(LEADS)


def test_capitals_stand_on_the_baseline_three_millimetres_high() -> None:
    left, top, right, bottom = extent("V", LABEL)
    assert bottom == 0
    assert -top == pytest.approx(24, abs=1)
    assert 0 <= left < right


def test_letters_are_set_one_after_the_other() -> None:
    one, two = lettered("I", LABEL)[2], lettered("II", LABEL)[2]
    advance = glyphs(LABEL)["I"].advance
    assert two.shape[1] == advance + one.shape[1]
    np.testing.assert_array_equal(two[:, : one.shape[1]], one)
    np.testing.assert_array_equal(two[:, advance:], one)


def test_the_stored_glyphs_are_those_of_the_font_pillow_embeds() -> None:
    # Another FreeType may smooth a little differently; another font would differ by far more.
    stored = json.loads(files("einthoven.renderers").joinpath("lettering.json").read_text(encoding="utf-8"))
    made = rasterised()
    assert stored["font"] == made["font"]
    for size, letters in made["sizes"].items():
        for character, letter in letters.items():
            assert abs(stored["sizes"][size][character]["advance"] - letter["advance"]) <= 1
            assert abs(len(stored["sizes"][size][character]["rows"]) - len(letter["rows"])) <= 1
