"""A model hub in a thread: one repository out of a folder, and one of each kind that cannot be had."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

__all__ = ["COMMIT", "hub"]

COMMIT = "0123456789abcdef0123456789abcdef01234567"

#: Repository -> what the hub answers of it.
_REFUSED = {
    "owner/gated": (403, "GatedRepo"),
    "owner/none": (401, "RepoNotFound"),
    "owner/gguf": (404, "EntryNotFound"),
}


class _Handler(BaseHTTPRequestHandler):
    folder: Path
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        pass

    def _send(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for key, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def do_GET(self) -> None:
        path = self.path.partition("?")[0].strip("/").removeprefix("api/models/")
        repository = "/".join(path.split("/")[:2])
        if repository in _REFUSED:
            status, code = _REFUSED[repository]
            return self._send(status, X_Error_Code=code, X_Error_Message=f"{code} {repository}")
        if repository != "owner/tiny":
            return self._send(404, X_Error_Code="RepoNotFound")
        rest = path.split("/")[2:]
        if len(rest) > 1 and rest[1] not in ("main", COMMIT):
            return self._send(404, X_Error_Code="RevisionNotFound")
        if rest[0] == "resolve":
            return self._file(self.folder / rest[2])
        files = sorted(self.folder.iterdir())
        if rest[0] == "tree":
            rows = [
                {
                    "type": "file",
                    "path": p.name,
                    "size": p.stat().st_size,
                    "oid": hashlib.sha1(p.read_bytes()).hexdigest(),
                }
                for p in files
            ]
            return self._send(200, json.dumps(rows).encode(), Content_Type="application/json", X_Repo_Commit=COMMIT)
        info = {"id": "owner/tiny", "sha": COMMIT, "siblings": [{"rfilename": p.name} for p in files]}
        return self._send(200, json.dumps(info).encode(), Content_Type="application/json")

    def _file(self, path: Path) -> None:
        if not path.is_file():
            return self._send(404, X_Error_Code="EntryNotFound", X_Repo_Commit=COMMIT)
        body = path.read_bytes()
        return self._send(200, body, ETag=f'"{hashlib.sha1(body).hexdigest()}"', X_Repo_Commit=COMMIT)

    do_HEAD = do_GET


@contextmanager
def hub(folder: Path) -> Iterator[str]:
    """Serve a model's folder as ``owner/tiny``; gives the address."""
    handler = type("Handler", (_Handler,), {"folder": folder})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
