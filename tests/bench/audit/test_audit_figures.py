import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from made_bundles import MI, answer, made, mixed, truth

from einthoven.bench.audit.audit import audit_of
from einthoven.bench.audit.draw_classes import draw_classes
from einthoven.bench.audit.draw_confusion import draw_confusion
from einthoven.bench.audit.figures import FIGURES, write_figures
from einthoven.errors import EinthovenError

SVG = "{http://www.w3.org/2000/svg}"


def test_four_figures_in_two_forms_with_the_same_bytes_every_time(tmp_path: Path) -> None:
    audit = audit_of(mixed())
    first, second = (write_figures(audit, tmp_path / name) for name in ("a", "b"))
    assert [path.name for path in first] == [f"{name}.{ending}" for name in FIGURES for ending in ("png", "svg")]
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes()
    for path in first:
        content = path.read_bytes()
        if path.suffix == ".svg":
            assert b"dc:date" not in content
            ElementTree.fromstring(content)
        else:
            assert content.startswith(b"\x89PNG")


def test_critical_cells_have_a_double_red_border_and_no_others() -> None:
    patches = draw_confusion(audit_of(mixed())).axes[0].patches
    red = [patch for patch in patches if patch.get_edgecolor()[:3] == pytest.approx((179 / 255, 0, 27 / 255))]
    centres = [(round(p.get_x() + p.get_width() / 2), round(p.get_y() + p.get_height() / 2)) for p in red]
    assert sorted(centres) == [(0, 1), (0, 1), (1, 0), (1, 0)]  # MI said NORM, NORM said MI, twice round each


def test_the_key_of_the_classes_has_the_colours_of_the_bars() -> None:
    axes = draw_classes(audit_of(mixed())).axes[0]
    legend = axes.get_legend()
    shown = {text.get_text(): one for text, one in zip(legend.get_texts(), legend.legend_handles, strict=True)}
    bars = [patch.get_facecolor() for patch in axes.patches if patch.get_width() > 0]
    assert bars and {shown["any number of labels, 95 %"].get_facecolor()} == set(bars)


def test_numbers_of_the_document_stand_in_the_figures(tmp_path: Path) -> None:
    audit = audit_of(mixed())
    write_figures(audit, tmp_path, ("svg",))
    words = {path.stem: " ".join(ElementTree.parse(path).getroot().itertext()) for path in tmp_path.iterdir()}
    assert "compatible/tester" in words["confusion"] and "n = 20" in words["confusion"]
    per_1000 = next(row for row in audit["act_now"] if row["name"] == "mi_called_normal")["per_1000"]["value"]
    assert f"{per_1000:.1f}" in words["act-now"] and "no case in these data" in words["act-now"]
    assert "male" in words["subgroups"] and "MI  (n = 20)" in words["classes"]


def test_a_strangers_name_cannot_break_a_figure(tmp_path: Path) -> None:
    name = "compatible/$\\frac{1}{\x00</svg><script>" + "x" * 500
    rows = [({"statements": {"IMI": 100.0}, "truth": truth([MI]), "site": "$^$\x07"}, answer())] * 30
    rows += [({"statements": {"NORM": 100.0}, "truth": truth(["normal_ecg"])}, answer())] * 30
    for path in write_figures(audit_of(made(rows, model=name[:300])), tmp_path, ("svg",)):
        assert not list(ElementTree.parse(path).getroot().iter(f"{SVG}script"))


def test_simulated_ecgs_are_stamped(tmp_path: Path) -> None:
    audit = audit_of(_simulated())
    for path in write_figures(audit, tmp_path, ("svg",)):
        assert "SIMULATED" in " ".join(ElementTree.parse(path).getroot().itertext())


def _simulated():  # type: ignore[no-untyped-def]
    rows = [({"truth": truth([MI])}, answer([MI]))] * 10 + [({"truth": truth(["normal_ecg"])}, answer())] * 10
    return made(rows, name="sim", simulated=True)


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "audit").write_text("a file stands here")
    with pytest.raises(EinthovenError, match="cannot write"):
        write_figures(audit_of(mixed()), tmp_path / "audit")
