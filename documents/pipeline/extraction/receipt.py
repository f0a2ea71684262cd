"""The receipt for one document: which pages have no text and why, in entries for `unread`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .draft import Draft

Entry = dict[str, Any]


def of_pages(drafts: Iterable[Draft]) -> list[Entry]:
    """Why the empty ones among the pages are empty: their condition alone does not say it."""
    return [
        {"page": draft.number, "reason": _why_empty(draft)}
        for draft in drafts
        if draft.condition == "empty"
    ]


def of_comments(drafts: Iterable[Draft]) -> list[Entry]:
    """How many comments were not read: over a limit, or on a page that was not read itself."""
    counts = {draft.number: _comments_left(draft) for draft in drafts}
    return [
        {"page": number, "reason": "comments", "count": count}
        for number, count in counts.items()
        if count
    ]


def _comments_left(draft: Draft) -> int:
    is_read = draft.condition in ("read", "hidden_text")
    return draft.comments_left + (0 if is_read else len(draft.comments))


def _why_empty(draft: Draft) -> str:
    if draft.is_scan:
        return "scan"
    return "blank" if draft.is_empty_paper else "drawing"
