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


def _why_empty(draft: Draft) -> str:
    if draft.is_scan:
        return "scan"
    return "blank" if draft.is_empty_paper else "drawing"
