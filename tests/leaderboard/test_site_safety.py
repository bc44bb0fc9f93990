"""No stranger's string runs, fetches, hides or leaves its place; the policy in the page would stop it if it tried."""

import base64
import hashlib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from read_page import ReadPage, read_page
from synthetic_result import make_result

from einthoven.leaderboard.runs import Run
from einthoven.leaderboard.strangers import visible

_STYLE = files("einthoven.leaderboard").joinpath("assets", "style.css").read_text(encoding="utf-8")


def _run(*args: Any, **changes: Any) -> Run:
    result = make_result(*args, **changes)
    return Run(Path("/secret/place"), result)


def _assert_safe(read: ReadPage) -> None:
    """Nothing runs, nothing is fetched, every link stays on the page, every id is there once."""
    tags = {tag for tag, _ in read.elements}
    assert not tags & {"script", "img", "iframe", "object", "embed", "link", "base", "form", "input"}
    ids = [attributes["id"] for _, attributes in read.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for tag, attributes in read.elements:
        for name, value in attributes.items():
            assert name not in ("style", "title", "src", "srcset", "action") and not name.startswith("on")
            if name == "href":
                assert tag == "a" and value is not None and value.startswith("#") and value[1:] in ids
            if name in ("aria-labelledby", "aria-describedby"):
                assert value in ids


def test_policy_allows_our_style_and_nothing_else() -> None:
    read = read_page(page([_run("baseline/majority"), _run("sim/model", data="sim", simulated=True)]))
    _assert_safe(read)
    (policy,) = [a["content"] for _, a in read.elements if a.get("http-equiv") == "Content-Security-Policy"]
    digest = base64.b64encode(hashlib.sha256(read.style.encode()).digest()).decode()
    assert policy is not None
    assert policy.split("; ") == [
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    assert [tag for tag, _ in read.elements].index("meta") < [tag for tag, _ in read.elements].index("style")
    assert "url(" not in read.style and "@import" not in read.style


def _everywhere(text: str) -> Run:
    """A run with a stranger's text in every place that the schema leaves free."""
    run = _run(
        text,
        data=text,
        inputs=(f"{text} ",),  # "image" alone would be a picture model, in another group of rows
        data__folds=text,
        data__faults=[{"id": text, "reason": text, "detail": text}],
        task__name=text,
        task__version=text,
        view__name=text,
        view__version=text,
        versions=dict.fromkeys(("einthoven", "taxonomy", "renderer", "simulator"), text),
        simulated=True,
        environment={text: text},
    )
    run.result["arms"]["image"]["statuses"] = {text: 1}
    run.result["arms"][f"arm {text}"] = run.result["arms"]["image"]
    for axis in run.result["axes"].values():
        axis["verdict"]["reason"] = text
        axis["cases"] = {text: 30}
        axis["eligible"] = [text]
        axis["arms"]["image"]["modal_answer"] = [text]
        axis["arms"]["image"]["best_blind"] = text
    return run


def _skeleton(read: ReadPage) -> list[tuple[str, tuple[tuple[str, str | None], ...]]]:
    return [(tag, tuple(attributes.items())) for tag, attributes in read.elements if tag != "wbr"]


_PLAIN = _skeleton(read_page(page([_everywhere("plain")])))
_HTML = st.text(st.sampled_from("<>&\"'`=/!-;:#{}%() abcscriptonload\n\t\0"), max_size=60)
_NAMES = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><style>*{display:none}</style>",
    "<!--",
    "]]>",
    "&lt;b&gt;",
    "{{ 7 * 7 }}{% raw %}",
    "../../etc/passwd",
    "javascript:alert(1)",
    "x" * 5000,
    "a\u202eb",
    "👩\u200d⚕️🫀",
    "null",
    "",
    "\u0000",
]


@pytest.mark.parametrize("text", _NAMES)
def test_hostile_names(text: str) -> None:
    _check_escaped(text)


@settings(max_examples=60, deadline=None)
@given(_HTML | st.text(max_size=60))
def test_strangers_text_is_text(text: str) -> None:
    _check_escaped(text)


def _check_escaped(text: str) -> None:
    document = page([_everywhere(text)])
    document.encode()
    read = read_page(document)
    assert _skeleton(read) == _PLAIN
    assert visible(text) in read.text
    assert read.style == _STYLE
    _assert_safe(read)
