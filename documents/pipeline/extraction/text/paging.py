"""Where the pages of a plain text end: at form feeds, else where the text pauses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

PAGE_CHARACTERS = 3_000
LONGEST_FORM = 12_000
MOST_FORMS = 5_000
_SLACK = 600  # a last page may be longer by this, rather than a few lines alone


def pages(text: str) -> Iterator[str]:
    """By form feeds where there are sensible ones; a form of the old printers has 9,000 letters."""
    forms = text.rstrip("\f").split("\f")
    if len(forms) > MOST_FORMS:
        forms = ["\n".join(forms)]
    for form in forms:
        if len(form) <= LONGEST_FORM and len(forms) > 1:
            yield form
        else:
            yield from _in_pieces(form)


def _in_pieces(text: str) -> Iterator[str]:
    """Pieces of about a page; joined they are the text again, to the letter."""
    start = 0
    while len(text) - start > PAGE_CHARACTERS + _SLACK:
        end = _end_of_page(text, start)
        yield text[start:end]
        start = end
    yield text[start:]


_SENTENCE_END = re.compile(r"[.!?…]['\"”’»)\]]*\s+|[。！？]")


def _end_of_page(text: str, start: int) -> int:
    """Behind the last paragraph that fits, else the last line, sentence, word or character."""
    earliest, latest = start + PAGE_CHARACTERS // 2, start + PAGE_CHARACTERS
    for mark in ("\n\n", "\n"):
        if (found := text.rfind(mark, earliest, latest)) >= 0:
            return found + len(mark)
    sentences = [match.end() for match in _SENTENCE_END.finditer(text, earliest, latest)]
    if sentences:
        return sentences[-1]
    if (found := text.rfind(" ", earliest, latest)) >= 0:
        return found + 1
    return _between_characters(text, latest)


def _between_characters(text: str, end: int) -> int:
    """Not between a letter and its accents, nor inside an emoji made of several."""
    for place in range(end, end - 50, -1):
        if not (_joins(text[place]) or text[place - 1] == "\u200d"):
            return place
    return end


def _joins(character: str) -> bool:
    return (
        character in "\u200d\ufe0f"
        or bool(unicodedata.combining(character))
        or "\U0001f3fb" <= character <= "\U0001f3ff"
    )
