"""A page of the site taken apart: its links, its ids, and what in it the site's own rules forbid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

__all__ = ["PageFacts", "page_facts"]

#: Attributes that a browser follows by itself, and where; a link that a reader follows is another matter.
_FETCHED = {
    "src": None,
    "srcset": None,
    "poster": None,
    "data": {"object"},
    "background": None,
    "action": None,
    "formaction": None,
    "ping": None,
    "manifest": None,
    "href": {"link", "base", "image", "use"},
    "xlink:href": None,
}
_REFERENCES = ("aria-labelledby", "aria-describedby", "aria-controls", "for", "headers")
_NEVER = frozenset({"iframe", "object", "embed", "base", "frame", "portal", "applet"})


@dataclass
class PageFacts(HTMLParser):
    """What one page holds.

    Attributes
    ----------
    policy : str
        Its Content-Security-Policy; empty where it has none.
    ids : set of str
        Of its elements.
    links : set of (str, str)
        Path relative to the page, and fragment: what it links or loads inside the site.
    faults : list of str
        What is forbidden.
    """

    policy: str = ""
    ids: set[str] = field(default_factory=set)
    links: set[tuple[str, str]] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    _references: set[str] = field(default_factory=set)
    _fetched_before_policy: bool = False

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an element in."""
        given = {name: value or "" for name, value in attrs}
        if tag in _NEVER:
            self.faults.append(f"<{tag}>")
        if tag == "meta" and given.get("http-equiv", "").lower() == "content-security-policy":
            self.policy = given.get("content", "")
            if self._fetched_before_policy:
                self.faults.append("something is loaded before the policy stands")
        elif tag == "meta" and given.get("http-equiv", "").lower() == "refresh":
            self.faults.append("a page that moves on by itself")
        if tag == "style" or (tag == "script" and "src" not in given):
            self.faults.append(f"inline <{tag}>")
        for name, value in given.items():
            self._attribute(tag, name, value)

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if name == "id":
            if value in self.ids or not value:
                self.faults.append(f"id {value!r} twice or empty")
            self.ids.add(value)
        elif name == "style" or name.startswith("on"):
            self.faults.append(f"attribute {name} on <{tag}>")
        elif name in _REFERENCES:
            self._references |= set(value.split())
        elif name in _FETCHED and (_FETCHED[name] is None or tag in (_FETCHED[name] or ())):
            self._fetched_before_policy = self._fetched_before_policy or not self.policy
            self._inside(value, f"{name} of <{tag}>", fetched=True)
        elif name == "href":
            self._inside(value, f"href of <{tag}>", fetched=False)

    def _inside(self, value: str, place: str, fetched: bool) -> None:
        try:
            parts = urlsplit(value)
        except ValueError:
            self.faults.append(f"{place} is no address: {value[:80]!r}")
            return
        if parts.scheme == "data" and fetched:
            return
        if parts.scheme or parts.netloc or value.startswith("/"):
            if fetched or parts.scheme not in ("http", "https", "mailto"):
                self.faults.append(f"{place} leads outside: {value[:80]!r}")
            return
        self.links.add((unquote(parts.path), unquote(parts.fragment)))

    def done(self) -> None:
        """Say what can only be said at the end."""
        for reference in sorted(self._references - self.ids):
            self.faults.append(f"reference to an id that is not there: {reference!r}")


def page_facts(text: str) -> PageFacts:
    """Take a page apart."""
    facts = PageFacts()
    facts.feed(text)
    facts.close()
    facts.done()
    return facts


def plain(facts: Iterable[str], most: int = 5) -> list[str]:
    """Return faults once each, and so many of a page at most."""
    distinct = list(dict.fromkeys(facts))
    return distinct[:most] + ([f"and {len(distinct) - most} more"] if len(distinct) > most else [])
