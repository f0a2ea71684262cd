"""The text of one page without what no reader of it sees."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from . import pdfium as raw
from . import raised
from .form_fields import Field
from .hidden_text import Found, Inspector
from .page_text import PageTexts
from .pixels import Budget
from .suspects import Letters
from .verdicts import judge

_BETWEEN = r"[\s\x02\ufffe]*"  # Where lines end, the text and its object differ.

_MOST_LETTERS = 3_000  # of one object


class VisibleText(NamedTuple):
    """`dropped` is how many characters were left out, blanks not counted."""

    text: str
    dropped: int
    off_page: bool
    found: Found


class Viewer:
    """Reads the pages of one document, as looking at pixels is limited by document."""

    def __init__(self, texts: PageTexts, *, may_have_layers: bool) -> None:
        self._texts = texts
        self._inspector = Inspector(may_have_layers=may_have_layers)
        self._budget = Budget()

    def read(
        self, page: Any, fields: Sequence[Field] = (), *, has_fields: bool = False
    ) -> VisibleText:
        """`has_fields`: what was filled in, among it `fields`, was drawn into forms on the page."""
        found = self._inspector.inspect(page, has_fields=has_fields)
        everything, off_page = self._texts.read(page, fields)
        verdict = judge(page, found, self._budget)
        if not verdict.hidden and not verdict.partly:
            return VisibleText(everything, 0, off_page, found)
        _leave_out(page, verdict.hidden)
        text, _ = self._texts.read(page, fields)
        whole = without_letters(text, verdict.partly)
        if whole is None:
            # Their place in the text was not found: rather too little than what nobody sees.
            _leave_out(page, (letters.text.handle for letters in verdict.partly))
            whole, _ = self._texts.read(page, fields)
        return VisibleText(whole, _inked(everything) - _inked(whole), off_page, found)


def _leave_out(page: Any, handles: Iterable[int]) -> None:
    """Make PDFium skip these objects from now on."""
    for handle in handles:
        raw.FPDFPageObj_SetIsActive(handle, False)
    page.forget_text()


def without_letters(text: str, partly: list[Letters]) -> str | None:
    """The text without the letters that are not seen; None where they are not found in it."""
    for letters in partly:
        known = [
            (character, seen)
            for character, seen, box in zip(
                letters.characters, letters.seen, letters.boxes, strict=True
            )
            if box
        ]
        if len(known) > _MOST_LETTERS:
            return None
        # A digit may be written as a raised one, which moves no place.
        letters_known = (character.translate(raised.AS_PLAIN) for character, _ in known)
        pattern = _BETWEEN.join(f"({re.escape(character)})" for character in letters_known)
        match = re.search(pattern, text.translate(raised.AS_PLAIN))
        if match is None:
            return None
        for number in range(len(known), 0, -1):
            if not known[number - 1][1]:
                text = text[: match.start(number)] + text[match.end(number) :]
    return text


def _inked(text: str) -> int:
    return len("".join(text.split()))
