"""Text recognition (OCR): pages that are pictures are read, and say how sure their words are."""

from __future__ import annotations

from .images import read_image
from .options import OcrOptions
from .page_results import UnreadScan
from .pictures import tries_out
from .recognizer import Recognizer, installed, languages_for
from .scans import read_scans

__all__ = [
    "OcrOptions",
    "Recognizer",
    "UnreadScan",
    "installed",
    "languages_for",
    "read_image",
    "read_scans",
    "tries_out",
]
