"""Response bodies: the completion in a text that the SDK did not take for one, and its parts.

Some servers stream (SSE) although nobody asked for it, or send JSON under another content type.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

# Where servers put what a model thought before it answered.
_THOUGHTS = ("reasoning_content", "reasoning", "thinking")


def completion_in(body: object) -> dict[str, Any] | None:
    """The chat completion that a body holds, as one JSON object; None where there is none."""
    if not isinstance(body, str):
        return None
    with suppress(ValueError, RecursionError):
        whole = json.loads(body)
        return whole if isinstance(whole, dict) else None
    return _unstreamed(list(_events(body)))


def _events(body: str) -> Iterator[dict[str, Any]]:
    for line in body.splitlines():
        if line.startswith("data:"):
            with suppress(ValueError, RecursionError):
                event = json.loads(line.removeprefix("data:"))
                if isinstance(event, dict):
                    yield event


def _unstreamed(events: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The pieces of a stream put together; its last reason to end and its last count hold."""
    content, thoughts, refusal = [], [], []
    ended, usage = None, None
    for event in events:
        choice = at(event, "choices", 0)
        delta = at(choice, "delta") or at(choice, "message")
        content.append(_text(at(delta, "content")))
        thoughts.append(thoughts_of(delta))
        refusal.append(_text(at(delta, "refusal")))
        ended = at(choice, "finish_reason") or ended
        usage = at(event, "usage") or usage
    if not events:
        return None
    message = {"content": "".join(content) or None, "refusal": "".join(refusal) or None}
    message["reasoning_content"] = "".join(thoughts) or None
    return {"choices": [{"message": message, "finish_reason": ended}], "usage": usage}


def thoughts_of(message: Any) -> str:
    """What a model thought before it answered, where the server sends that apart."""
    return next((text for name in _THOUGHTS if (text := _text(at(message, name)))), "")


def is_only_thoughts(message: Any) -> bool:
    """Whether a model thought to the end of its tokens."""
    content = _text(at(message, "content")).lstrip()
    if content:
        return content.startswith(("<think>", "<thinking>")) and "</think" not in content
    return bool(thoughts_of(message))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def at(value: Any, *path: str | int) -> Any:
    """What stands at the end of a path through JSON; None where it leads nowhere."""
    for step in path:
        try:
            value = value[step]
        except (TypeError, KeyError, IndexError):
            return None
    return value
