"""No stranger's string runs, fetches, hides or leaves its place; the policy in the page would stop it if it tried."""

import posixpath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from read_page import ReadPage, read_page
from site_of import files_of, make_run, words_of

from einthoven.leaderboard.build import LISTING
from einthoven.leaderboard.render import POLICY
from einthoven.leaderboard.runs import Run
from einthoven.leaderboard.strangers import visible

#: Where a page may lead to outside the site: the source of the reported figures.
_OUTSIDE = "https://www.getbiostack.com/"


def _assert_safe(path: str, read: ReadPage, made: dict[str, bytes], ids: dict[str, set[str]]) -> None:
    """Nothing inline runs, nothing is fetched from elsewhere, every link leads to what is there."""
    tags = {tag for tag, _ in read.elements}
    assert not tags & {"iframe", "object", "embed", "base", "style"}
    (policy,) = [a["content"] for _, a in read.elements if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy == POLICY
    first = next(place for place, (tag, a) in enumerate(read.elements) if a.get("http-equiv"))
    assert all(tag in ("html", "head", "meta") for tag, _ in read.elements[: first + 1])
    found = [attributes["id"] for _, attributes in read.elements if "id" in attributes]
    assert len(found) == len(set(found))
    for tag, attributes in read.elements:
        assert tag != "script" or "src" in attributes
        for name, value in attributes.items():
            assert name not in ("style", "srcset", "action", "srcdoc") and not name.startswith("on")
            if name in ("href", "src"):
                _assert_leads_somewhere(path, tag, str(value), made, ids)
            if name in ("aria-labelledby", "aria-describedby", "for"):
                assert value in found


def _assert_leads_somewhere(
    path: str, tag: str, value: str, made: dict[str, bytes], ids: dict[str, set[str]]
) -> None:
    if tag == "link" and value == "data:,":  # no icon, and no request for one
        return
    if value.startswith("https:"):
        assert tag == "a" and value.startswith(_OUTSIDE)
        return
    place, _, anchor = value.partition("#")
    target = posixpath.normpath(posixpath.join(posixpath.dirname(path), place)) if place else path
    assert target in made or target == LISTING, (path, value)
    assert not anchor or anchor in ids[target], (path, value)


def _check(*runs: Run) -> dict[str, ReadPage]:
    made = files_of(*runs)
    pages = {path: read_page(content.decode()) for path, content in made.items() if path.endswith(".html")}
    ids = {path: {str(a["id"]) for _, a in read.elements if "id" in a} for path, read in pages.items()}
    for path, read in pages.items():
        _assert_safe(path, read, made, ids)
    return pages


def test_policy_allows_our_own_files_and_nothing_inline() -> None:
    parts = dict(part.split(" ", 1) for part in POLICY.split("; "))
    assert parts["default-src"] == parts["base-uri"] == parts["form-action"] == "'none'"
    assert parts["script-src"] == parts["style-src"] == parts["connect-src"] == "'self'"
    assert "unsafe" not in POLICY and "http" not in POLICY
    _check(make_run("baseline/majority"), make_run("sim/model", data="sim", simulated=True))


def test_styles_and_scripts_fetch_nothing() -> None:
    for path, content in files_of(make_run("baseline/majority")).items():
        if path.endswith(".css"):
            assert b"url(" not in content and b"@import" not in content
        if path.startswith("assets/") and path.endswith(".js"):
            own = content.replace(b"http://www.w3.org/2000/svg", b"")  # a name, never fetched
            refused = (b"fetch(", b"XMLHttp", b"http:", b"https:", b"innerHTML", b"eval(")
            assert not any(word in own for word in refused), path


def _everywhere(text: str) -> Run:
    """A run with a stranger's text in every place that the schema leaves free."""
    run = make_run(
        text,
        data=text,
        inputs=(f"{text} ",),  # "image" alone would be a picture model, in another group of rows
        data__folds=text,
        data__faults=[{"id": text, "reason": text, "detail": text}],
        data__measurers={"truth": [text], "prompt": [text], "same": True},
        task__name=text,
        task__version=text,
        view__name=text,
        view__version=text,
        versions=dict.fromkeys(("einthoven", "taxonomy", "renderer", "simulator"), text),
        simulated=True,
        environment={f"key {text}": text},
        mirage={f"arm {text}": {"n": 1, "answered": 1, "share": 1.0, "share_ci": [1.0, 1.0]}},
        conflict={f"on {text}": {"n": 2, "text": 1, "picture": 1, "share": 0.5, "share_ci": [0.1, 0.9], "p": 1.0}},
        pairs={
            "name": text,
            "per_contrast": 1,
            "view": text,
            "contrasts": [
                {"name": text, "axis": text, "n": 1, "right": [1, 1], "both_right": 1, "both_reversed": 0}
                | {"p": 0.5, "p_holm": 1.0}
            ],
            "flips": {f"on {text}": {"n": 1, "flipped": 1, "share": 1.0, "share_ci": [0.2, 1.0], "by": {}}},
        },
    )
    run.result["arms"]["image"]["statuses"] = {text: 1}
    run.result["arms"][f"arm {text}"] = run.result["arms"]["image"]
    for axis in run.result["axes"].values():
        axis["verdict"]["reason"] = text
        axis["cases"] = {f"of {text}": 30}
        axis["eligible"] = [f"of {text}"]
        axis["arms"]["image"]["modal_answer"] = [text]
        axis["arms"]["image"]["best_blind"] = text
        axis["arms"][f"arm {text}"] = axis["arms"]["image"]
        axis["baselines"]["majority"]["modal_answer"] = [text]
    return run


def _skeleton(pages: dict[str, ReadPage]) -> list[list[tuple[str, tuple[tuple[str, str | None], ...]]]]:
    """Return the elements of all pages, but for the addresses that have a stranger's name in them."""
    return [
        [
            (tag, tuple((k, v) for k, v in attributes.items() if "~" not in str(v)))
            for tag, attributes in read.elements
            if tag != "wbr" and attributes.get("name") != "description"
        ]
        for read in pages.values()
    ]


_PLAIN = _skeleton(_check(_everywhere("a plain name")))
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
    pages = _check(_everywhere(text))
    assert _skeleton(pages) == _PLAIN
    (model,) = [path for path in pages if path.startswith("models/") and not path.endswith("index.html")]
    assert visible(text) in pages["index.html"].text
    for read in (pages["index.html"], pages[model]):
        assert "".join(words_of(read).split())  # still text on it
    assert visible(text, 60) in pages[model].text
