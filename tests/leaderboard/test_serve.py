import os
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from einthoven.errors import EinthovenError
from einthoven.leaderboard.serve import server


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    (folder / "data").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html>home")
    (folder / "data" / "scores.csv").write_text("a,b\n")
    (tmp_path / "secret.txt").write_text("not of the site")
    return folder


@pytest.fixture
def address(site: Path) -> Iterator[str]:
    with server(site, 0) as serving:
        thread = threading.Thread(target=serving.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{serving.server_port}"
        serving.shutdown()
        thread.join()


def test_files_of_the_site_are_served(address: str) -> None:
    with urllib.request.urlopen(f"{address}/") as answer:
        assert answer.read() == b"<!doctype html>home"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Type"] == "text/html"
    with urllib.request.urlopen(f"{address}/data/scores.csv") as answer:
        assert answer.read() == b"a,b\n"


@pytest.mark.parametrize("path", ["/data/", "/../secret.txt", "/%2e%2e/secret.txt", "/none.html"])
def test_nothing_else_is(address: str, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(address + path)
    assert caught.value.code == 404


def test_no_site_and_a_taken_port_are_two_lines(site: Path) -> None:
    with pytest.raises(EinthovenError, match="holds no site"):
        server(site / "data", 0)
    with server(site, 0) as serving, pytest.raises(EinthovenError, match="cannot serve on port") as caught:
        server(site, serving.server_port)
    assert "--port" in caught.value.remedy


def test_command_names_its_address_and_ends_with_the_interrupt(site: Path) -> None:
    command = [sys.executable, "-m", "einthoven", "leaderboard", "serve", str(site), "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONUNBUFFERED": "1"}
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        line = process.stdout.readline()
        with urllib.request.urlopen(line.split()[0]) as answer:
            assert answer.status == 200
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 0
        assert process.stderr.read() == ""
