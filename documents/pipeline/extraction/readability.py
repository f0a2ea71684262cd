"""Is there something to read? Asked before anything is paid for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from documents.failures import FailureCode

from .reading import Condition, Engine, ReadPage, UnreadableFile

FEW_CHARACTERS = 25  # a page number or a stamp has fewer
SCAN_SHARE = 0.5
GARBLED_SHARE = 0.1
# With less than this share of the characters in readable pages, the rest would be guessing.
READABLE_SHARE = 0.2

_INVISIBLE = r"\s\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
_RUN_OF_VISIBLE = re.compile(f"[^{_INVISIBLE}]+")
# Replacement, private use and control characters, but not the line ends and tabs among them.
_BAD = re.compile(
    "[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1f\x7f-\x9f\U000f0000-\U000ffffd\U00100000-\U0010fffd]"
)
_LINE_ENDS = re.compile(r"\r\n?|\x0b|\x85|\u2028|\u2029")
_SURROGATES = re.compile("[\ud800-\udfff]")
# NUL is among them, which PostgreSQL takes in no text.
_CONTROLS = re.compile("[\x00-\x08\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


def cleaned(text: str) -> str:
    """The text as the database and JSON can hold it: LF line ends, no control characters."""
    text = _LINE_ENDS.sub("\n", text)
    return _CONTROLS.sub("", _SURROGATES.sub("\ufffd", text))


def visible_characters(text: str) -> int:
    return len("".join(_RUN_OF_VISIBLE.findall(text)))


def is_blank(text: str) -> bool:
    return _RUN_OF_VISIBLE.search(text) is None


def is_garbled(text: str) -> bool:
    """Whether more than a tenth of it are characters that no one writes."""
    bad = len(_BAD.findall(text))
    return bad > 0 and bad > GARBLED_SHARE * visible_characters(text)


@dataclass(frozen=True)
class Draft:
    """One page as an engine delivered it, with what the page shows beside text."""

    number: int
    raw_text: str = ""
    engine: Engine = "pdfium"
    is_failed: bool = False
    has_hidden: bool = False
    has_text_objects: bool = False
    image_share: float = 0.0
    is_empty_paper: bool = False

    @cached_property
    def visible(self) -> int:
        return visible_characters(self.raw_text)

    @property
    def is_scan(self) -> bool:
        return self.visible < FEW_CHARACTERS and self.image_share > SCAN_SHARE

    @cached_property
    def is_garbled(self) -> bool:
        return is_garbled(self.raw_text)

    @property
    def is_suspicious(self) -> bool:
        """Worth a second opinion; never where text was hidden, which that would bring back."""
        if self.is_failed or self.has_hidden:
            return self.is_failed
        return self.is_garbled or (self.has_text_objects and self.visible < FEW_CHARACTERS)

    @property
    def condition(self) -> Condition:
        if self.is_failed:
            return "failed"
        if self.is_garbled:
            return "garbled"
        if self.has_hidden:
            return "hidden_text"
        # A stamp on a scanned page does not make it a page that was read.
        return "empty" if not self.visible or self.is_scan else "read"

    def as_page(self) -> ReadPage:
        return ReadPage(self.number, cleaned(self.raw_text), self.condition, self.engine)


def require_readable(drafts: Sequence[Draft]) -> None:
    """Raise `UnreadableFile` unless there is text; a few bad pages do not stop a document."""
    garbled = sum(draft.visible for draft in drafts if draft.is_garbled)
    readable = sum(draft.visible for draft in drafts if not draft.is_garbled)
    if garbled and readable < READABLE_SHARE * (garbled + readable):
        raise UnreadableFile(FailureCode.GARBLED)
    if not readable or (readable < FEW_CHARACTERS and any(draft.is_scan for draft in drafts)):
        raise _without_text(drafts)


def _without_text(drafts: Sequence[Draft]) -> UnreadableFile:
    if all(draft.is_failed for draft in drafts):
        return UnreadableFile(
            FailureCode.DAMAGED, detail="None of the pages in the file can be opened."
        )
    if any(draft.is_scan for draft in drafts):
        return UnreadableFile(FailureCode.NO_TEXT)
    if any(draft.has_hidden for draft in drafts):
        return UnreadableFile(
            FailureCode.NO_TEXT, detail="The only text on the pages is invisible."
        )
    if all(draft.is_empty_paper or draft.is_failed for draft in drafts):
        return UnreadableFile(FailureCode.NO_TEXT, detail="The pages are blank.")
    return UnreadableFile(FailureCode.NO_TEXT, detail="The pages contain drawings, but no text.")
