"""The text of one page, by PDFium, in the order in which people read it."""

from __future__ import annotations

import ctypes
from typing import Any

import pypdfium2.raw as raw


def page_text(page: Any) -> tuple[str, bool]:
    """What stands inside the page's visible box, and whether more stands outside of it.

    U+0002 and U+FFFE are PDFium's marks for a hyphen at a line end: without them the word is
    whole again. Printers' marks outside the box are a few characters; a sentence is more.
    """
    textpage = page.get_textpage()
    try:
        # Not `get_text_range`: that takes in what lies outside the box, and knows UCS-2 only.
        text: str = textpage.get_text_bounded()
        off_page = _inked(_unbounded(textpage)) - _inked(text) > 20
    finally:
        textpage.close()
    return text.replace("\x02", "").replace("\ufffe", ""), off_page


def _unbounded(textpage: Any) -> str:
    """All text of the page, wherever it stands: only good for counting."""
    count = textpage.count_chars()
    buffer = (ctypes.c_ushort * (count + 1))()
    raw.FPDFText_GetText(textpage, 0, count, buffer)
    return bytes(buffer).decode("utf-16-le", "ignore").rstrip("\x00")


def _inked(text: str) -> int:
    return len("".join(text.split()))
