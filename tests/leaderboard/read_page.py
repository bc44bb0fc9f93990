"""A page taken apart by the standard library's parser: what a browser would make of it."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = frozenset({"meta", "wbr", "br", "img", "link", "input", "hr"})


@dataclass
class ReadPage(HTMLParser):
    """Elements in order, the text of the body, the cells of every table."""

    elements: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    text: str = ""
    style: str = ""
    tables: list[list[list[tuple[str, dict[str, str | None], str]]]] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        assert len(dict(attrs)) == len(attrs), f"an attribute twice in {tag}"
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append((tag, dict(attrs), ""))
        elif tag == "caption":
            self.captions.append("")
        if tag not in _VOID and not (self.get_starttag_text() or "").endswith("/>"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"{tag} closed out of turn"

    def handle_data(self, data: str) -> None:
        if "style" in self.open:
            self.style += data
            return
        self.text += data
        if "caption" in self.open:
            self.captions[-1] += data
        elif "td" in self.open or "th" in self.open:
            tag, attributes, text = self.tables[-1][-1][-1]
            self.tables[-1][-1][-1] = (tag, attributes, text + data)

    def row(self, table: int, start: str) -> list[str]:
        """Return the cells of the one row whose first cell is `start`, spaces made single."""
        rows = [[" ".join(text.split()) for _, _, text in row] for row in self.tables[table]]
        found = [row for row in rows if row and row[0] == start]
        assert len(found) == 1, f"{len(found)} rows {start!r}"
        return found[0]


def read_page(text: str) -> ReadPage:
    """Parse a page; unbalanced elements and doubled attributes fail."""
    reader = ReadPage()
    reader.feed(text)
    reader.close()
    assert not reader.open, reader.open
    return reader
