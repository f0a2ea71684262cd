"""Plain text files: from their bytes to pages.

Decoded in the worker itself, not in a child: every step is linear, made of the interpreter's own
decoders and searches, and bounded by the size of an upload. There is nothing to confine.
"""

from __future__ import annotations

from documents.failures import FailureCode

from ..encodings.decoding import Decoded, decode, tidy
from ..letters import rubbish
from ..letters.characters import is_blank, is_garbled, visible_characters
from ..readability import READABLE_SHARE
from ..reading import Condition, OnPage, Reading, ReadPage, UnreadableFile
from . import marks
from .mail import read_mail
from .paging import pages

_RUBBISH = "The letters in the file make no words: its encoding is unknown."


def read_text(data: bytes, *, on_page: OnPage, encoding: str | None = None) -> Reading:
    """Read a plain text file; `read_document` tells the promises."""
    # A mail says itself how its parts are encoded, unless its reader knows better.
    mail = read_mail(data) if encoding is None else None
    decoded = Decoded(tidy(mail.text), "mail") if mail else decode(data, encoding)
    if is_blank(decoded.text):
        raise UnreadableFile(FailureCode.EMPTY, detail="The file contains nothing but white space.")
    marked = list(map(marks.read if mail else marks.Marked, pages(decoded.text)))
    if rubbish.is_rubbish_throughout([page.text for page in marked]):
        raise UnreadableFile(FailureCode.NOT_TEXT, detail=_RUBBISH)
    read = []
    for number, page in enumerate(marked, 1):
        condition = _condition(page)
        read.append(ReadPage(number, page.text, condition, "text", struck_out=page.struck_out))
        on_page(number, len(marked))
    _require_readable(read)
    unread = mail.unread if mail else []
    return Reading(read, len(read), decoded.encoding, unread, encoding_is_unsure=decoded.is_unsure)


def _condition(page: marks.Marked) -> Condition:
    if is_garbled(page.text):
        return "garbled"
    if page.has_hidden:
        return "hidden_text"
    return "empty" if is_blank(page.text) else "read"


def _require_readable(read: list[ReadPage]) -> None:
    """A few bad pages do not stop a document; mostly bad ones mean another encoding."""
    if all(page.condition != "garbled" for page in read):
        return
    visible = {page.number: visible_characters(page.text) for page in read}
    readable = sum(
        visible[page.number] for page in read if page.condition in ("read", "hidden_text")
    )
    if readable < READABLE_SHARE * sum(visible.values()):
        raise UnreadableFile(
            FailureCode.GARBLED, detail="Most of the file makes no letters in the encoding read."
        )
