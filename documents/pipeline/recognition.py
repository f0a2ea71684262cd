"""Text recognition (OCR) as the settings want it."""

from __future__ import annotations

from django.conf import settings

from documents.models import Document
from documents.pipeline.extraction import OcrOptions
from documents.pipeline.extraction.ocr import UnreadScan, installed, languages_for

# Another try may read more, with a longer limit or on an idle machine. A picture without text
# (`scan`) also is what all of them are where recognition was off.
_LEFT = (
    *(UnreadScan.MISSING, UnreadScan.LIMIT, UnreadScan.TIMED_OUT, UnreadScan.FAILED),
    "scan",
)


def configured() -> OcrOptions | None:
    """What is wanted of it; None where it is switched off."""
    if settings.ATOM_OCR == "off":
        return None
    return OcrOptions(
        languages=settings.ATOM_OCR_LANGUAGES, seconds=60.0 * settings.ATOM_OCR_MINUTES
    )


def languages() -> tuple[str, ...]:
    """Those that pictures are read in here, by tesseract's names; none where none are read."""
    options, engine = configured(), installed()
    return languages_for(engine, options.languages) if options and engine else ()


def is_there() -> bool:
    return bool(languages())


def is_outdated(document: Document) -> bool:
    """Whether nobody was there to read its pictures, and somebody is now."""
    was_missing = any(entry["reason"] == UnreadScan.MISSING for entry in document.unread)
    return was_missing and is_there()


def left_pictures(document: Document) -> bool:
    """Whether pictures of it were left unread that another try might read."""
    return any(entry["reason"] in _LEFT for entry in document.unread)
