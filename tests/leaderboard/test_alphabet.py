import json
import subprocess
from importlib.resources import files
from shutil import which

import numpy as np
import pytest

from einthoven.leaderboard.alphabet import NOT_ASKED, UNUSABLE, written


def test_common_answers_are_one_byte_each() -> None:
    text = written(np.array([0, 9, 10, 63, UNUSABLE, NOT_ASKED]))
    assert text == "09a_!-"
    assert text.isascii()


def test_every_place_has_its_own_character() -> None:
    places = np.arange(-2, 60_000)
    text = written(places)
    assert len(text) == len(set(text)) == len(places)
    assert not set(text) & set("\"\\<>&'\u2028\u2029\n")
    assert json.loads(json.dumps(text)) == text
    text.encode()


def test_what_cannot_be_written_is_refused() -> None:
    for place in (64 + 20_992 + 42_720, -3):
        with pytest.raises(ValueError, match="distinct answers"):
            written(np.array([place]))


@pytest.mark.skipif(which("node") is None, reason="needs Node.js, to run the script that reads them back")
def test_the_script_reads_them_back() -> None:
    places = [0, 1, 63, 64, 65, 64 + 20_991, 64 + 20_992, 60_000, -1, -2]
    script = files("einthoven.leaderboard").joinpath("assets", "registry.js").read_text(encoding="utf-8")
    head = 'const document = {currentScript: {src: "file:///a/assets/r.js"}}; const window = {};'
    tail = f"console.log(JSON.stringify(window.einthoven.places({json.dumps(written(np.array(places)))})));"
    done = subprocess.run(["node", "-e", head + script + tail], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == places
