"""The run, end to end, through the command line and a real (scripted) provider."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from einthoven.bench.bundle import read_bundle
from einthoven.bench.run import run
from einthoven.bench.settings import Settings, default_folder
from einthoven.bench.sources.sim import SimSource
from einthoven.bench.sources.source import Entry
from einthoven.ecg.recording import Recording
from einthoven.errors import EinthovenError, Exit

BUNDLE = {"result.json", "run.json", "answers.jsonl.gz", "records.jsonl.gz", ".lock"}


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EINTHOVEN_CACHE", str(tmp_path / "cache"))


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "einthoven", *arguments]


def einthoven(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*arguments), capture_output=True, text=True, check=False, timeout=120)


def settings(model: str, out: Path, **more: object) -> Settings:
    return Settings(model, "sim", out=out, jobs=1, **{"limit": 30, **more})  # type: ignore[arg-type]


def test_the_main_job(tmp_path: Path) -> None:
    folder, result = run(Settings("baseline/majority", "sim-demo", out=tmp_path / "out", jobs=1))
    assert {path.name for path in folder.iterdir()} <= BUNDLE
    assert json.loads((folder / "result.json").read_text()) == result
    for axis in result["axes"].values():
        assert axis["arms"]["image"]["informedness"] in (0.0, None)
        assert axis["verdict"]["word"] in ("prior", "underpowered")
        assert axis["arms"]["image"]["accuracy"] == axis["baselines"]["majority"]["accuracy"]
    assert result["axes"]["rhythm"]["verdict"]["word"] == "prior"
    assert result["data"]["simulated"] is True
    bundle = read_bundle(folder)
    assert len(bundle.records) == len(bundle.answers) == result["data"]["records"]
    size = (folder / "answers.jsonl.gz").stat().st_size + (folder / "records.jsonl.gz").stat().st_size
    assert size / len(bundle.records) < 150  # bytes a record, as the contract asks


def test_running_again_asks_nothing_and_gives_the_same_bytes(tmp_path: Path) -> None:
    log = tmp_path / "log"
    model = f"control/scripted?malformed=0.2&log={log}"
    folder, _ = run(settings(model, tmp_path / "out"))
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    asked = log.read_text()
    assert len(asked.splitlines()) == 30
    run(settings(model, tmp_path / "out"))
    assert log.read_text() == asked
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == files


def test_a_larger_limit_asks_only_what_is_new(tmp_path: Path) -> None:
    log = tmp_path / "log"
    model = f"control/scripted?log={log}"
    run(settings(model, tmp_path / "out", limit=10))
    _, result = run(settings(model, tmp_path / "out", limit=25))
    assert result["data"]["records"] == 25
    assert Counter(Counter(log.read_text().splitlines()).values()) == {1: 25}


def test_no_answer_is_dropped_by_a_smaller_command(tmp_path: Path) -> None:
    run(settings("control/random", tmp_path / "out", limit=10))
    with pytest.raises(EinthovenError, match="has 5 answers that this command leaves out"):
        run(settings("control/random", tmp_path / "out", limit=5))
    assert len(read_bundle(tmp_path / "out").answers) == 10


def test_another_run_s_folder_is_refused_and_fresh_takes_it(tmp_path: Path) -> None:
    run(settings("control/random", tmp_path / "out", limit=10))
    other = settings("control/random?seed=1", tmp_path / "out", limit=5)
    with pytest.raises(EinthovenError, match="holds another run: its model is control/random, not"):
        run(other)
    assert len(read_bundle(tmp_path / "out").answers) == 10
    _, result = run(settings("control/random?seed=1", tmp_path / "out", limit=5, fresh=True))
    assert result["data"]["records"] == 5


def test_failed_attempts_are_asked_again_and_until_then_the_exit_code_is_4(tmp_path: Path) -> None:
    log = tmp_path / "log"
    arguments = ["run", f"control/scripted?errors=0.3&log={log}", "--limit", "30", "--out", str(tmp_path / "out")]
    first = einthoven(*arguments)
    assert first.returncode == Exit.INCOMPLETE
    assert "requests failed, the last: scripted: 503 service unavailable" in first.stderr.splitlines()[-2]
    assert "run the same command again" in first.stderr.splitlines()[-1]
    assert not (tmp_path / "out" / "result.json").exists()
    second = einthoven(*arguments, "--json")
    assert second.returncode == 0, second.stderr
    attempts = Counter(log.read_text().splitlines())
    assert set(attempts.values()) == {1, 2}
    assert json.loads(second.stdout)["arms"]["image"]["statuses"] == {"ok": 30}
    tries = [row.get("attempts", 1) for row in read_bundle(tmp_path / "out").answers]
    assert sum(tries) == attempts.total()


def test_kill_9_at_any_moment_loses_nothing_and_asks_nothing_twice(tmp_path: Path) -> None:
    out, log = tmp_path / "out", tmp_path / "log"
    arguments = command(
        "run",
        f"control/scripted?latency=0.05&parallel=2&log={log}",
        "--limit",
        "40",
        "--jobs",
        "1",
        "--out",
        str(out),
    )
    journal = out / "journal.jsonl"
    for wanted in (3, 11, 25):  # answers in the journal when the blow falls
        process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        until = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < until:
            if journal.exists() and journal.read_bytes().count(b"\n") > wanted:
                break
            time.sleep(0.005)
        assert process.poll() is None, process.communicate()[1]
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        content = journal.read_bytes()
        answered = [json.loads(line) for line in content[: content.rfind(b"\n") + 1].splitlines()][1:]
        keys = [(row["record"], row["arm"]) for row in answered]
        assert len(keys) == len(set(keys)) >= wanted
    journal.write_bytes(journal.read_bytes() + b'{"record": "torn')  # and a line torn in the middle
    last = subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=120)
    assert last.returncode == 0, last.stderr
    bundle = read_bundle(out)
    assert len(bundle.answers) == 40
    assert {row["status"] for row in bundle.answers} == {"ok"}
    asked = Counter(log.read_text().splitlines())
    # What was in flight when the blow fell was not journalled, so it may be asked again: two at a time, three blows.
    assert sum(count - 1 for count in asked.values()) <= 6
    journalled = {f"{row['record']} {row['arm']}" for row in answered}
    assert len(asked) == 40
    before = [line for line in log.read_text().splitlines() if line in journalled]
    assert len(before) - len(journalled) <= 6


def test_attempts_are_remembered_when_a_finished_run_is_run_again(tmp_path: Path) -> None:
    one = settings(f"control/scripted?errors=0.5&log={tmp_path / 'log'}", tmp_path / "out", limit=10)
    with pytest.raises(EinthovenError, match="requests failed"):
        run(one)
    folder, _ = run(one)
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert sum(row.get("attempts", 1) > 1 for row in read_bundle(folder).answers) >= 2
    run(one)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == files


def test_what_a_fresh_run_replaces_is_moved_and_not_deleted(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(settings("control/random", out, limit=5))
    before = (out / "answers.jsonl.gz").read_bytes()
    run(settings("control/random?seed=1", out, limit=5, fresh=True))
    assert (out / "replaced-1" / "answers.jsonl.gz").read_bytes() == before
    assert {path.name for path in out.iterdir()} == {*BUNDLE, "replaced-1"} - {".lock"}


def test_a_refused_command_leaves_nothing_behind(tmp_path: Path) -> None:
    folder, _ = run(settings("control/random", tmp_path / "out", limit=5))
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert set(files) == BUNDLE - {".lock"}
    for other in (settings("control/prior", folder, limit=5), settings("control/random", folder, limit=3)):
        with pytest.raises(EinthovenError):
            run(other)
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == files


def test_an_answer_about_another_signal_is_no_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = tmp_path / "log"
    one = settings(f"control/scripted?log={log}", tmp_path / "out", limit=8)
    folder, _ = run(one)
    images = {row["record"]: row["images"] for row in read_bundle(folder).answers}
    load = SimSource.load

    def turned(source: SimSource, entry: Entry) -> Recording:
        recording = load(source, entry)
        assert recording.signal is not None
        return replace(recording, signal=-recording.signal)

    monkeypatch.setattr(SimSource, "load", turned)
    run(one)
    assert set(Counter(log.read_text().splitlines()).values()) == {2}
    assert all(row["images"] != images[row["record"]] for row in read_bundle(folder).answers)


def test_interrupted_by_hand(tmp_path: Path) -> None:
    arguments = command(
        "run", "control/scripted?latency=0.3&parallel=1", "--limit", "40", "--out", str(tmp_path / "out")
    )
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    journal = tmp_path / "out" / "journal.jsonl"
    while process.poll() is None and not (journal.exists() and journal.read_bytes().count(b"\n") > 3):
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=30)[1].splitlines()
    assert process.returncode == Exit.INTERRUPTED
    assert said[-2:] == ["einthoven: interrupted", "  run the same command again: it goes on from here"]


def test_a_provider_that_never_answers_is_left_soon(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with pytest.raises(EinthovenError, match=r"the first 20 requests to .* all failed") as caught:
        run(settings(f"control/scripted?errors=1&error_attempts=9&parallel=1&log={log}", tmp_path / "out", limit=200))
    assert caught.value.exit_code == Exit.INCOMPLETE
    assert len(log.read_text().splitlines()) <= 24


def test_every_status_is_counted_and_shown_apart(tmp_path: Path) -> None:
    model = "control/scripted?malformed=0.2&empty=0.2&declined=0.2&truncated=0.2"
    _, result = run(settings(model, tmp_path / "out", limit=60))
    statuses = result["arms"]["image"]["statuses"]
    assert set(statuses) == {"ok", "invalid", "empty", "declined", "truncated"}
    assert sum(statuses.values()) == 60
    assert result["axes"]["rhythm"]["arms"]["image"]["invalid_share"] == pytest.approx(
        1 - statuses["ok"] / 60, abs=1e-6
    )


def test_blind_arms_share_requests_that_look_the_same(tmp_path: Path) -> None:
    log = tmp_path / "log"
    arms = ("image", "no-image", "blank")
    folder, result = run(settings("control/constant", tmp_path / "constant", arms=arms))
    assert set(result["arms"]) == set(arms)
    assert len({row["key"] for row in read_bundle(folder).answers}) == 1
    folder, result = run(settings(f"control/scripted?log={log}", tmp_path / "scripted", arms=arms, limit=100))
    answers = read_bundle(folder).answers
    assert {len(row.get("images", [])) for row in answers if row["arm"] == "no-image"} == {0}
    assert len({tuple(row["images"]) for row in answers if row["arm"] == "blank"}) == 1
    assert len({tuple(row["images"]) for row in answers if row["arm"] == "image"}) == 100
    assert set(result["axes"]["rate"]["arms"]["image"]["gain_over"]) == {"majority", "constant", "no-image", "blank"}


def test_images_of_a_record_are_the_same_in_worker_processes(tmp_path: Path) -> None:
    one, _ = run(settings("control/scripted", tmp_path / "one", limit=66))
    two, _ = run(Settings("control/scripted", "sim", limit=66, out=tmp_path / "two", jobs=2))
    images = [{row["record"]: row["images"] for row in read_bundle(folder).answers} for folder in (one, two)]
    assert images[0] == images[1]


@pytest.mark.parametrize(
    ("arguments", "problem", "remedy", "code"),
    [
        (["baseline/majorty"], "there is no model", "did you mean baseline/majority?", Exit.USAGE),
        (["baseline/majority", "--data", "ptbxl:/nowhere"], "/nowhere", "", Exit.MISSING),
        (["baseline/majority", "--data", "ptbx"], "there is no data source", "did you mean ptbxl?", Exit.USAGE),
        (["baseline/majority", "--task", "dens"], "there is no task", "did you mean dense?", Exit.USAGE),
        (["baseline/majority", "--view", "gird"], "view", "grid", Exit.USAGE),
        (["baseline/majority", "--arm", "imag"], "a run has the arm image", "--arm image", Exit.USAGE),
        (["baseline/majority", "--limit", "0"], "0 is not in the range", "run --help", Exit.USAGE),
        ([], "Missing argument 'MODEL'", "run --help", Exit.USAGE),
    ],
)
def test_bad_input_gets_two_lines(
    tmp_path: Path, arguments: list[str], problem: str, remedy: str, code: Exit, capsys: pytest.CaptureFixture[str]
) -> None:
    from einthoven.cli.main import main

    with pytest.raises(SystemExit) as caught:
        main(["run", *arguments, "--out", str(tmp_path / "out")])
    said = capsys.readouterr().err.splitlines()
    assert caught.value.code == code
    assert len(said) == 2
    assert problem in said[0]
    assert remedy in said[1]


def test_where_a_run_goes_by_default() -> None:
    assert default_folder(Settings("baseline/majority", "sim")) == Path("runs/baseline-majority_sim_dense_grid_test")
    named = default_folder(Settings("control/constant?rhythm=paced", "ptbxl:/data/ptb-xl"))
    assert named == Path("runs/control-constant-rhythm-paced_ptbxl_ptb-xl_dense_grid_test")
