"""Marks in the text of a mail until its pages are cut: where nobody sees text, and what is struck.

They are characters that no text has (Unicode's noncharacters), as a page is known only later.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ..letters.characters import visible_characters

HIDDEN = "\ufdd0"
STRUCK, STRUCK_ENDS = "\ufdd1", "\ufdd2"
WRITTEN = "~~"  # as Markdown has it, around words that are struck out

_ANY = re.compile("[\ufdd0-\ufdef]")
_STRUCK = re.compile(f"{STRUCK}([^{STRUCK}{STRUCK_ENDS}]*){STRUCK_ENDS}?")


class Marked(NamedTuple):
    """The text of a page, whether something was hidden on it, and how many letters are struck."""

    text: str
    has_hidden: bool = False
    struck_out: int = 0


def without(text: str) -> str:
    """What a stranger wrote, who may know these marks."""
    return _ANY.sub("", text)


def read(text: str) -> Marked:
    """The page as it is kept."""
    if not _ANY.search(text):
        return Marked(text)
    struck = sum(visible_characters(found[1]) for found in _STRUCK.finditer(text))
    shown = _STRUCK.sub(rf"{WRITTEN}\1{WRITTEN}", text)
    return Marked(without(shown), HIDDEN in text, struck)
