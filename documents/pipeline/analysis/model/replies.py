"""Replies: what came back for one request, its text and its counts, trusting nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from documents.pipeline.analysis.model import bodies
from documents.pipeline.analysis.model.bodies import at

# In one request: what is beyond that was not counted, and would be entered as spent.
_MOST_TOKENS = 10_000_000


@dataclass(frozen=True)
class Reply:
    """An answer as it came; token counts are None where the server does not count."""

    content: str
    finish_reason: str | None
    refused: bool
    input_tokens: int | None
    output_tokens: int | None  # what was thought included
    cached_tokens: int
    cache_write_tokens: int = 0
    service_tier: str = ""  # the one it was really served from
    is_only_thoughts: bool = False  # the model thought, and then no tokens were left to answer
    seconds: float = 0.0  # from sending the request to the last byte


def read(sent: dict[str, Any]) -> Reply:
    choice = at(sent, "choices", 0)
    finish_reason, content = at(choice, "finish_reason"), at(choice, "message", "content")
    return Reply(
        content=content if isinstance(content, str) else "",
        finish_reason=finish_reason if isinstance(finish_reason, str) else None,
        refused=bool(at(choice, "message", "refusal")) or finish_reason == "content_filter",
        is_only_thoughts=bodies.is_only_thoughts(at(choice, "message")),
        service_tier=str(at(sent, "service_tier") or ""),
        **_counts(at(sent, "usage")),
    )


def _counts(usage: Any) -> dict[str, Any]:
    read, written = _count(at(usage, "prompt_tokens")), _count(at(usage, "completion_tokens"))
    total = _count(at(usage, "total_tokens"))
    if read is not None and written is not None and total is not None:
        # Some servers count what a model thought in the total only; it is billed as output.
        written = max(written, total - read)
    details = at(usage, "prompt_tokens_details")
    return {
        "input_tokens": read,
        "output_tokens": written,
        "cached_tokens": _count(at(details, "cached_tokens")) or 0,
        "cache_write_tokens": _count(at(details, "cache_write_tokens")) or 0,
    }


def _count(value: Any) -> int | None:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and 0 <= value <= _MOST_TOKENS else None
