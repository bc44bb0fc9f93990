"""The profiles: every row complete and sourced, and every name led to the right one."""

import subprocess
import sys
from datetime import date

import pytest

from einthoven.errors import EinthovenError
from einthoven.renderers.profile import profile_named, profile_of, profiles, variants

NUMBERS = {
    "multiples": {"token", "least", "most"},
    "budget": {"token", "tokens"},
    "square": {"side", "tokens"},
    "blocks": {"token", "edge", "blocks"},
    "patches": {"token", "edge", "patches", "factor"},
    "tiles": {"box", "short", "base", "per_tile"},
    "unsized": {"fewest", "tokens"},
}


def test_every_row_is_complete() -> None:
    assert len(profiles()) >= 27
    for name, one in profiles().items():
        assert one.name == name
        assert set(one.numbers) == NUMBERS[one.rule], name
        assert all(number > 0 for number in one.numbers.values()), name
        assert one.basis in ("processor", "documentation")
        assert one.source and one.read <= date.today()
        assert bool(one.patterns) != bool(one.of), name  # reached by a model's name, or another setting of one
        assert one.of in ("", *profiles()), name
        assert set(one.refuses) <= {"edge", "crowd", "crowd_edge", "ratio", "patches"}, name
        assert ("crowd" in one.refuses) == ("crowd_edge" in one.refuses)


def test_every_name_stands_once() -> None:
    import tomllib
    from importlib.resources import files

    rows = tomllib.loads(files("einthoven.renderers").joinpath("profiles.toml").read_text(encoding="utf-8"))[
        "profile"
    ]
    assert [row["name"] for row in rows] == list(profiles())


def test_a_profile_is_found_by_its_own_name() -> None:
    for name, one in profiles().items():
        assert profile_of(name) is one
        assert profile_of(f"compatible/{name}") is one


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("qwen3-vl-8b-instruct", "qwen3-vl"),
        ("Qwen/Qwen3-VL-8B-Instruct", "qwen3-vl"),
        ("compatible/Qwen/Qwen3-VL-8B-Instruct?max_tokens=1024", "qwen3-vl"),
        ("local/Qwen/Qwen3-VL-2B-Instruct+lora:/runs/gpt-4o/step-100", "qwen3-vl"),
        ("openrouter/qwen/qwen2.5-vl-72b-instruct", "qwen2.5-vl"),
        ("Qwen/Qwen2-VL-7B", "qwen2.5-vl"),
        ("compatible/Qwen/Qwen3.5-9B", "qwen3.5"),
        ("google/gemma-3-27b-it", "gemma-3"),
        ("medgemma-4b-it", "gemma-3"),
        ("google/medgemma-1.5-4b-it", "gemma-3"),
        ("compatible/gemma3:12b", "gemma-3"),
        ("google/gemma-3n-e4b-it", "gemma-3n"),
        ("google/gemma-4-4b", "gemma-4"),
        ("local/unsloth/gemma-4-26B-A4B-it", "gemma-4"),
        ("gemma-4-1120", "gemma-4-1120"),
        ("openai/gpt-4o-2024-08-06", "gpt-4o"),
        ("openai/gpt-4o-mini", "gpt-4o-mini"),
        ("openai/gpt-4.1", "gpt-4o"),
        ("openai/gpt-4.1-mini", "gpt-5-mini"),
        ("openai/gpt-5", "gpt-5"),
        ("openai/gpt-5-nano", "gpt-5-nano"),
        ("openai/gpt-5.4", "gpt-5.4"),
        ("openai/gpt-5.4-mini", "gpt-5-mini"),
        ("openai/gpt-5.5?effort=low&max_tokens=8000", "gpt-5.5"),
        ("anthropic/claude-sonnet-4-6", "claude-standard"),
        ("anthropic/claude-haiku-4-5-20251001", "claude-standard"),
        ("anthropic/claude-opus-4-20250514", "claude-standard"),
        ("anthropic/claude-opus-4-7", "claude-high"),
        ("openrouter/anthropic/claude-opus-4.7", "claude-high"),
        ("anthropic/claude-sonnet-5-5", "claude-high"),
        ("google/gemini-2.5-flash", "gemini-2"),
        ("google/gemini-3.1-flash-lite", "gemini-3"),
    ],
)
def test_a_model_is_led_to_its_profile(model: str, name: str) -> None:
    found = profile_of(model)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(
    ("model", "name"),
    [
        ("openai/gpt-4o?detail=low", "gpt-4o-low"),
        ("openai/gpt-4o?detail=high", "gpt-4o"),
        ("openai/gpt-5.4?detail=original", "gpt-5.4-original"),
        ("openai/gpt-5.4?detail=high", "gpt-5.4"),
        ("openai/gpt-5.5?detail=original", "gpt-5.5"),
        ("openai/gpt-5.5?detail=high&effort=low", "gpt-5.5-high"),
        ("openai/gpt-5.6-terra", "gpt-5.6"),
        ("compatible/qwen3-vl-8b?detail=low", "qwen3-vl"),
    ],
)
def test_the_detail_of_the_pictures_decides(model: str, name: str) -> None:
    assert profile_named(model).name == name


@pytest.mark.parametrize(
    "model",
    [
        *("control/scripted", "baseline/majority", "who-knows", "", "/", "?detail=low", "google/paligemma-3b-pt-224"),
        *("anthropic/claude-haiku-9", "openai/gpt-5.4?detail=low", "google/gemma-2-9b-it", "qwen3-8b"),
    ],
)
def test_who_is_unknown_stays_unknown(model: str) -> None:
    assert profile_of(model) is None


def test_an_unknown_name_gets_two_lines() -> None:
    with pytest.raises(EinthovenError) as caught:
        profile_named("quen3-vl")
    assert caught.value.problem == "there is no profile for 'quen3-vl'"
    assert caught.value.remedy == "did you mean qwen3-vl?"


def test_the_settings_of_a_server_are_variants() -> None:
    names = [one.name for one in variants(profiles()["gemma-4"])]
    assert names == ["gemma-4", "gemma-4-70", "gemma-4-140", "gemma-4-560", "gemma-4-1120"]
    assert [one.name for one in variants(profiles()["gpt-4o"])] == ["gpt-4o"]


def test_profiles_import_nothing_heavy() -> None:
    program = (
        "import sys; from einthoven.renderers import resolution; from einthoven.renderers.profile import profiles;"
        "profiles(); sys.exit(bool({'numpy', 'PIL', 'wfdb', 'scipy', 'cv2'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
