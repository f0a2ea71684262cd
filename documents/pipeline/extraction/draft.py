"""One page as an engine delivered it, and in which condition that is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from .letters.characters import LOST, cleaned, is_garbled, visible_characters
from .letters.rubbish import is_rubbish
from .reading import Condition, Engine, ReadPage
from .unread import pinned
from .unread.cover import Cover

FEW_CHARACTERS = 25  # a page number or a stamp has fewer
SCAN_SHARE = 0.5


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
    cover: Cover | None = None
    is_stamp_only: bool = False
    comments: tuple[str, ...] = ()
    comments_left: int = 0
    files: tuple[str, ...] = ()
    has_fields: bool = False
    struck_out: int | None = None
    ocr_confidence: int | None = None
    ocr_poor_share: float | None = None

    @cached_property
    def visible(self) -> int:
        return visible_characters(self.raw_text)

    @property
    def is_scan(self) -> bool:
        """Whether the page is a picture (or outlines) with nothing or a stamp for text."""
        if self.is_recognized:
            return False
        return self.is_stamp_only or (
            self.visible < FEW_CHARACTERS and self.image_share > SCAN_SHARE
        )

    @property
    def is_recognized(self) -> bool:
        """Whether the text was read from the picture of the page (OCR)."""
        return self.ocr_confidence is not None

    @cached_property
    def is_garbled(self) -> bool:
        return is_garbled(self.raw_text) or is_rubbish(self.raw_text)

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
        if self.is_recognized:
            return "read_by_ocr"
        if self.has_hidden and not self.is_stamp_only:
            return "hidden_text"
        # A stamp on a scanned page does not make it a page that was read, nor do notes on it.
        is_read = (self.visible or self.comments) and not self.is_scan
        return "read" if is_read else "empty"

    @property
    def readable(self) -> int:
        """How many characters of it can be analyzed."""
        if self.is_garbled or self.is_scan:
            return 0
        return self.visible + sum(map(visible_characters, self.comments))

    def as_page(self) -> ReadPage:
        text = cleaned(self.raw_text)
        if self.condition in ("read", "read_by_ocr", "hidden_text"):
            text = "\n".join([*filter(None, [text]), *pinned.unsaid(self.comments, text)])
        return ReadPage(
            self.number,
            text,
            self.condition,
            self.engine,
            lost_letters=text.count(LOST),
            # Of a picture that was read nobody knows what is struck out.
            struck_out=self.struck_out or (None if self.is_recognized else self.struck_out),
            ocr_confidence=self.ocr_confidence,
            ocr_poor_share=self.ocr_poor_share,
        )
