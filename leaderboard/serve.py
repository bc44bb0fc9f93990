"""A site shown to this machine's browser: its files and nothing else, to nobody else."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from einthoven.errors import EinthovenError, Exit
from einthoven.leaderboard.strangers import visible

__all__ = ["server"]


class _Handler(SimpleHTTPRequestHandler):
    """Files of the site; no lists of folders, and nothing kept by the browser: the next build shows at once."""

    def list_directory(self, path: object) -> None:
        """Refuse to list a folder."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def end_headers(self) -> None:
        """Add what a site of strangers' strings should be served with."""
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing of what goes well."""


def server(site: Path, port: int) -> ThreadingHTTPServer:
    """Return a server of a site, bound to this machine alone; `serve_forever` starts it.

    Parameters
    ----------
    site : Path
        A folder that `build` wrote.
    port : int
        0 takes any free one.

    Raises
    ------
    EinthovenError
        There is no site, or the port is taken.
    """
    if not (site / "index.html").is_file():
        raise EinthovenError(
            f"{visible(str(site), 300)} holds no site: no index.html",
            "build one first: einthoven leaderboard build BUNDLES --out SITE",
            Exit.MISSING,
        )
    try:
        return ThreadingHTTPServer(("127.0.0.1", port), partial(_Handler, directory=str(site)))
    except (OSError, OverflowError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no such port"
        raise EinthovenError(f"cannot serve on port {port}: {reason}", "give another one with --port") from None
