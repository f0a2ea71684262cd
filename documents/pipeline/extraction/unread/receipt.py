"""The receipt for one document: which pages have no text and why, in entries for `unread`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..draft import Draft
from ..ocr import UnreadScan

Entry = dict[str, Any]


def of_pages(drafts: Iterable[Draft], told: Iterable[Entry]) -> list[Entry]:
    """Why the empty ones among the pages are empty: their condition alone does not say it.

    `told` has what text recognition says itself.
    """
    of_scans = [entry for entry in told if entry["reason"] in set(UnreadScan)]
    return [
        {"page": draft.number, "reason": _why_empty(draft)}
        for draft in drafts
        if draft.condition == "empty"
        and not any(is_about(entry, draft.number) for entry in of_scans)
    ]


def is_about(entry: Entry, number: int) -> bool:
    """Whether the page is the entry's, or in its range; one without an end goes on to the last."""
    first = entry.get("page") or entry.get("from_page")
    last = entry.get("page") or entry.get("to_page")
    return first is not None and first <= number and (last is None or number <= last)


def of_comments(drafts: Iterable[Draft]) -> list[Entry]:
    """How many comments were not read: over a limit, or on a page that was not read itself."""
    counts = {draft.number: _comments_left(draft) for draft in drafts}
    return [
        {"page": number, "reason": "comments", "count": count}
        for number, count in counts.items()
        if count
    ]


def _comments_left(draft: Draft) -> int:
    is_read = draft.condition in ("read", "read_by_ocr", "hidden_text")
    return draft.comments_left + (0 if is_read else len(draft.comments))


def _why_empty(draft: Draft) -> str:
    if draft.is_scan:
        return "scan"
    return "blank" if draft.is_empty_paper else "drawing"
