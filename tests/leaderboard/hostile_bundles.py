"""Bundles as somebody would send them who means harm: each bends a copy of a good one.

Those of `INERT` build, and their strings must be text and nothing more; `REFUSED` are turned away in two lines.
"""

import gzip
import hashlib
import json
import pickle
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

SCRIPT = "<script>document.title='owned';fetch('https://evil.example/')</script>"
IMAGE = '"><img src=x onerror="document.title=\'owned\'"><a href=javascript:alert(1)>'


def _json(path: Path, change: Callable[[Any], None]) -> None:
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document))


def _rows(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    rows = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
    for row in rows:
        change(row)
    path.write_bytes(gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode(), mtime=0))


def _rename_model(name: str) -> Callable[[Path], None]:
    def bend(folder: Path) -> None:
        for file in ("result.json", "run.json"):
            _json(folder / file, lambda document: document["model"].update(name=name))

    return bend


def _rename_records(name: str) -> Callable[[Path], None]:
    def bend(folder: Path) -> None:
        _rows(folder / "records.jsonl.gz", lambda row: row.update(id=row["id"] + name))
        _rows(folder / "answers.jsonl.gz", lambda row: row.update(record=row["record"] + name))

    return bend


def _answers(**change: Any) -> Callable[[Path], None]:
    """Bend answers that are not scored against the truth of the ECG, so that the scores still hold."""

    def bend(folder: Path) -> None:
        _rows(folder / "answers.jsonl.gz", lambda row: row.update(change if row["arm"] == "swapped" else {}))

    return bend


def _records(**change: Any) -> Callable[[Path], None]:
    return lambda folder: _rows(folder / "records.jsonl.gz", lambda row: row.update(change))


def _reasons(folder: Path) -> None:
    def change(row: dict[str, Any]) -> None:
        for truth in row["truth"]["axes"].values():
            truth["reason"] = IMAGE + SCRIPT

    _rows(folder / "records.jsonl.gz", change)


class _Bomb:
    """Makes a file where it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (Path(self.place),))

    def __init__(self, place: Path) -> None:
        self.place = str(place)


def _pickles(folder: Path) -> None:
    content = pickle.dumps(_Bomb(folder.parent / "exploded"))
    (folder / "media").mkdir(exist_ok=True)
    for place in ("answers.pkl", "records.pickle", "cache.joblib", "media/traces.npy", "media/media.pkl"):
        (folder / place).write_bytes(content)


#: Name -> how the bundle is bent. All of these build.
INERT: Mapping[str, Callable[[Path], None]] = {
    "script as a model": _rename_model(f"x/{SCRIPT}"),
    "folders as a model": _rename_model("../../../../../../tmp/evil/../../x\\..\\y"),
    "turned and invisible name": _rename_model("x/\u202eevil\u2066\u200b\u0000\u001b[31m" + "e\u0301" * 500),
    "script as a record": _rename_records(f"/../{IMAGE}{SCRIPT}"),
    "script as an answer": _answers(
        status="invalid", text=f"</pre></textarea>{SCRIPT}{IMAGE}", detail=SCRIPT + IMAGE
    ),
    "script as a truth's reason": _reasons,
    "script in every free field": _records(device=SCRIPT, site=IMAGE, quality="]]>--><!--" + SCRIPT, donor=IMAGE),
    "pickles beside it": _pickles,
}


def _bomb(name: str, line: bytes, times: int) -> Callable[[Path], None]:
    def bend(folder: Path) -> None:
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        parts = [packer.compress(line) for _ in range(times)]
        (folder / name).write_bytes(b"".join([*parts, packer.flush()]))

    return bend


def _media(change: Callable[[Path, dict[str, Any]], None]) -> Callable[[Path], None]:
    def bend(folder: Path) -> None:
        def first(document: dict[str, Any]) -> None:
            change(folder / "media", next(iter(document["records"].values())))

        _json(folder / "media" / "media.json", first)

    return bend


def _store(place: Path, content: bytes, suffix: str) -> str:
    digest = hashlib.sha256(content).hexdigest()
    (place / f"{digest}{suffix}").write_bytes(content)
    return digest


def _page_is(content: bytes) -> Callable[[Path], None]:
    return _media(lambda place, row: row["pages"][0].update(sha256=_store(place, content, ".png")))


def _linked(place: Path, row: dict[str, Any]) -> None:
    path = place / f"{row['pages'][0]['sha256']}.png"
    path.unlink()
    path.symlink_to("/etc/passwd")


def _trace_bomb(place: Path, row: dict[str, Any]) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    content = packer.compress(b"\0" * 300_000_000) + packer.flush()
    row["trace"]["sha256"] = _store(place, content, ".i16")


def _braggart(document: dict[str, Any]) -> None:
    document["axes"]["rhythm"]["arms"]["image"]["accuracy"] = 0.999


#: Name -> (how the bundle is bent, what the refusal says).
REFUSED: Mapping[str, tuple[Callable[[Path], None], str]] = {
    "bomb of one line": (_bomb("answers.jsonl.gz", b" " * 1_000_000, 800), "bytes a row"),
    "bomb of empty rows": (_bomb("records.jsonl.gz", b"{}\n" * 500_000, 6), "rows"),
    "bomb of large rows": (_bomb("answers.jsonl.gz", b'{"a":"' + b"x" * 3_000_000 + b'"}\n', 200), "in all"),
    "nested deeply": (_bomb("answers.jsonl.gz", b"[" * 100_000 + b"\n", 1), "damaged"),
    "half a letter": (_bomb("answers.jsonl.gz", b'{"arm":"\\ud800"}\n', 1), "damaged"),
    "torn": (lambda folder: (folder / "answers.jsonl.gz").write_bytes(b"\x1f\x8b\x08\0") and None, "damaged"),
    "rows of another result": (lambda folder: _json(folder / "result.json", _braggart), "right on rhythm"),
    "picture from elsewhere": (
        _media(lambda _, row: row["pages"][0].update(sha256="../../../../../../etc/passwd")),
        "no SHA-256",
    ),
    "picture that is a page": (_page_is(f"<!doctype html>{SCRIPT}".encode()), "no PNG"),
    "picture that is SVG": (_page_is(f"<svg xmlns='http://www.w3.org/2000/svg'>{SCRIPT}</svg>".encode()), "no PNG"),
    "picture of a gigapixel": (
        _page_is(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\1\0\0\0\1\0\0\1\0\0\0\0" + b"\0" * 40),
        "65536x65536 pixels",
    ),
    "picture that is a link": (_media(_linked), "no plain file"),
    "trace that is a bomb": (_media(_trace_bomb), "more than"),
}
