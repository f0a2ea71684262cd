"""What became of the pictures of a document when text recognition (OCR) was asked."""

from __future__ import annotations

from enum import StrEnum


class Attempt(StrEnum):
    """What became of the scans of a document."""

    OFF = "off"
    NO_ENGINE = "no_engine"
    NO_LANGUAGE = "no_language"
    CUT_SHORT = "cut_short"
    MADE = "made"
