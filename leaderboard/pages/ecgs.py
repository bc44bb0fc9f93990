"""The ECGs and the data: a list of every board with filters, a page each, all answers as registries and downloads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from einthoven.leaderboard.answer_exports import answer_exports
from einthoven.leaderboard.answers import BoardAnswers, board_answers
from einthoven.leaderboard.boards import Board
from einthoven.leaderboard.crew import Crew
from einthoven.leaderboard.downloads import download_pages
from einthoven.leaderboard.ecg_board import EcgBoard, ecg_board
from einthoven.leaderboard.ecg_page import ecg_files, findings, media_path
from einthoven.leaderboard.ecg_paths import answers_key, asked_key, ecg_index_path, ecg_path, ecgs_key
from einthoven.leaderboard.exports import Described, score_exports
from einthoven.leaderboard.pages import compare
from einthoven.leaderboard.raw_answers import asked_board
from einthoven.leaderboard.registry import registry_bytes
from einthoven.leaderboard.render import render
from einthoven.leaderboard.sheets import Sheet
from einthoven.leaderboard.site import Site
from einthoven.leaderboard.strangers import visible

__all__ = ["pages"]

#: ECGs that a worker makes at a time.
_CHUNK = 25


def pages(site: Site) -> Iterator[tuple[str, bytes]]:
    """Yield everything about single ECGs, and the downloads; boards of which no run has rows are only named."""
    sizes = [sum(arm["asked"] for run in board.runs for arm in run.result["arms"].values()) for board in site.boards]
    listed: list[tuple[Board, int, int]] = []
    pictures: set[str] = set()
    scores = list(score_exports(site.boards))
    yield from ((export.path, export.content) for export in scores)
    downloads: list[tuple[Board, list[Described]]] = []
    with Crew(max(sizes, default=0)) as crew:
        for board in site.boards:
            with TemporaryDirectory(prefix="einthoven-site-") as scratch:
                found = board_answers(site, board, Path(scratch), crew)
                if found is None:
                    listed.append((board, 0, 0))
                    continue
                ecgs = ecg_board(site, found)
                listed.append((board, len(ecgs.truths.ids), len(ecgs.media)))
                yield from _registries(ecgs, found, crew)
                downloads.append((board, []))
                for export in answer_exports(found):
                    downloads[-1][1].append(export.described())
                    yield export.path, export.content
                yield from compare.answered(site, found)
                yield _index(ecgs)
                yield from _ecg_pages(ecgs, crew)
                for media in ecgs.media.values():
                    for picture in media.pictures:
                        if picture.sha256 not in pictures:
                            pictures.add(picture.sha256)
                            yield media_path(picture.sha256), picture.path.read_bytes()
    yield render(site, "ecg/index.html", "ecg_boards.html.j2", listed=listed, ecg_index_path=ecg_index_path)
    yield from download_pages(site, [export.described() for export in scores], downloads)


def _registry(job: tuple[str, str, Sheet]) -> tuple[str, bytes]:
    key, model, sheet = job
    return f"data/{key}.js", registry_bytes(key, sheet.to_json(model))


def _registries(ecgs: EcgBoard, found: BoardAnswers, crew: Crew) -> Iterator[tuple[str, bytes]]:
    key = ecgs_key(ecgs.board)
    document = {
        "ids": [visible(record) for record in ecgs.truths.ids],
        "pages": [ecg_path(ecgs.board, record) for record in ecgs.truths.ids],
        "axes": {axis.name: axis.to_json() for axis in ecgs.truths.axes},
    }
    yield f"data/{key}.js", registry_bytes(key, document)
    key = asked_key(ecgs.board)
    yield f"data/{key}.js", registry_bytes(key, asked_board(ecgs))
    site = ecgs.site
    jobs = [
        (answers_key(ecgs.board, one.slug), site.shown(one.run.model), one.gathered.sheet) for one in found.answered
    ]
    yield from crew.map(_registry, jobs)


def _index(ecgs: EcgBoard) -> tuple[str, bytes]:
    rows = []
    for column, record in enumerate(ecgs.truths.ids):
        right = [model.right[0, :, column] for model in ecgs.models if model.compared]
        counted = sum(int((each >= 0).sum()) for each in right)
        good = sum(int((each == 1).sum()) for each in right)
        rows.append(
            (
                visible(record),
                ecg_path(ecgs.board, record),
                visible(findings(ecgs, column), 200) if findings(ecgs, column) else "",
                record in ecgs.media,
                f"{good} of {counted}" if counted else "",
            )
        )
    return render(
        ecgs.site,
        ecg_index_path(ecgs.board),
        "ecgs.html.j2",
        board=ecgs.board,
        rows=rows,
        rule=ecgs.rule,
        pictured=len(ecgs.media),
        axes=[(axis.name, title) for axis, title in zip(ecgs.truths.axes, ecgs.titles, strict=True)],
        models=[(model.slug, model.name) for model in ecgs.models],
        key=ecgs_key(ecgs.board),
    )


def _chunk(ecgs: EcgBoard, columns: range) -> list[tuple[str, bytes]]:
    return [file for column in columns for file in ecg_files(ecgs, column)]


def _ecg_pages(ecgs: EcgBoard, crew: Crew) -> Iterator[tuple[str, bytes]]:
    total = len(ecgs.truths.ids)
    chunks = [range(start, min(start + _CHUNK, total)) for start in range(0, total, _CHUNK)]
    for files in crew.map_with(ecgs, _chunk, chunks):
        yield from files
