"""What recognition found, put into the pages of a document; what it left out, told (OCR)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any, NamedTuple

from ..draft import Draft
from ..transcript import MAX_CHARACTERS, Transcript
from .words import Recognized


class UnreadScan(StrEnum):
    """Why a scan was not read; reasons in the receipt."""

    MISSING = "ocr_missing"
    LIMIT = "ocr_limit"
    TIMED_OUT = "ocr_timed_out"
    FAILED = "ocr_failed"
    CHARACTER_LIMIT = "character_limit"


class Result(NamedTuple):
    """What became of one page: its words, or why there are none; neither: a mere picture."""

    number: int
    found: Recognized | None = None
    reason: UnreadScan | None = None


def within_limit(results: Sequence[Result], drafts: Sequence[Draft]) -> dict[int, Result]:
    """All results by page, those beyond the limit on a document's text without it."""
    characters = sum(len(draft.raw_text) for draft in drafts)
    kept: dict[int, Result] = {}
    for result in sorted(results):
        characters += len(result.found.text) if result.found else 0
        is_over = characters > MAX_CHARACTERS and result.found
        limited = Result(result.number, reason=UnreadScan.CHARACTER_LIMIT)
        kept[result.number] = limited if is_over else result
    return kept


def leave(transcript: Transcript) -> None:
    """Tell of every picture that nobody was there to read it."""
    scans = [draft.number for draft in transcript.drafts if draft.is_scan]
    transcript.unread += _entries(dict.fromkeys(scans, UnreadScan.MISSING))


def take_over(transcript: Transcript, numbers: Sequence[int], results: dict[int, Result]) -> None:
    transcript.drafts = [
        _with(draft, results[draft.number].found) if draft.number in results else draft
        for draft in transcript.drafts
    ]
    reasons = {number: UnreadScan.LIMIT for number in numbers if number not in results}
    reasons |= {result.number: result.reason for result in results.values() if result.reason}
    transcript.unread += _entries(reasons)


def _with(draft: Draft, found: Recognized | None) -> Draft:
    if found is None:
        return draft
    return replace(
        draft,
        raw_text=found.text,
        engine="ocr",
        ocr_confidence=found.confidence,
        ocr_poor_share=found.poor_share,
    )


def _entries(reasons: dict[int, UnreadScan]) -> list[dict[str, Any]]:
    """Pages in a row with the same reason are one entry."""
    entries: list[dict[str, Any]] = []
    for number, reason in sorted(reasons.items()):
        last = entries[-1] if entries else {}
        if last.get("reason") == reason and last["to_page"] == number - 1:
            last["to_page"] = number
        else:
            entries.append({"from_page": number, "to_page": number, "reason": str(reason)})
    return entries
