"""The text of one page, by PDFium, in the order in which people read it."""

from __future__ import annotations

from typing import Any

from . import glyphs


def page_text(page: Any) -> tuple[str, bool]:
    """What stands inside the page's visible box, and whether more stands outside of it.

    U+0002 is PDFium's mark for a hyphen at a line end, right before the rest of the word: whether
    it belongs to the word is for the parent, which knows the other pages. Printers' marks outside
    the box are a few characters; a sentence is more.
    """
    textpage = page.get_textpage()
    try:
        # Not `get_text_range`: that takes in what lies outside the box, and knows UCS-2 only.
        text: str = textpage.get_text_bounded()
        everything = glyphs.unbounded(textpage)
        off_page = _inked(everything) - _inked(text) > 20
        text = glyphs.mended(textpage, text, everything)
    finally:
        textpage.close()
    return text, off_page


def _inked(text: str) -> int:
    return len("".join(text.split()))
