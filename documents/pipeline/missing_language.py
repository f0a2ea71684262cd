"""Languages that scans are written in and text recognition (OCR) lacks: accents are lost, unmarked.

An engine that knows no Polish reads "Zarząd" as "Zarzad", and is as sure of it as of English.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from documents.pipeline import recognition
from documents.pipeline.analysis import SourcePage
from documents.pipeline.analysis.offline.language import detect
from documents.pipeline.extraction import ReadPage

REASON = "ocr_language"

# By the names that tesseract gives them. Only those in Latin letters: of others an engine reads
# nothing, and the page stays a picture.
_NAMES = {
    "af": "afr",
    "ca": "cat",
    "cs": "ces",
    "da": "dan",
    "de": "deu",
    "en": "eng",
    "es": "spa",
    "et": "est",
    "eu": "eus",
    "fi": "fin",
    "fr": "fra",
    "ga": "gle",
    "gl": "glg",
    "hr": "hrv",
    "hu": "hun",
    "id": "ind",
    "it": "ita",
    "lt": "lit",
    "lv": "lav",
    "nl": "nld",
    "no": "nor",
    "pl": "pol",
    "pt": "por",
    "ro": "ron",
    "sk": "slk",
    "sl": "slv",
    "sv": "swe",
    "tr": "tur",
    "vi": "vie",
}
_ALL_LATIN = "script/Latin"


def entries(pages: Sequence[ReadPage]) -> list[dict[str, Any]]:
    """For the receipt: which language the recognized pages look like, if none was there for it."""
    recognized = [page for page in pages if page.ocr_confidence is not None]
    language = detect([SourcePage(page.number, page.text) for page in recognized])
    if not language or is_known(language, recognition.languages()):
        return []
    return [{"reason": REASON, "language": language}]


def is_known(language: str, names: Collection[str]) -> bool:
    """Whether one of these is meant for the language; also where nobody can tell."""
    name = _NAMES.get(language)
    return name is None or name in names or _ALL_LATIN in names
