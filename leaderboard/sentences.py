"""What a verdict says, in a sentence for everyone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from einthoven.leaderboard.clinical import listed
from einthoven.leaderboard.figures import percent
from einthoven.leaderboard.strangers import visible

__all__ = ["answer_words", "axis_title", "command", "commonest", "conclusion", "plain_sentence"]

_CONCLUSIONS: Mapping[str, str] = {
    "reads": "This model reads {axis} off the trace.",
    "associated": "Better than guessing; that the trace itself moves the answers was not shown.",
    "leaks": "The printed numbers give it away: no evidence that this model reads {axis} off the picture.",
    "prior": "No evidence that this model reads {axis}.",
    "underpowered": "These ECGs cannot tell whether this model reads {axis}.",
}


def answer_words(answer: str | Sequence[str] | None) -> str:
    """Return an answer as words: a class, labels with commas, ``none`` for no label."""
    if answer is None:
        return "no usable answer"
    return visible(listed([answer] if isinstance(answer, str) else answer), 160)


def axis_title(name: str) -> str:
    """Return an axis as the pages head it; another label space by its own name."""
    from einthoven.tasks.taxonomy import axes

    known = axes().get(name)
    return known.title if known else visible(name.replace("_", " ").capitalize(), 60)


def commonest(axis: Mapping[str, Any]) -> tuple[str, int] | None:
    """Return the class or label that most ECGs have, and how many; nothing where there is no truth."""
    cases: Mapping[str, int] = axis["cases"]
    return min(cases.items(), key=lambda item: (-item[1], item[0])) if cases else None


def conclusion(word: str, title: str) -> str:
    """Return what a word says about an axis."""
    return _CONCLUSIONS[word].format(axis=title.lower().replace(":", ""))


def plain_sentence(axis: Mapping[str, Any]) -> str:
    """Return the score of an axis beside the commonest answer's.

    Parameters
    ----------
    axis : mapping
        An axis or label space of ``result.json``.
    """
    image, majority = axis["arms"]["image"], axis["baselines"]["majority"]
    if image["accuracy"] is None:
        return "No ECG here has a truth to score."
    how = "exactly right" if axis["kind"] == "set" else "correct"
    said = answer_words(majority["modal_answer"])
    always = f"Always answering “{said}” scores {percent(majority['accuracy'])}."
    if majority["modal_share"] < 1:  # the folds learnt different answers
        always = f"The training folds' commonest answer scores {percent(majority['accuracy'])}."
    if image["accuracy"] < majority["accuracy"] and axis.get("verdict", {}).get("word") in ("reads", "associated"):
        always += " The model is right less often: the verdict weighs rare answers as much as common ones."
    return f"{percent(image['accuracy'])} {how}. {always}"


def command(result: Mapping[str, Any]) -> str:
    """Return the command that makes such a run; a folder of data is for the reader to fill in."""
    from shlex import quote

    from einthoven.bench.arms import CONTROLS

    name = result["data"]["name"]
    data = name if result["data"]["simulated"] else f"{name}:DIR"
    words = ["einthoven", "run", quote(visible(result["model"]["name"], 300)), "--data", quote(visible(data, 300))]
    for option, value, default in (
        ("--task", result["task"]["name"], "dense"),
        ("--view", result["view"]["name"], "grid"),
        ("--split", result["data"]["split"], "test"),
        ("--limit", result["data"]["limit"], None),
    ):
        if value != default:
            words += [option, quote(visible(str(value), 60))]
    asked = set(result["arms"])
    pairs = result.get("pairs", {}).get("per_contrast")
    for key, (arms, per_contrast) in CONTROLS.items():
        if asked == set(arms) and pairs in (None, per_contrast):
            return " ".join([*words, "--controls", key])
    others = sorted(asked - {"image"}) or ["image"]
    return " ".join(words + [part for arm in others for part in ("--arm", quote(visible(arm, 40)))])
