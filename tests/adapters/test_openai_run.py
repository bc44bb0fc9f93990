"""Whole runs of an API model, through the command line, against a real server on this machine."""

import gzip
import hashlib
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from api_case import KEY
from api_server import ApiServer, Deed, Seen, chat, failure

from einthoven.adapters.provider import Line
from einthoven.bench.bundle import read_bundle
from einthoven.bench.run import run
from einthoven.bench.settings import Settings
from einthoven.cli.main import main
from einthoven.errors import EinthovenError, Exit

pytest.importorskip("openai", reason="the openai SDK is not installed: pip install 'einthoven[api]'")

MODEL = "openai/gpt-5.5?retries=0"


@pytest.fixture(autouse=True)
def surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EINTHOVEN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("OPENAI_API_KEY", KEY)


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    whole = [sys.executable, "-m", "einthoven", "run", *arguments, "--controls", "none"]
    return subprocess.run(whole, capture_output=True, text=True, check=False, timeout=120)


def picture_of(seen: Seen) -> str:
    return hashlib.sha256("".join(seen.pictures).encode()).hexdigest()


def once_per_picture(*mishaps: Deed) -> Callable[[Seen], Deed]:
    """Give each of the first pictures a mishap at its first asking, and answer everything else."""
    left = list(mishaps)
    met: set[str] = set()

    def script(seen: Seen) -> Deed:
        picture = picture_of(seen)
        if picture in met or not left:
            return chat()
        met.add(picture)
        return left.pop(0)

    return script


