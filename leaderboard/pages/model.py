"""A model: what each verdict says, and what stands behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from einthoven.bench.arms import ARMS
from einthoven.bench.audit.lines import summary_lines as danger_lines
from einthoven.leaderboard.audits import audit_of_run, figures_of
from einthoven.leaderboard.render import render
from einthoven.leaderboard.runs import Run
from einthoven.leaderboard.site import Site

__all__ = ["PARTS", "pages"]

#: Templates in ``templates/model/``, in their order; each is given ``model``, ``board``, ``run``, ``result``.
PARTS = ("verdicts", "arms", "pairs", "collapse", "contradictions", "danger", "others", "failures", "provenance")

#: Key in ``result.json``, the two counts, caption, headings.
_CONTRADICTIONS = (
    (
        "swapped",
        "donor",
        "recipient",
        "Another patient's picture with this patient's text: answers that agree with one of the two",
        ("with the picture", "with the text", "share with the picture"),
    ),
    (
        "conflict",
        "picture",
        "text",
        "The true picture, one printed number moved across a clinical threshold",
        ("with the picture", "with the number", "share with the number"),
    ),
)


def pages(site: Site) -> Iterator[tuple[str, bytes]]:
    """Yield a page a model, and the list of all."""
    for model in site.models:
        yield render(
            site,
            model.path,
            "model.html.j2",
            model=model,
            parts=PARTS,
            extras={board.number: _extra(run) for board, run in model.runs},
            arm_names=_arm_names,
            arm_rows=_arm_rows,
            arm_titles={name: arm.title for name, arm in ARMS.items()},
            contradictions=_CONTRADICTIONS,
            danger_lines=danger_lines,
            cost_figures=figures_of,
        )
    yield render(site, "models/index.html", "models.html.j2")


def _arm_names(result: Mapping[str, Any], asked: bool = False) -> list[str]:
    """Return the arms of a run in their order: those that are scored, or all that were asked."""
    scored = next(iter((result["axes"] or result["secondary"]).values()))["arms"]
    found = result["arms"] if asked else scored
    return [name for name in ARMS if name in found] + sorted(name for name in found if name not in ARMS)


def _arm_rows(axis: Mapping[str, Any]) -> list[tuple[str, float | None, list[float] | None, str]]:
    """Return the rows of a forest plot; the headline's colour is its verdict's."""
    word = axis["verdict"]["word"] if "verdict" in axis else ""
    names = [name for name in ARMS if name in axis["arms"]]
    return [
        (name, arm["informedness"], arm["informedness_ci"], word if name == "image" else "")
        for name in names
        for arm in (axis["arms"][name],)
    ]


def _extra(run: Run) -> dict[str, Any]:
    """Return the audit, and what ``run.json`` says of the model, as text: no schema checks anything in that."""
    settings = run.settings()

    def pairs(value: Any) -> list[tuple[str, str]]:
        known = value if isinstance(value, dict) else {}
        return [(str(key), str(each)) for key, each in list(known.items())[:50]]

    identity = settings.get("identity")
    return {
        "parameters": pairs(identity.get("parameters") if isinstance(identity, dict) else None),
        "audit": audit_of_run(run),
        "provider": pairs(settings.get("provider")),
        "prompts": pairs(settings.get("prompts")),
    }
