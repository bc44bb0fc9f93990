"""``einthoven doctor``: what is here, what is missing, and how to mend it."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from typing import Literal

import click

from einthoven.errors import EinthovenError, Exit
from einthoven.version import __version__

__all__ = ["doctor"]

#: What einthoven cannot do without.
_NEEDED = (
    "click",
    "filelock",
    "Jinja2",
    "jsonschema",
    "numpy",
    "onnxruntime",
    "opencv-python-headless",
    "orjson",
    "pillow",
    "rich",
    "scipy",
    "wfdb",
)

#: What some models and some speed need, and the extra that brings it.
_EXTRAS = {
    "isal": "fast",
    "numba": "fast",
    "pyarrow": "datasets",
    "datasets": "datasets",
    "openai": "api",
    "anthropic": "anthropic",
    "torch": "train",
    "accelerate": "train",
    "onnx": "train",
    "safetensors": "train",
    "transformers": "local",
    "peft": "local",
    "llguidance": "local",
}

#: The folders that EINTHOVEN_DATA may hold, and how a run names them.
_FOLDERS = {"ptb-xl": "ptbxl", "challenge": "challenge", "ludb": "ludb"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report.

    Attributes
    ----------
    area : str
        ``python``, ``package``, ``key``, ``data``, ``model``, ``folder``, ``rendering``.
    name, state, detail : str
        What was looked at, whether it is there, its version or count. Of a key never more than where it stands.
    fix : str
        What to do where it is not ok.
    """

    area: str
    name: str
    state: Literal["ok", "absent", "fails"]
    detail: str = ""
    fix: str = ""


def _failure(area: str, name: str, error: Exception) -> Finding:
    if isinstance(error, EinthovenError):
        return Finding(area, name, "fails", error.problem, error.remedy)
    said = str(error).splitlines()[0] if str(error) else ""
    return Finding(area, name, "fails", f"{type(error).__name__}: {said}", "pip install --force-reinstall einthoven")


def _packages() -> Iterator[Finding]:
    new_enough = sys.version_info >= (3, 11)
    version = platform.python_version()
    yield Finding("python", "python", "ok" if new_enough else "fails", version, "" if new_enough else "Python 3.11")
    yield Finding("package", "einthoven", "ok", __version__)
    for name in (*_NEEDED, *_EXTRAS):
        try:
            yield Finding("package", name, "ok", installed(name))
        except PackageNotFoundError:
            extra = _EXTRAS.get(name)
            if extra:
                yield Finding("package", name, "absent", "optional", f"pip install 'einthoven[{extra}]'")
            else:
                yield Finding("package", name, "fails", "not installed", f"pip install {name}")


def _keys() -> Iterator[Finding]:
    from einthoven.adapters.provider import providers

    for provider in providers().values():
        held = next((name for name in provider.keys if os.environ.get(name, "").strip()), None)
        if held is None:
            where = " or ".join(provider.keys)
            yield Finding("key", provider.name, "absent", f"{where} is not set", f"export {provider.keys[0]}=…")
            continue
        try:
            provider.key()
            yield Finding("key", provider.name, "ok", f"in {held}")
        except EinthovenError as error:
            yield _failure("key", provider.name, error)


def _folders() -> Iterator[Finding]:
    """Look at the folder of answers kept from readings, and at EINTHOVEN_DATA where it is set."""
    from pathlib import Path

    from einthoven.bench.sources.cache import cache_folder

    cache = cache_folder()
    there = next(folder for folder in (cache, *cache.parents) if folder.exists())
    writable = os.access(there, os.W_OK)
    yield Finding(
        "folder",
        "cache",
        "ok" if writable else "absent",
        str(cache) if writable else f"{there} cannot be written: recordings are read again for each run",
        "" if writable else "set EINTHOVEN_CACHE to a folder of your own",
    )
    root = os.environ.get("EINTHOVEN_DATA")
    if not root:
        yield Finding("data", "EINTHOVEN_DATA", "absent", "not set", "only the tests on real recordings need it")
        return
    for name, source in _FOLDERS.items():
        folder = Path(root).expanduser() / name
        if folder.is_dir():
            yield _source(f"{source}:{folder}")
        else:
            yield Finding("data", name, "absent", f"no folder {folder}", "see docs/sources.md")


def _source(name: str) -> Finding:
    from einthoven.bench.sources.registry import open_source

    try:
        entries = open_source(name).entries
    except Exception as error:  # whatever a damaged folder does, the report goes on
        return _failure("data", name, error)
    if not entries:
        return Finding("data", name, "fails", "no records", f"einthoven data check {name}")
    return Finding("data", name, "ok", f"{len(entries):,} records")


def _model(name: str) -> Finding:
    from einthoven.adapters.provider import Line, providers
    from einthoven.adapters.registry import create

    try:
        # compatible/… needs an address, which is asked for by the run, not by this look.
        own = name.partition("/")[0] in providers() and not providers()[name.partition("/")[0]].base_url
        adapter = create(name, Line(base_url="http://localhost/v1" if own else None))
    except Exception as error:
        return _failure("model", name, error)
    price = getattr(adapter, "price", None)
    detail = (
        f"price of {price.read}" if price else "price unknown" if hasattr(adapter, "price") else "asks no network"
    )
    return Finding("model", name, "ok", detail)


def _rendering() -> Finding:
    try:
        from einthoven.renderers.registry import view

        page = view("grid", blank=True)()[0]
        return Finding("rendering", "grid", "ok", f"{page.geometry.width}x{page.geometry.height} px")
    except Exception as error:
        return _failure("rendering", "grid", error)


@click.command()
@click.argument("needs", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def doctor(ctx: click.Context, needs: tuple[str, ...], as_json: bool) -> None:
    """Look at versions, packages, data folders and keys, and say how to mend what fails.

    NEEDS are models and data sources that have to work, such as openai/gpt-5.5 or ptbxl:DIR. A key is never shown and
    nobody is asked on the network. Exit code 1: something that is needed is missing.
    """
    from einthoven.adapters.provider import providers
    from einthoven.adapters.registry import LOCAL, MODELS

    kinds = {name.partition("/")[0] for name in MODELS} | set(LOCAL) | set(providers())
    findings = [*_packages(), *_keys(), *_folders(), _rendering()]
    findings += [_model(name) if name.partition("/")[0] in kinds and "/" in name else _source(name) for name in needs]
    failed = [finding for finding in findings if finding.state == "fails"]
    if as_json:
        click.echo(json.dumps({"ok": not failed, "findings": [asdict(finding) for finding in findings]}, indent=1))
    else:
        _print(findings)
    ctx.exit(Exit.GATE_FAILED if failed else Exit.OK)


def _print(findings: list[Finding]) -> None:
    wide = max(len(finding.name) for finding in findings)
    for finding in findings:
        click.echo(f"{finding.state:6} {finding.area:9} {finding.name:{wide}}  {finding.detail}".rstrip())
        if finding.fix:
            click.echo(
                f"{'':18}fix: {finding.fix}" if finding.state == "fails" else f"{'':18}to have it: {finding.fix}"
            )
    failed = sum(finding.state == "fails" for finding in findings)
    click.echo("everything needed is there" if not failed else f"{failed} of {len(findings)} fail")
