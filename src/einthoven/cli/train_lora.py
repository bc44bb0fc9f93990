"""``einthoven train lora``: an adapter of a vision-language model, or its blind twin."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from einthoven.errors import EinthovenError

__all__ = ["lora"]


def _fault(option: click.Parameter, value: Any) -> str:
    """Say what an option's value in a TOML file must be; nothing where it is."""
    if option.multiple:
        right = isinstance(value, list) and all(isinstance(one, str) for one in value)
        return "" if right else f'write a list, such as {option.name} = ["q_proj"]'
    if not isinstance(value, str | int | float):
        return "write a text, a number, true or false"
    if isinstance(value, bool) and not getattr(option, "is_flag", False):
        return "write a text or a number"
    return "write a whole number" if isinstance(option.type, click.IntRange) and isinstance(value, float) else ""


def _recipe(ctx: click.Context, parameter: click.Parameter, path: Path | None) -> Path | None:
    """Let a TOML file give the options that the command line does not."""
    if path is None:
        return None
    import tomllib

    try:
        given = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise EinthovenError(f"{path} cannot be read: {error}", "correct it") from None
    known = {one.name: one for one in ctx.command.params}
    for key in given:
        if key not in known:
            from einthoven.errors import unknown_name

            raise unknown_name(f"option in {path}:", key, [name for name in known if name])
        # click would end in a traceback on a table, and read 2.7 as 2
        fault = _fault(known[key], given[key])
        if fault:
            raise EinthovenError(f"{path}: {key} is {given[key]!r}", fault)
    ctx.default_map = {**(ctx.default_map or {}), **given}
    return path


