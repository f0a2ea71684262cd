"""HTML to the text that it shows: no scripts, no styles, line breaks where blocks end."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BLOCKS = frozenset(
    ["p", "div", "br", "li", "tr", "table", "ul", "ol", "h1", "h2", "h3", "h4", "blockquote", "hr"]
)
_SILENT = frozenset(["script", "style", "head", "title", "template"])


def text_of_html(markup: str) -> str:
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    lines = (re.sub(r"[^\S\n]+", " ", line).strip() for line in reader.text().split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Reader(HTMLParser):
    """Quoted mail (`blockquote`) gets the `>` that it has in plain text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._pieces: list[str] = []
        self._silent = 0
        self._quotes = 0

    def text(self) -> str:
        return "".join(self._pieces)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in _SILENT
        self._quotes += tag == "blockquote"
        if tag in _BLOCKS:
            self._break()
        elif tag == "td":
            self._pieces.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in _SILENT))
        self._quotes = max(0, self._quotes - (tag == "blockquote"))
        if tag in _BLOCKS and tag != "br":
            self._break()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._pieces.append(re.sub(r"\s+", " ", data))

    def _break(self) -> None:
        self._pieces.append("\n" + "> " * min(self._quotes, 5))
