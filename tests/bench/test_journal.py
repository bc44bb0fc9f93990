import errno
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from einthoven.bench.journal import Journal
from einthoven.errors import EinthovenError, Exit

rows = st.lists(
    st.dictionaries(st.text(max_size=5), st.text() | st.integers(-(2**53), 2**53) | st.none(), max_size=4), max_size=8
)


@settings(max_examples=60)
@given(rows, st.data())
def test_whatever_is_cut_off_whole_rows_stay(
    tmp_path_factory: pytest.TempPathFactory, written: list[dict[str, Any]], data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("run")
    with Journal(folder) as journal:
        for row in written:
            journal.append(row)
    content = journal.path.read_bytes() if written else b""
    cut = data.draw(st.integers(0, len(content)))
    journal.path.write_bytes(content[:cut])
    whole = content[:cut].count(b"\n")
    with Journal(folder) as journal:
        assert list(journal.rows()) == written[:whole]
        assert (journal.torn > 0) == (cut > 0 and content[:cut][-1:] != b"\n")
        journal.append({"next": 1})
        assert list(journal.rows()) == [*written[:whole], {"next": 1}]


def test_a_second_process_is_turned_away(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from einthoven.bench.journal import Journal\n"
        "from einthoven.errors import EinthovenError\n"
        "try:\n    Journal(Path(sys.argv[1]))\nexcept EinthovenError as e:\n    print(e); sys.exit(e.exit_code)\n"
    )
    with Journal(tmp_path):
        done = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False
        )
        assert done.returncode == Exit.INCOMPLETE
        assert done.stdout.splitlines()[0] == f"another process is running in {tmp_path}"
        assert len(done.stdout.splitlines()) == 2
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0


def test_a_full_disk_gets_two_lines_and_no_half_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write

    def full(file: int, line: bytes) -> int:
        real(file, line[: len(line) // 2])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with Journal(tmp_path) as journal:
        journal.append({"kept": 1})
        monkeypatch.setattr(os, "write", full)
        with pytest.raises(EinthovenError, match="No space left on device") as caught:
            journal.append({"lost": "x" * 100})
        assert caught.value.exit_code == Exit.INCOMPLETE
        monkeypatch.setattr(os, "write", real)
        assert list(journal.rows()) == [{"kept": 1}]
        journal.append({"next": 1})
        assert list(journal.rows()) == [{"kept": 1}, {"next": 1}]


def test_the_operating_system_refuses_in_the_middle_of_a_row(tmp_path: Path) -> None:
    code = (
        "import resource, sys; from pathlib import Path; from einthoven.bench.journal import Journal\n"
        "from einthoven.errors import EinthovenError\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "journal = Journal(Path(sys.argv[1]))\n"
        "try:\n    for k in range(100): journal.append({'row': k, 'text': 'x' * 100})\n"
        "except EinthovenError as e:\n    print(e); sys.exit(e.exit_code)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == Exit.INCOMPLETE, done.stderr
    assert len(done.stdout.splitlines()) == 2
    with Journal(tmp_path) as journal:
        kept = [row["row"] for row in journal.rows()]
    assert journal.torn == 0
    assert kept == list(range(len(kept)))
    assert len(kept) > 30


def test_a_damaged_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "journal.jsonl").write_bytes(b'{"a": 1}\n{"b": \n{"c": 1}\n')
    with Journal(tmp_path) as journal, pytest.raises(EinthovenError, match=r"line 2 of .* is damaged"):
        list(journal.rows())


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EinthovenError, match="cannot write to"):
        Journal(tmp_path / "file")