@click.command()
@click.argument("model")
@click.option(
    "--recipe",
    type=click.Path(path_type=Path, dir_okay=False),
    callback=_recipe,
    is_eager=True,
    expose_value=False,
    help="TOML file with any of these options; the command line comes first.",
)
@click.option("--data", default="sim", show_default=True, help="Data source with training records: ptbxl:DIR, sim, …")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="The adapter's folder.")
@click.option("--task", default="dense", show_default=True, help="What is asked.")
@click.option("--view", default="", help="How the ECG is shown. [default: grid; page for images:DIR]")
@click.option("--arm", default="image", show_default=True, help="What is given.")
@click.option("--blind", is_flag=True, help="Train the blind twin: the same text, no picture.")
@click.option("--degrade", type=click.Choice(["scan", "photo", "fax"]), help="Show worn pages; needs --severity.")
@click.option("--severity", type=click.IntRange(1, 5), help="How badly --degrade wears them.")
@click.option("--limit", type=click.IntRange(min=1), help="Training records at most.")
@click.option("--validation", type=click.IntRange(min=0), default=200, show_default=True, help="Records at most.")
@click.option("--rank", type=click.IntRange(min=1), default=16, show_default=True)
@click.option("--alpha", type=click.IntRange(min=1), default=32, show_default=True)
@click.option("--dropout", type=click.FloatRange(0, 1, max_open=True), default=0.05, show_default=True)
@click.option("--dora", is_flag=True, help="Weight-decomposed.")
@click.option(
    "--target", "targets", multiple=True, default=("all-linear",), show_default=True, help="Ends of layers' names."
)
@click.option("--vision", is_flag=True, help="Adapt the vision tower too.")
@click.option("--full", is_flag=True, help="Train every weight in place of an adapter; writes a whole model.")
@click.option("--epochs", type=click.FloatRange(min=0, min_open=True), default=3.0, show_default=True)
@click.option("--batch", type=click.IntRange(min=1), default=1, show_default=True, help="Samples on a device.")
@click.option("--accumulate", type=click.IntRange(min=1), default=8, show_default=True, help="Batches an update.")
@click.option("--learning-rate", type=click.FloatRange(min=0, min_open=True), default=1e-4, show_default=True)
@click.option("--warmup", type=click.FloatRange(0, 1, max_open=True), default=0.03, show_default=True)
@click.option("--weight-decay", type=click.FloatRange(min=0), default=0.0, show_default=True)
@click.option(
    "--max-length", type=click.IntRange(min=0), default=0, help="Tokens of a sample. [default: the context]"
)
@click.option("--checkpointing/--no-checkpointing", default=True, show_default=True, help="Of activations.")
@click.option("--balanced", default="", metavar="AXIS", help="Let the values of an axis come equally often.")
@click.option("--evaluate", type=click.IntRange(min=0), default=0, help="Updates between looks; 0: an epoch.")
@click.option(
    "--patience", type=click.IntRange(min=0), default=0, help="Looks without gain that end it. [default: 0]"
)
@click.option("--answered", type=click.IntRange(min=0), default=32, show_default=True, help="Records scored a look.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True)
@click.option("--device", default="", help="cuda, mps, cpu. [default: the first GPU]")
@click.option("--dtype", default="", help="bfloat16, float16 or float32. [default: by device]")
@click.option("--attention", default="", help="sdpa, eager, flash_attention_2, … [default: sdpa]")
@click.option("--bits", type=click.Choice(["4", "8"]), help="Load the base quantized (QLoRA).")
@click.option("--fresh", is_flag=True, help="Start over: forget what stands in the folder.")
@click.option("--jobs", type=click.IntRange(min=1), help="Processes that read and draw. [default: cores]")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def lora(
    model: str,
    data: str,
    out: Path,
    task: str,
    view: str,
    arm: str,
    blind: bool,
    degrade: str | None,
    severity: int | None,
    limit: int | None,
    validation: int,
    device: str,
    dtype: str,
    attention: str,
    bits: str | None,
    fresh: bool,
    jobs: int | None,
    as_json: bool,
    **recipe: Any,
) -> None:
    """Train a LoRA adapter of MODEL (hf/REPO-OR-PATH) on a source's training records.

    The same command run again goes on where it stopped. On several devices: accelerate launch -m einthoven train
    lora …
    """
    import os

    from einthoven.adapters.lora.recipe import Recipe
    from einthoven.bench.settings import Settings
    from einthoven.bench.train_lora import LoraTraining, train_lora
    from einthoven.bench.trained_name import trained_name

    if not model.startswith("hf/"):
        raise EinthovenError(f"{model} cannot be trained here", "give hf/REPO-OR-PATH")
    if "?" in model:
        name, _, query = model.partition("?")
        options = " ".join(f"--{part.replace('=', ' ')}" for part in query.split("&"))
        raise EinthovenError(f"{model}: a training takes no parameters in the name", f"write {name} {options}")
    cores = jobs or os.cpu_count() or 1
    settings = Settings(
        model,
        data,
        task,
        view,
        ("image",),
        "train",
        limit,
        out,
        fresh,
        cores,
        degrade=degrade or "",
        severity=severity or 0,
    )
    wanted = LoraTraining(
        model,
        settings,
        arm,
        Recipe(**recipe),
        blind,
        validation,
        device,
        dtype,
        attention,
        int(bits or 0),
        workers=cores if cores > 1 else 0,
    )
    found = train_lora(wanted)
    if int(os.environ.get("RANK", "0")):
        return
    if as_json:
        click.echo(json.dumps(found, indent=1))
        return
    result = found["result"]
    loss = "" if result["validation_loss"] is None else f", validation loss {result['validation_loss']:.4f}"
    click.echo(f"{result['steps']} updates on {found['data']['records']} records{loss}")
    for axis, shares in result["axes"].items():
        click.echo(f"  {axis:20} right {shares['accuracy']:6.1%}   majority {shares['majority']:6.1%}")
    full = wanted.recipe.full
    name = trained_name(model, out, full)
    click.echo(f"{'model' if full else 'adapter'}: {out}")
    if blind:
        sighted = trained_name(model, Path("SIGHTED"), full)
        click.echo(f"ask it:  beside its twin, by einthoven run {sighted} --twin {name} …")
        return
    shown = f" --view {view}" if view else ""
    shown += f" --degrade {degrade} --severity {severity}" if degrade else ""
    shown += "" if arm == "image" else f" --arm {arm} --arm measurements"
    click.echo(f"run it:  einthoven run {name} --data {data} --task {task}{shown}")
