import subprocess
import sys

import pytest

from einthoven.errors import EinthovenError
from einthoven.renderers import grid
from einthoven.renderers.registry import RENDERER_VERSION, VIEWS, description, view


def test_a_view_is_found_by_its_name() -> None:
    assert view("grid") is grid.render
    assert view("grid", blank=True) is grid.blank
    assert grid.blank()[0].version == RENDERER_VERSION


def test_every_view_has_its_functions_and_one_line() -> None:
    for name in VIEWS:
        assert callable(view(name))
        assert callable(view(name, blank=True))
        assert description(name)
        assert "\n" not in description(name)


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(EinthovenError) as caught:
        view("gird")
    assert "'gird'" in caught.value.problem
    assert "did you mean grid?" in caught.value.remedy
    with pytest.raises(EinthovenError) as caught:
        description("xyzzy")
    assert "grid" in caught.value.remedy


def test_importing_the_registry_imports_no_numpy() -> None:
    program = (
        "import sys; from einthoven.renderers import registry; registry.description('grid');"
        "sys.exit(bool({'numpy', 'PIL', 'wfdb', 'scipy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
