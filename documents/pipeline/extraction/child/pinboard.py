"""What people pinned to a page: review comments to read, files and form fields to tell of.

Comments open on a click and are no part of the page's own text. Whose flags hide them are left
out, and links, pop-up windows and fields are no comments.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable
from typing import Any

from . import pdfium as raw
from .limits import Message

MAX_ANNOTATIONS = 5_000  # on a page
MAX_COMMENTS = 200  # on a page
MAX_COMMENT = 4_000  # characters
MAX_FILES = 50  # on a page
MAX_CHARACTERS = 300_000  # of all comments of a document
MAX_NAME = 100

_COMMENTS = {
    raw.FPDF_ANNOT_TEXT,
    raw.FPDF_ANNOT_LINE,
    raw.FPDF_ANNOT_SQUARE,
    raw.FPDF_ANNOT_CIRCLE,
    raw.FPDF_ANNOT_POLYGON,
    raw.FPDF_ANNOT_POLYLINE,
    raw.FPDF_ANNOT_HIGHLIGHT,
    raw.FPDF_ANNOT_UNDERLINE,
    raw.FPDF_ANNOT_SQUIGGLY,
    raw.FPDF_ANNOT_STRIKEOUT,
    raw.FPDF_ANNOT_CARET,
    raw.FPDF_ANNOT_INK,
    raw.FPDF_ANNOT_FILEATTACHMENT,
    raw.FPDF_ANNOT_REDACT,
}
# Flattening prints those that say how they look; the words of others stand in the comment alone.
_DRAWN = {raw.FPDF_ANNOT_FREETEXT, raw.FPDF_ANNOT_STAMP}
_HIDDEN = raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW
_TAGS = re.compile(r"<[^>]{0,2000}>")


class Pinned:
    def __init__(self) -> None:
        self.comments: list[tuple[str, str]] = []
        self.comments_left = 0
        self.files: list[str] = []
        self.has_fields = False

    def as_message(self) -> Message:
        return {key: value for key, value in vars(self).items() if value}


class Pinboard:
    """Reads what is pinned to pages; one per document, as its comments have a limit together."""

    def __init__(self) -> None:
        self._characters_left = MAX_CHARACTERS

    def read(self, page: Any) -> Pinned:
        """Asked before a page is flattened, which takes annotations off it."""
        pinned = Pinned()
        if page.has_only_links:
            return pinned
        for index in range(min(raw.FPDFPage_GetAnnotCount(page), MAX_ANNOTATIONS)):
            annotation = raw.FPDFPage_GetAnnot(page, index)
            if not annotation:
                continue
            try:
                self._take(annotation, pinned)
            finally:
                raw.FPDFPage_CloseAnnot(annotation)
        return pinned

    def _take(self, annotation: Any, pinned: Pinned) -> None:
        subtype = raw.FPDFAnnot_GetSubtype(annotation)
        if subtype == raw.FPDF_ANNOT_WIDGET:
            pinned.has_fields = True
        # States such as "Accepted set by Ben" are no words of anybody.
        is_state = raw.FPDFAnnot_HasKey(annotation, b"StateModel")
        is_hidden = raw.FPDFAnnot_GetFlags(annotation) & _HIDDEN
        if is_state or is_hidden:
            return
        if subtype == raw.FPDF_ANNOT_FILEATTACHMENT and len(pinned.files) < MAX_FILES:
            pinned.files.append(_file_name(annotation))
        is_unseen = subtype in _DRAWN and not _has_looks(annotation)
        if (subtype in _COMMENTS or is_unseen) and (text := _contents(annotation)):
            self._keep(_string(annotation, b"T")[:MAX_NAME], text, pinned)

    def _keep(self, author: str, text: str, pinned: Pinned) -> None:
        if (author, text) in pinned.comments:
            return
        is_full = len(pinned.comments) >= MAX_COMMENTS or len(text) > self._characters_left
        if is_full or len(text) > MAX_COMMENT:
            pinned.comments_left += 1
            return
        self._characters_left -= len(text)
        pinned.comments.append((author, text))


def attachments(pdf: Any) -> tuple[int, list[str]]:
    """How many files the document holds inside, and the names of the first."""
    count = max(0, raw.FPDFDoc_GetAttachmentCount(pdf))
    found = (raw.FPDFDoc_GetAttachment(pdf, index) for index in range(min(count, MAX_FILES)))
    return count, [_name(attachment) for attachment in found if attachment]


def _contents(annotation: Any) -> str:
    """The comment; programs that only wrote it with markup have that taken off."""
    plain = _string(annotation, b"Contents")
    return plain or _one_line(_TAGS.sub(" ", _string(annotation, b"RC")))


def _has_looks(annotation: Any) -> bool:
    # Two bytes are the end of an empty string.
    return bool(raw.FPDFAnnot_GetAP(annotation, raw.FPDF_ANNOT_APPEARANCEMODE_NORMAL, None, 0) > 2)


def _file_name(annotation: Any) -> str:
    attachment = raw.FPDFAnnot_GetFileAttachment(annotation)
    return _name(attachment) if attachment else ""


def _string(annotation: Any, key: bytes) -> str:
    return _utf16(lambda *where: raw.FPDFAnnot_GetStringValue(annotation, key, *where))


def _name(attachment: Any) -> str:
    return _utf16(lambda *where: raw.FPDFAttachment_GetName(attachment, *where))[:MAX_NAME]


def _utf16(get: Callable[..., int]) -> str:
    """A string as PDFium hands them out: asked for its length first; without line breaks."""
    size = get(None, 0)
    if not 2 < size <= 1_000_000:
        return ""
    buffer = ctypes.create_string_buffer(size)
    get(buffer, size)
    return _one_line(buffer.raw.decode("utf-16-le", "ignore").rstrip("\x00"))


def _one_line(text: str) -> str:
    return " ".join(text.split())
