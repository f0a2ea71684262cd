"""Is there something to read? Asked before anything is paid for."""

from __future__ import annotations

from collections.abc import Sequence

from documents.failures import FailureCode

from .attempt import Attempt
from .draft import FEW_CHARACTERS, Draft
from .reading import UnreadableFile

# With less than this share of the characters in readable pages, the rest would be guessing.
READABLE_SHARE = 0.2

_CLOSED = "None of the pages in the file can be opened."
_BROKEN = "The contents of the pages are damaged, as by a transfer in text mode instead of binary."

# What became of the scans: a closer word on what happened, and what to do.
_SCANS: dict[Attempt, tuple[str | None, str | None]] = {
    Attempt.OFF: (None, None),
    Attempt.NO_ENGINE: (
        None,
        "It looks like a scan: run text recognition (OCR) on it and upload the result, or ask the "
        "operator to install tesseract-ocr here.",
    ),
    Attempt.NO_LANGUAGE: (
        None,
        "It looks like a scan: run text recognition (OCR) on it and upload the result, or ask the "
        "operator to install a language of ATOM_OCR_LANGUAGES.",
    ),
    Attempt.CUT_SHORT: (
        "The pages are pictures, and reading their text (OCR) took too long or broke off.",
        "Run text recognition (OCR) on it and upload the result, or split it into smaller files.",
    ),
    Attempt.MADE: (
        "The pages are pictures, and text recognition (OCR) found no text in them.",
        "If they show text, scan them again: upright, sharp, at 300 dots per inch. Ask the "
        "operator whether the language of the document is installed (ATOM_OCR_LANGUAGES).",
    ),
}


def require_readable(drafts: Sequence[Draft], attempt: Attempt = Attempt.OFF) -> None:
    """Raise `UnreadableFile` unless there is text; a few bad pages do not stop a document.

    `attempt` tells what recognition did for the pages that are pictures.
    """
    garbled = sum(draft.visible for draft in drafts if draft.is_garbled)
    readable = sum(draft.readable for draft in drafts)
    if garbled and readable < READABLE_SHARE * (garbled + readable):
        raise UnreadableFile(FailureCode.GARBLED)
    if not readable or (readable < FEW_CHARACTERS and any(draft.is_scan for draft in drafts)):
        raise _without_text(drafts, attempt)


def _without_text(drafts: Sequence[Draft], attempt: Attempt) -> UnreadableFile:
    if all(draft.is_failed for draft in drafts):
        # Opened, but blank: what they show is broken.
        what = _BROKEN if any(draft.is_empty_paper for draft in drafts) else _CLOSED
        return UnreadableFile(FailureCode.DAMAGED, detail=what)
    if any(draft.is_scan for draft in drafts):
        detail, advice = _SCANS[attempt]
        return UnreadableFile(FailureCode.NO_TEXT, detail=detail, advice=advice)
    if any(draft.has_hidden for draft in drafts):
        return UnreadableFile(
            FailureCode.NO_TEXT, detail="The only text on the pages is invisible."
        )
    if all(draft.is_empty_paper or draft.is_failed for draft in drafts):
        return UnreadableFile(FailureCode.NO_TEXT, detail="The pages are blank.")
    return UnreadableFile(FailureCode.NO_TEXT, detail="The pages contain drawings, but no text.")
