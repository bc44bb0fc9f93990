"""The model card of a trained adapter: on what, how, and what is not known of it yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from einthoven.bench.trained_name import trained_name

__all__ = ["card"]


def card(found: Mapping[str, Any], folder: Path, verdicts: Sequence[Mapping[str, Any]] = ()) -> str:
    """Write the card.

    Parameters
    ----------
    found : mapping
        What ``einthoven.json`` says of the training.
    folder : Path
        The adapter's.
    verdicts : sequence of mapping
        What runs with it said, as of `einthoven.bench.trained_card`.
    """
    recipe, result, base = found["recipe"], found["result"], found["base"]["name"]
    shows = (
        "nothing: the blind twin, trained on the same text without its pictures" if found["blind"] else "the pages"
    )
    full = recipe.get("full", False)
    lines = [
        "---",
        f"base_model: {base}",
        f"library_name: {'transformers' if full else 'peft'}",
        f"tags: [{'' if full else 'lora, '}ecg, einthoven]",
        "---",
        f"# {folder.name}",
        "",
        f"{'All weights of' if full else 'A LoRA adapter on'} `{base}` (weights {found['base']['weights']}), trained "
        "with einthoven. Not a medical device: nobody has shown that it reads ECGs.",
        "",
        "| | |",
        "|---|---|",
        f"| data | {found['data']['name']}, split train, {found['data']['records']:,} records "
        f"(ids {found['data']['ids']}; the list is in records.txt){', simulated' if found['simulated'] else ''} |",
        f"| left out | {found['left_out']:,} records whose truth does not fill an answer, or that cannot be read |",
        f"| task | {found['task']['name']} ({found['task']['version']}) |",
        f"| view, arm | {found['view']['name']}, {found['arm']} |",
        f"| saw | {shows} |",
        "| trained | every weight |"
        if full
        else f"| adapter | rank {recipe['rank']}, alpha {recipe['alpha']}, dropout {recipe['dropout']}"
        f"{', DoRA' if recipe['dora'] else ''}, {', '.join(recipe['targets'])}, vision tower "
        f"{'too' if recipe['vision'] else 'not'} |",
        f"| training | {result['steps']:,} updates of {recipe['batch']} x {recipe['accumulate']} a device, "
        f"learning rate {recipe['learning_rate']:g}, {found['dtype']}, seed {recipe['seed']} |",
        f"| versions | {', '.join(f'{key} {value}' for key, value in found['versions'].items())} |",
    ]
    if result["samples_per_second"]:
        lines.append(f"| speed | {result['samples_per_second']:.1f} samples/s, the median of the logged updates |")
    if result["validation_loss"] is not None:
        lines.append(f"| validation loss | {result['validation_loss']:.4f} at update {result['best_step']:,} |")
    if result["axes"]:
        lines += ["", "Right on validation records, beside the training majority (a glance, no verdict):", ""]
        lines += ["| axis | right | majority |", "|---|---|---|"]
        lines += [
            f"| {axis} | {shares['accuracy']:.1%} | {shares['majority']:.1%} |"
            for axis, shares in result["axes"].items()
        ]
    for run in verdicts:
        lines += _verdicts(run)
    lines += [
        "",
        "Another run on test records:"
        if verdicts
        else "Verdicts: none yet. Whether it reads the waveform is told by a run on test records:",
        "",
        "```sh",
        f"einthoven run {trained_name(f'hf/{base}', folder, full)} --data {found['data']['name']} "
        f"--task {found['task']['name']} "
        f"--view {found['view']['name']} --arm image --arm no-image --arm blank",
        "```",
        "",
        "![loss and validation answers](training.png)",
        "",
    ]
    return "\n".join(lines)


def _verdicts(run: Mapping[str, Any]) -> list[str]:
    """Write what one run said, a row an axis."""
    kind = "simulated ECGs" if run["simulated"] else "ECGs"
    lines = [
        "",
        f"Verdicts on {run['records']:,} {kind} of {run['data']}, split {run['split']} (task {run['task']}, view "
        f"{run['view']}, arms {', '.join(run['arms'])}):",
        "",
        "| axis | word | gain over the best blind arm |",
        "|---|---|---|",
    ]
    for axis, one in run["axes"].items():
        low, high = one["gain_ci"] or (None, None)
        gain = "–" if one["gain"] is None or low is None else f"{one['gain']:.2f} [{low:.2f}, {high:.2f}]"
        lines.append(f"| {axis} | {one['word'] or 'none: not the declared cell'} | {gain} |")
    return lines
