"""One page as an engine delivered it, and in which condition that is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from .characters import cleaned, is_garbled, visible_characters
from .cover import Cover
from .reading import Condition, Engine, ReadPage

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

    @cached_property
    def visible(self) -> int:
        return visible_characters(self.raw_text)

    @property
    def is_scan(self) -> bool:
        """Whether the page is a picture (or outlines) with nothing or a stamp for text."""
        return self.is_stamp_only or (
            self.visible < FEW_CHARACTERS and self.image_share > SCAN_SHARE
        )

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
        if self.has_hidden and not self.is_stamp_only:
            return "hidden_text"
        # A stamp on a scanned page does not make it a page that was read.
        return "empty" if not self.visible or self.is_scan else "read"

    def as_page(self) -> ReadPage:
        return ReadPage(self.number, cleaned(self.raw_text), self.condition, self.engine)
