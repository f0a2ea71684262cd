"""Damaged contents: pages that only look blank, and text that may be missing from others."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..transcript import Transcript


def mark(transcript: Transcript) -> None:
    """Take blank pages of a file with broken contents for damaged; say it where others may be."""
    if not transcript.broken_contents:
        return
    blank = [draft for draft in transcript.drafts if draft.is_empty_paper and not draft.visible]
    transcript.drafts = [
        replace(draft, is_failed=True) if draft in blank else draft for draft in transcript.drafts
    ]
    if transcript.broken_contents > len(blank):
        transcript.unread.append(_entry())


def _entry() -> dict[str, Any]:
    return {"reason": "damaged_parts"}
