import hashlib
from importlib.resources import files

import numpy as np
import pytest

from einthoven.ecg.recording import LEADS
from einthoven.renderers.lettering import (
    CHARACTERS,
    FONTS,
    LABEL,
    SMALL,
    extent,
    glyphs,
    lettered,
    printable,
    rasterised,
)


@pytest.mark.parametrize("font", FONTS)
@pytest.mark.parametrize("size", [LABEL, SMALL])
def test_every_character_is_there(size: int, font: str) -> None:
    assert set(glyphs(size, font)) == set(CHARACTERS) == {c for c in map(chr, range(128)) if c.isprintable()}
    for character, glyph in glyphs(size, font).items():
        assert (glyph.ink.size == 0) == (character == " ")
        assert glyph.advance > 0
        assert glyph.ink.max(initial=0) in (0, *range(50, 64))


def test_the_lead_names_can_be_set_and_differ() -> None:
    bitmaps = {(font, lead): lettered(lead, LABEL, font)[2].tobytes() for font in FONTS for lead in (*LEADS, "-aVR")}
    assert len(set(bitmaps.values())) == 13 * len(FONTS)


def test_the_letters_of_the_standard_page_are_frozen() -> None:
    digest = hashlib.sha256()
    for size in (LABEL, SMALL):
        for character in " -./0123456789IVaRLFms":
            glyph = glyphs(size)[character]
            digest.update(np.array([glyph.advance, glyph.left, glyph.top, *glyph.ink.shape], dtype="<i4").tobytes())
            digest.update(glyph.ink.tobytes())
    assert digest.hexdigest() == "4b9ff17c1e53b96b90a5bf68b5973eee1570220ab3d11b9f076ca912f77ce84b"


def test_a_glyph_cannot_be_written_on_by_mistake() -> None:
    with pytest.raises(ValueError, match="read-only"):
        glyphs(LABEL)["V"].ink[0, 0] = 1


def test_what_no_font_has_becomes_a_question_mark() -> None:
    assert printable("rec 7/é\n\x7f漢") == "rec 7/????"
    assert printable(CHARACTERS) == CHARACTERS


@pytest.mark.parametrize("font", FONTS)
def test_spaces_alone_have_no_ink(font: str) -> None:
    assert extent("  ", SMALL, font) == extent("", SMALL, font) == (0, 0, 0, 0)


@pytest.mark.parametrize("font", FONTS)
def test_capitals_stand_on_the_baseline_three_millimetres_high(font: str) -> None:
    left, top, right, bottom = extent("V", LABEL, font)
    assert bottom == 0
    assert -top == pytest.approx(24, abs=1.5)
    assert -1 <= left < right


def test_letters_are_set_one_after_the_other() -> None:
    one, two = lettered("I", LABEL)[2], lettered("II", LABEL)[2]
    advance = glyphs(LABEL)["I"].advance
    assert two.shape[1] == advance + one.shape[1]
    np.testing.assert_array_equal(two[:, : one.shape[1]], one)
    np.testing.assert_array_equal(two[:, advance:], one)


def test_mono_is_monospaced() -> None:
    assert len({glyph.advance for glyph in glyphs(SMALL, "mono").values()}) == 1
    assert len({glyph.advance for glyph in glyphs(SMALL, "serif").values()}) > 10


def test_the_stored_glyphs_are_those_of_their_fonts() -> None:
    # Another FreeType may smooth a little differently; another font would differ by far more.
    pytest.importorskip("matplotlib", reason="matplotlib, whose fonts serif and mono are, is not installed")
    made = rasterised()
    assert set(made) == set(FONTS)
    for font, row in made.items():
        for size in (LABEL, SMALL):
            for stored, drawn in zip(glyphs(size, font).values(), row["sizes"][str(size)]["glyphs"], strict=True):
                advance, left, top, width, height = drawn
                assert abs(stored.advance - advance) <= 1
                assert abs(stored.left - left) <= 1
                assert abs(stored.top - top) <= 1
                assert abs(stored.ink.shape[0] - height) <= 1
                assert abs(stored.ink.shape[1] - width) <= 1


def test_the_licence_of_the_letters_comes_with_them() -> None:
    text = files("einthoven.renderers").joinpath("lettering_license.txt").read_text(encoding="utf-8")
    assert "Bitstream Vera" in text
    assert "DejaVu" in text
