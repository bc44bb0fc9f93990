"""The score as it grows is of the picture alone, where that is asked."""

from collections.abc import Mapping
from typing import Any

from einthoven.bench.live import LiveScore, is_right
from einthoven.bench.sources.registry import open_source
from einthoven.ecg.reading import Reading
from einthoven.tasks.registry import task
from einthoven.tasks.taxonomy import axis_value

NORMAL = Reading("normal", "sinus", "normal", frozenset(), frozenset(), frozenset(), frozenset({"normal_ecg"}))


def test_what_is_said_without_the_picture_does_not_count() -> None:
    chosen = task("dense")
    (entry, *_) = [one for one in open_source("sim-demo").entries if one.split == "test"]

    def row(arm: str, text: str, **more: str) -> Mapping[str, Any]:
        return {"record": entry.id, "arm": arm, "status": "ok", "text": text, **more}

    known = [axis for axis in chosen.asked if not entry.truth[axis].masked]
    share = sum(is_right(entry.truth[axis], axis_value(NORMAL, axis)) for axis in known) / len(known)
    assert share > 0
    normal = chosen.target(NORMAL)
    live = LiveScore(chosen, [entry], [NORMAL], "image")
    live.count({"record": entry.id, "arm": "no-image", "status": "declined"})
    live.count(row("image+measurements", "no JSON at all"))
    assert live.line() == ""
    live.count(row("image", normal))
    assert live.line() == f"image right {share:.1%} (majority {share:.1%}), 0 unparsed"
    live.count(row("image", "no JSON at all"))
    assert live.line() == f"image right {share / 2:.1%} (majority {share:.1%}), 1 unparsed"
    every = LiveScore(chosen, [entry], [NORMAL])
    every.count(row("no-image", "no JSON at all"))
    assert every.line().startswith("right 0.0%") and every.line().endswith(", 1 unparsed")
