"""Limits on what the child sends: pages too long are cut, and all text ends somewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Message = dict[str, Any]


def within_limits(texts: Iterator[Message], job: Message) -> Iterator[Message]:
    """Cut pages that are too long and stop at the character limit, saying so each time."""
    characters = 0
    for message in texts:
        text = message.get("text", "")
        kept = text[: job["page_characters"]]
        characters += len(kept)
        if characters > job["characters"]:
            yield {"cut": {"from_page": message["page"], "reason": "character_limit"}}
            return
        yield message | {"text": kept} if "text" in message else message
        if len(kept) < len(text):
            yield {"cut": _too_long(message["page"], len(kept), len(text))}


def _too_long(page: int, read: int, total: int) -> Message:
    return {
        "page": page,
        "reason": "page_too_long",
        "characters_read": read,
        "characters_total": total,
    }
