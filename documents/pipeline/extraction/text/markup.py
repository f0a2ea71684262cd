"""HTML to the text that it shows: no scripts, no styles, line breaks where blocks end."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html.parser import HTMLParser
from typing import NamedTuple

from . import elements, marks
from .elements import Element, OpenElements
from .shown_text import ShownText

_LETTER = re.compile(r"[^\W_]")


class Html(NamedTuple):
    """What is shown, with `marks`; it is lost if there are letters and none of them came out."""

    text: str
    is_lost: bool


def text_of_html(markup: str) -> Html:
    reader = _Reader()
    reader.feed(marks.without(markup))
    reader.close()
    text = reader.shown.text()
    return Html(text, reader.has_passed_letters and not _LETTER.search(text))


class _Reader(HTMLParser):
    """Knows which elements are open; what is shown of their words goes to `shown`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.shown = ShownText()
        self.has_passed_letters = False
        self._open = OpenElements()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._end(self._open.ended_by_start(tag))
        element = elements.inside(self._open.innermost, tag, dict(attrs))
        if element.is_laid_out:
            self.shown.start(tag)
        if tag not in elements.VOID:
            self._open.push(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        # Such a slash means nothing in HTML, but in the XML that programs put into it.
        if ":" in tag:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        self._end(self._open.ended_by_end(tag))

    def _end(self, ended: Iterable[Element]) -> None:
        for element in ended:
            if element.is_laid_out:
                self.shown.end(element.tag)

    def handle_data(self, data: str) -> None:
        if not data.isspace():
            self._end(self._open.ended_by_words())
        inside = self._open.innermost
        if inside.is_laid_out and not inside.is_hidden:
            self.shown.write(inside, data)
        elif not inside.is_code and _LETTER.search(data):
            self.has_passed_letters = True
            if inside.is_hidden:
                self.shown.hide()
