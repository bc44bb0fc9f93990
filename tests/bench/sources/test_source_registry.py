from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from einthoven.bench.sources.registry import SOURCES, open_source
from einthoven.errors import EinthovenError, Exit


def error(name: str) -> EinthovenError:
    with pytest.raises(EinthovenError) as caught:
        open_source(name)
    assert "\n" not in caught.value.problem + caught.value.remedy
    return caught.value


def test_a_source_is_opened_by_its_name(
    ptbxl_folder: Callable[..., Path], ptbxl_row: Callable[..., dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = ptbxl_folder(ptbxl_row(1), signals=False)
    assert open_source(f"ptbxl:{root}").name == "ptbxl"
    monkeypatch.setenv("HOME", str(root.parent))
    assert len(open_source("ptbxl:~/ptb-xl", sampling_rate=100).entries) == 1


@pytest.mark.parametrize("name", SOURCES)
def test_every_name_leads_somewhere_and_is_described(name: str) -> None:
    spelling, target, line = SOURCES[name]
    module, attribute = target.split(":")
    assert callable(getattr(import_module(module), attribute))
    assert spelling.split(":")[0].split("[")[0] == name
    assert line
    assert "\n" not in line


def test_an_unknown_name_is_answered_with_the_one_that_may_be_meant() -> None:
    found = error("ptb-xl:somewhere")
    assert (found.exit_code, found.remedy) == (Exit.USAGE, "did you mean ptbxl?")
    assert "simm" in error("simm").problem


def test_a_folder_that_is_not_named_or_not_there(tmp_path: Path) -> None:
    for name in ("ptbxl", "ptbxl:", "challenge", f"ludb:{tmp_path / 'none'}", f"wfdb:{tmp_path / 'none'}"):
        assert error(name).exit_code is Exit.MISSING


def test_a_bare_path_is_asked_for_its_source(tmp_path: Path) -> None:
    assert "ptbxl:DIR" in error(str(tmp_path)).remedy


def test_the_registry_is_light() -> None:
    """`einthoven ls data` and every --help stay fast."""
    program = (
        "import sys; import einthoven.bench.sources.registry, einthoven.cli.data;"
        "print([m for m in ('numpy', 'wfdb', 'pandas', 'scipy', 'rich') if m in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
