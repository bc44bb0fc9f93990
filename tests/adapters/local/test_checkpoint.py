"""Where a model's files are, and every way in which they are not there."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("transformers", reason="transformers is not installed: pip install 'einthoven[local]'")

from hub_server import COMMIT, hub

from einthoven.adapters.local.architecture import class_name
from einthoven.adapters.local.checkpoint import checkpoint, fingerprint
from einthoven.adapters.local.loading import load_model
from einthoven.adapters.local.placement import placement
from einthoven.errors import EinthovenError, Exit

#: Tries each name and prints what comes of it: class and commit, or the two lines.
_TRY = """
import json, sys
from einthoven.adapters.registry import create
from einthoven.errors import EinthovenError
found = {}
for name in sys.argv[1:]:
    try:
        adapter = create(name)
        found[name] = [adapter.facts()["class"], adapter.parameters["weights"], adapter._found.fetched().name]
    except EinthovenError as error:
        found[name] = [error.problem, error.remedy, int(error.exit_code)]
print(json.dumps(found))
"""


def tried(*names: str, **environment: str) -> tuple[dict[str, list[str]], str]:
    done = subprocess.run(
        [sys.executable, "-c", _TRY, *names],
        env={**os.environ, "HF_HUB_OFFLINE": "0", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1]), done.stderr


def test_a_hub_gives_a_model_or_says_why_not(tiny: Callable[..., Path], tmp_path: Path) -> None:
    names = [
        f"hf/owner/{rest}"
        for rest in ("tiny", "tiny?revision=main", "tiny?revision=v9", "gated", "none", "gguf", "bad name")
    ]
    with hub(tiny("gemma-3")) as address:
        found, said = tried(*names, HF_ENDPOINT=address, HF_HOME=str(tmp_path), HF_HUB_DISABLE_XET="1")
        again, _ = tried("hf/owner/tiny", HF_ENDPOINT=address, HF_HOME=str(tmp_path), HF_HUB_OFFLINE="1")
    assert found["hf/owner/tiny"] == ["Gemma3ForConditionalGeneration", COMMIT, COMMIT]
    assert found["hf/owner/tiny?revision=main"] == found["hf/owner/tiny"] == again["hf/owner/tiny"]
    told = {
        "hf/owner/tiny?revision=v9": ("owner/tiny has no revision v9", "give a branch, a tag or a commit"),
        "hf/owner/gated": ("owner/gated is gated", "hf auth login"),
        "hf/owner/none": ("the hub has no repository owner/none", "check the name"),
        "hf/owner/gguf": ("owner/gguf has no config.json", "not one with GGUF"),
        "hf/owner/bad name": ("owner/bad name is no name of a repository", "write hf/OWNER/NAME"),
    }
    for name, (problem, remedy) in told.items():
        assert problem in found[name][0] and remedy in found[name][1], found[name]
        assert found[name][2] == Exit.MISSING
    assert "Traceback" not in said and "Retrying" not in said


def test_offline_is_told(tmp_path: Path) -> None:
    found, _ = tried("hf/owner/tiny", HF_HOME=str(tmp_path), HF_HUB_OFFLINE="1")
    problem, remedy, code = found["hf/owner/tiny"]
    assert problem == "owner/tiny is not on this machine, and HF_HUB_OFFLINE is set"
    assert "copy the cache" in remedy and code == Exit.MISSING


def test_no_network_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub
    from huggingface_hub.errors import LocalEntryNotFoundError

    def unreachable(*_: object, **__: object) -> str:
        raise LocalEntryNotFoundError("an error happened while trying to locate the file on the Hub")

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(huggingface_hub, "hf_hub_download", unreachable)
    with pytest.raises(EinthovenError, match="the hub cannot be reached"):
        checkpoint("hf/owner/name")


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("hf/", "hf/ needs a model"),
        ("hf/nowhere", "there is no folder nowhere"),
        ("hf//no/such/folder", "there is no folder /no/such/folder"),
        ("hf/./a/b", "there is no folder ./a/b"),
    ],
)
def test_a_name_without_a_model(name: str, problem: str) -> None:
    with pytest.raises(EinthovenError, match=problem):
        checkpoint(name)


def test_a_folder_without_a_model(tmp_path: Path) -> None:
    with pytest.raises(EinthovenError, match=r"has no config\.json") as caught:
        checkpoint(f"hf/{tmp_path}")
    assert caught.value.exit_code == Exit.MISSING
    for text, said in (("{", "cannot be read"), ("[]", "holds no JSON object")):
        (tmp_path / "config.json").write_text(text)
        with pytest.raises(EinthovenError, match=said):
            checkpoint(f"hf/{tmp_path}")


@pytest.mark.parametrize(
    ("config", "problem"),
    [
        (
            {"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"]},
            "is a GPT2LMHeadModel: not a model that takes",
        ),
        ({"model_type": "gemma3_text"}, "is a gemma3_text: not a model"),
        ({"model_type": "own", "auto_map": {"AutoModel": "modeling.Own"}}, "brings program code of its own"),
        ({}, "of unknown type"),
    ],
)
def test_a_wrong_class_is_refused(config: dict[str, object], problem: str) -> None:
    with pytest.raises(EinthovenError, match=problem) as caught:
        class_name("some/model", config)
    assert caught.value.exit_code == Exit.MISSING


def test_a_fingerprint_sees_every_file_that_counts(tiny: Callable[..., Path], tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(tiny("qwen3-vl"), copy)
    first = fingerprint(copy)
    assert first == fingerprint(tiny("qwen3-vl")) != fingerprint(tiny("qwen3-vl", 1))
    (copy / "README.md").write_text("notes")
    assert fingerprint(copy) == first
    (copy / "chat_template.jinja").write_text("{{ messages }}")
    assert fingerprint(copy) != first


def test_a_fingerprint_of_a_large_file_looks_at_places(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(bytes(8_000_000))
    first = fingerprint(tmp_path)
    with path.open("r+b") as stream:
        stream.seek(7_999_999)
        stream.write(b"x")
    last = fingerprint(tmp_path)
    with path.open("r+b") as stream:
        stream.write(b"x")
    assert len({first, last, fingerprint(tmp_path)}) == 3


@pytest.mark.parametrize(
    ("harm", "problem"),
    [
        ("half", "cannot be loaded"),
        ("gone", "cannot be loaded: Error no file named model.safetensors"),
        ("missing", "1 of its tensors are missing, such as model.language_model"),
        ("shape", "its tensors have other shapes than its config.json says"),
    ],
)
def test_damaged_weights_end_in_two_lines(harm: str, problem: str, tiny: Callable[..., Path], tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    copy = tmp_path / "copy"
    shutil.copytree(tiny("gemma-3"), copy)
    path = copy / "model.safetensors"
    tensors = load_file(path)
    name = next(key for key in tensors if key.endswith("layers.0.mlp.down_proj.weight"))
    if harm == "half":
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    elif harm == "gone":
        path.unlink()
    else:
        changed = {key: value for key, value in tensors.items() if key != name}
        if harm == "shape":
            changed[name] = tensors[name][:8].clone()
        save_file(changed, path, metadata={"format": "pt"})
    with pytest.raises(EinthovenError, match=problem) as caught:
        load_model(checkpoint(f"hf/{copy}"), placement(device="cpu"))
    assert caught.value.exit_code == Exit.MISSING
    assert "\n" not in caught.value.problem
