"""Text recognition (OCR): pages that are pictures are read, and say how sure their words are."""

from __future__ import annotations

from .options import OcrOptions
from .pictures import tries_out
from .recognizer import Recognizer, installed, languages_for
from .scans import Attempt, UnreadScan, read_scans

__all__ = [
    "Attempt",
    "OcrOptions",
    "Recognizer",
    "UnreadScan",
    "installed",
    "languages_for",
    "read_scans",
    "tries_out",
]