def everything_below(folder: Path) -> bytes:
    """All bytes of a folder, gzip files unpacked."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    return b"".join(gzip.decompress(p.read_bytes()) if p.suffix == ".gz" else p.read_bytes() for p in files)


def test_nothing_is_lost_only_what_failed_is_asked_again_and_the_key_stays_in_memory(tmp_path: Path) -> None:
    echo = f"key {KEY} over quota"
    mishaps = (
        failure(500, "internal"),
        failure(401, echo),
        failure(429, echo, retry_after="0.2"),
        Deed(body=f"<html>{KEY}</html>".encode()),
        Deed(body=b"\xff\xfe"),
        Deed(200, chat().body, cut_at=30),
        Deed(200, chat().body, latency=5.0),
        Deed(body=b'{"choices": []}'),  # this and those below are answers, so not asked again
        chat(None, refusal=f"No. Your key is {KEY}."),
        chat("{", "length"),
        chat(f"Here you are: {KEY}"),
    )
    out = tmp_path / "out"
    with ApiServer(once_per_picture(*mishaps)) as server:
        more = ["--data", "sim", "--limit", "24", "--out", str(out), "--jobs", "1"]
        arguments = [MODEL, *more, "--base-url", server.url, "--timeout", "2.5"]
        first = command(*arguments)
        assert first.returncode == Exit.INCOMPLETE, first.stderr
        asked = Counter(picture_of(seen) for seen in server.seen)
        assert len(asked) == 24 and set(asked.values()) == {1}
        said = first.stderr.splitlines()
        assert "7 of 24 requests failed, the last: " in said[-2]
        assert "run the same command again" in said[-1]
        rows = [json.loads(line) for line in (out / "journal.jsonl").read_bytes().splitlines()][1:]
        assert len(rows) == 24
        failed = {row["record"] for row in rows if row["status"] == "api_error"}
        assert len(failed) == 7 and all(row["detail"] for row in rows if row["status"] == "api_error")
        journal = everything_below(out)

        second = command(*arguments, "--json", "--debug")
        assert second.returncode == 0, second.stderr
        assert len(server.seen) == 24 + 7
    bundle = read_bundle(out)
    result = json.loads(second.stdout)
    assert result["arms"]["image"]["statuses"] == {"declined": 1, "empty": 1, "invalid": 1, "ok": 20, "truncated": 1}
    assert {row["record"] for row in bundle.answers if row.get("attempts", 1) == 2} == failed
    assert bundle.run["provider"]["schema_sent"] and bundle.run["provider"]["schema_enforced"]
    assert "[key] over quota" in journal.decode()
    for text in (
        journal,
        everything_below(out),
        *(x.encode() for r in (first, second) for x in (r.stdout, r.stderr)),
    ):
        assert KEY.encode() not in text


def test_a_wrong_key_ends_soon_in_two_lines(tmp_path: Path) -> None:
    with ApiServer(lambda seen: failure(401, f"Incorrect API key provided: {KEY}")) as server:
        arguments = [MODEL, "--limit", "60", "--out", str(tmp_path / "out"), "--base-url", server.url, "--jobs", "1"]
        done = command(*arguments)
        assert len(server.seen) <= 20 + 2 * 16 + 2
    assert done.returncode == Exit.INCOMPLETE
    assert "HTTP 401: Incorrect API key provided: [key]" in done.stderr
    assert KEY not in done.stderr + done.stdout
    traced = command(*arguments, "--debug")
    assert "Traceback" in traced.stderr and KEY not in traced.stderr
    assert KEY.encode() not in everything_below(tmp_path / "out")


def test_a_missing_key_is_told_before_anything_is_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    monkeypatch.setattr("einthoven.bench.run.open_source", lambda name: pytest.fail("data were opened"))
    with pytest.raises(SystemExit) as caught:
        main(["run", "openai/gpt-5.5", "--out", str(tmp_path / "out")])
    assert caught.value.code == Exit.MISSING
    first, second = capsys.readouterr().err.splitlines()
    assert "OPENAI_API_KEY is not set" in first
    assert "export OPENAI_API_KEY" in second
    assert not (tmp_path / "out").exists()


def capped(out: Path, url: str, cap: float, limit: int = 20, parallel: int = 4) -> list[str]:
    more = ["--limit", str(limit), "--out", str(out), "--base-url", url, "--max-cost", str(cap), "--jobs", "1"]
    return ["openai/gpt-5.5?max_tokens=1000&retries=0", *more, "--concurrency", str(parallel)]


def test_the_cap_stops_before_it_is_exceeded_and_a_higher_one_goes_on(tmp_path: Path) -> None:
    usage = {"prompt_tokens": 4000, "completion_tokens": 800}  # 4.4 cents a request
    out = tmp_path / "out"
    with ApiServer(lambda seen: chat(usage=usage), latency=0.4) as server:  # several are in flight at once
        first = command(*capped(out, server.url, 0.40))
        assert first.returncode == Exit.COST_CAP, first.stderr
        asked = len(server.seen)
        spent = asked * 0.044
        # Not over the cap, and not so far below it that another request would have fitted.
        assert 0.40 - 0.10 < spent <= 0.40
        assert f"${spent:.4f} of $0.4 are spent" in first.stderr
        assert "higher --max-cost" in first.stderr.splitlines()[-1]
        rows = [json.loads(line) for line in (out / "journal.jsonl").read_bytes().splitlines()][1:]
        assert len(rows) == asked  # what was paid for stands in the journal

        again = command(*capped(out, server.url, 0.40))
        assert again.returncode == Exit.COST_CAP
        assert len(server.seen) == asked  # earlier processes count
        last = command(*capped(out, server.url, 5.0), "--json")
        assert last.returncode == 0, last.stderr
        assert len(server.seen) == 20
        assert Counter(picture_of(seen) for seen in server.seen).most_common(1)[0][1] == 1
    assert json.loads(last.stdout)["arms"]["image"]["cost_usd"] == pytest.approx(20 * 0.044)


def test_a_bound_that_was_too_low_is_raised_by_what_answers_cost(tmp_path: Path) -> None:
    usage = {"prompt_tokens": 30_000, "completion_tokens": 1000}  # far more than any guess: 18 cents
    with ApiServer(lambda seen: chat(usage=usage)) as server:
        done = command(*capped(tmp_path / "out", server.url, 1.0, parallel=1))
        assert done.returncode == Exit.COST_CAP
        assert len(server.seen) == 5  # 0.90 dollars


@pytest.mark.parametrize(
    ("model", "problem", "remedy"),
    [
        ("compatible/m", "the price of compatible/m is not known", "EINTHOVEN_PRICES"),
        ("openai/gpt-99", "the price of openai/gpt-99 is not known", "EINTHOVEN_PRICES"),
    ],
)
def test_a_cap_needs_a_price(
    model: str, problem: str, remedy: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["run", model, "--base-url", "http://127.0.0.1:9/v1", "--max-cost", "1", "--out", str(tmp_path / "out")])
    first, second = capsys.readouterr().err.splitlines()
    assert caught.value.code == Exit.USAGE
    assert problem in first and remedy in second


def test_a_cap_needs_a_limit_of_the_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = tmp_path / "prices.toml"
    row = 'model = "compatible/m"\ninput = 1.0\noutput = 2.0\nread = 2026-01-31\nsource = "my own"\n'
    table.write_text(f"[[price]]\n{row}")
    monkeypatch.setenv("EINTHOVEN_PRICES", str(table))
    with ApiServer() as server:
        own = Settings(
            "compatible/m", "sim", limit=5, out=tmp_path / "out", jobs=1, line=Line(base_url=server.url), max_cost=1.0
        )
        with pytest.raises(EinthovenError, match="nothing limits how much"):
            run(own)
        _, result = run(
            Settings("compatible/m?max_tokens=99", "sim", limit=5, out=own.out, jobs=1, line=own.line, max_cost=1.0)
        )
    assert result["arms"]["image"]["cost_usd"] == pytest.approx(5 * (1500 * 1 + 60 * 2) / 1e6)


def test_an_unknown_price_is_unknown_in_the_result(tmp_path: Path) -> None:
    with ApiServer() as server:
        line = Line(base_url=server.url)
        _, result = run(Settings("compatible/m", "sim", limit=5, out=tmp_path / "out", jobs=1, line=line))
    assert result["arms"]["image"]["cost_usd"] is None
    assert result["arms"]["image"]["input_tokens"] == 5 * 1500


@pytest.mark.parametrize("parallel", [1, 16])  # shared with one that was answered, and with one in flight
def test_an_answer_that_is_shared_is_paid_once(parallel: int, tmp_path: Path) -> None:
    arms = ("image", "no-image")
    with ApiServer() as server:
        line = Line(base_url=server.url, concurrency=parallel)
        _, result = run(Settings("openai/gpt-5.5", "sim", arms=arms, limit=10, out=tmp_path / "o", jobs=1, line=line))
        assert len(server.seen) == 11
    once = (1500 * 5 + 60 * 30) / 1e6
    assert result["arms"]["image"]["cost_usd"] == pytest.approx(10 * once)
    assert result["arms"]["no-image"]["cost_usd"] == pytest.approx(once)
    assert result["arms"]["no-image"]["input_tokens"] == 1500
