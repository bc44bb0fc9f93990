import base64
import json
import re
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from einthoven.leaderboard.registry import deflated, inflated, registry_bytes


@given(st.recursive(st.text() | st.integers(-(2**53), 2**53) | st.none(), lambda part: st.lists(part, max_size=4)))
def test_nothing_but_base64_stands_in_the_script(document: object) -> None:
    line = registry_bytes("a/b", document).decode("ascii")
    found = re.fullmatch(r'einthovenData\("a/b","([A-Za-z0-9+/=]+)"\);\n', line)
    assert found is not None
    assert json.loads(zlib.decompress(base64.b64decode(found[1]), -15)) == document


def test_bombs_and_torn_ends_are_refused() -> None:
    assert inflated(deflated(b"x" * 10_000), 10_000) == b"x" * 10_000
    for content, most in (
        (deflated(b"x" * 10_001), 10_000),
        (deflated(b"\0" * 50_000_000), 1000),
        (deflated(b"abc" * 100)[:-3], 1000),
        (deflated(b"abc") + b"more", 1000),
        (b"\xff\xff\xff", 1000),
    ):
        with pytest.raises(ValueError):
            inflated(content, most)
