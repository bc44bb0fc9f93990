"""What stands in a run's folder already: whose it is, what was answered, and what must not be lost."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Mapping, Sequence, Set
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson

from einthoven.bench.bundle import read_bundle
from einthoven.bench.journal import Journal
from einthoven.bench.settings import Settings
from einthoven.bench.sources.source import Source
from einthoven.errors import EinthovenError
from einthoven.exchange import Adapter, Example, FittedAdapter
from einthoven.renderers.registry import RENDERER_VERSION
from einthoven.tasks import taxonomy
from einthoven.tasks.task import Task

__all__ = ["known_rows", "refuse_another_run", "refuse_to_drop", "run_identity", "set_aside"]

#: The files of a finished run.
_FILES = ("result.json", "run.json", "answers.jsonl.gz", "records.jsonl.gz")

#: What may stand beside them, and is of the same answers.
_BESIDE = ("audit.json", "probabilities.npz")


def run_identity(
    settings: Settings, adapter: Adapter, source: Source, chosen: Task, learn: Sequence[Sequence[Example]]
) -> dict[str, Any]:
    """Return what must be the same for two runs to share answers. Arms and limit may grow."""
    index = hashlib.sha256(b"\n".join(sorted(f"{e.id}/{e.patient.id}/{e.split}".encode() for e in source.entries)))
    return {
        "model": adapter.name,
        "parameters": dict(adapter.parameters),
        "data": {"name": source.name, "index": index.hexdigest()[:16], "split": settings.split},
        "task": {"name": chosen.name, "version": chosen.version},
        "view": _view(settings),
        "taxonomy": taxonomy.version(),
        "learnt": _learnt(learn) if isinstance(adapter, FittedAdapter) else None,
    }


def _view(settings: Settings) -> dict[str, str]:
    row = {"name": settings.view, "version": RENDERER_VERSION}
    return row | {"degraded": f"{settings.degrade}:{settings.severity}"} if settings.degrade else row


def _learnt(learn: Sequence[Sequence[Example]]) -> str:
    """Hash what a fitted adapter learns from: with other labels its old answers are another model's."""
    rows = [[(e.record_id, e.truth.to_json(), e.measurements) for e in examples] for examples in learn]
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:16]


def refuse_another_run(folder: Path, identity: Mapping[str, Any]) -> None:
    """Refuse a folder that holds another run, before anything is read or written there."""
    before: Any = None
    journal = folder / "journal.jsonl"
    if journal.is_file():
        with journal.open("rb") as stream, suppress(ValueError, AttributeError):
            before = orjson.loads(stream.readline()).get("identity")
    if before is None and (folder / "run.json").is_file():
        before = read_bundle(folder).run["identity"]
    if before is not None and before != identity:
        other = next(key for key in identity if before.get(key) != identity[key])
        raise EinthovenError(
            f"{folder} holds another run: its {other}{_unlike(before.get(other), identity[other])}",
            "give another --out, or start over with --fresh",
        )


def _unlike(before: Any, now: Any) -> str:
    """Say in what two identities differ: of several facts only those that are not the same."""
    if not isinstance(before, Mapping) or not isinstance(now, Mapping):
        return f" is {before}, not {now}"
    keys = [key for key in {**before, **now} if before.get(key) != now.get(key)]
    return ": " + ", ".join(f"{key} is {before.get(key, '-')}, not {now.get(key, '-')}" for key in keys)


def set_aside(folder: Path) -> None:
    """Make room for a fresh run; what stood there is moved, never deleted: answers may have cost money."""
    old = [folder / name for name in (*_FILES, *_BESIDE, "journal.jsonl") if (folder / name).is_file()]
    if not old:
        return
    number = next(k for k in itertools.count(1) if not (folder / f"replaced-{k}").exists())
    (folder / f"replaced-{number}").mkdir()
    for path in old:
        path.rename(folder / f"replaced-{number}" / path.name)


def known_rows(folder: Path, journal: Journal) -> list[dict[str, Any]]:
    """Return what earlier processes of this run were told."""
    rows = list(journal.rows())  # the first one holds the identity
    earlier: list[dict[str, Any]] = []
    if all((folder / name).is_file() for name in _FILES[1:]):
        finished = read_bundle(folder)
        digests = {row["id"]: row["digest"] for row in finished.records}
        earlier = [dict(row, status=row["asked"], digest=digests[row["record"]]) for row in finished.answers]
    return earlier + rows[1:]


def refuse_to_drop(extra: Set[tuple[str, str]], folder: Path) -> None:
    """Refuse a command that would leave out answers that stand in the folder: they may have cost money."""
    if extra:
        record, name = min(extra)
        raise EinthovenError(
            f"{folder} has {len(extra)} answers that this command leaves out, such as {record} in arm {name}",
            "ask for them too (--limit, --arm), give another --out, or start over with --fresh",
        )
