"""Is there something to read? Asked before anything is paid for."""

from __future__ import annotations

from collections.abc import Sequence

from documents.failures import FailureCode

from .draft import FEW_CHARACTERS, Draft
from .reading import UnreadableFile

# With less than this share of the characters in readable pages, the rest would be guessing.
READABLE_SHARE = 0.2

_CLOSED = "None of the pages in the file can be opened."
_BROKEN = "The contents of the pages are damaged, as by a transfer in text mode instead of binary."


def require_readable(drafts: Sequence[Draft]) -> None:
    """Raise `UnreadableFile` unless there is text; a few bad pages do not stop a document."""
    garbled = sum(draft.visible for draft in drafts if draft.is_garbled)
    readable = sum(draft.readable for draft in drafts)
    if garbled and readable < READABLE_SHARE * (garbled + readable):
        raise UnreadableFile(FailureCode.GARBLED)
    if not readable or (readable < FEW_CHARACTERS and any(draft.is_scan for draft in drafts)):
        raise _without_text(drafts)


def _without_text(drafts: Sequence[Draft]) -> UnreadableFile:
    if all(draft.is_failed for draft in drafts):
        # Opened, but blank: what they show is broken.
        detail = _BROKEN if any(draft.is_empty_paper for draft in drafts) else _CLOSED
        return UnreadableFile(FailureCode.DAMAGED, detail=detail)
    if any(draft.is_scan for draft in drafts):
        return UnreadableFile(FailureCode.NO_TEXT)
    if any(draft.has_hidden for draft in drafts):
        return UnreadableFile(
            FailureCode.NO_TEXT, detail="The only text on the pages is invisible."
        )
    if all(draft.is_empty_paper or draft.is_failed for draft in drafts):
        return UnreadableFile(FailureCode.NO_TEXT, detail="The pages are blank.")
    return UnreadableFile(FailureCode.NO_TEXT, detail="The pages contain drawings, but no text.")
