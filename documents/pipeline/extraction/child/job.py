"""The child's errand: bytes on standard input, one JSON line per page on standard output."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from typing import Any

from . import confinement

Message = dict[str, Any]


def main() -> None:
    """Read one PDF and leave; the exit code is 0 only when the last line was sent."""
    job = json.loads(sys.argv[1])
    confinement.die_with(job["parent"])
    pages = _reader(job)
    confinement.apply(memory=job["memory"], cpu_seconds=job["cpu_seconds"])
    for message in pages(sys.stdin.buffer.read(), job):
        _send(message)
    _send({"end": True})
    # Tearing down the libraries takes time and can fail on a broken file; nothing is left to save.
    os._exit(0)


def _reader(job: Message) -> Any:
    """The wanted engine, imported before the limits are drawn: it opens many files."""
    if job["engine"] == "pdfium":
        from .pdfium_pages import read_pages as with_pdfium

        return with_pdfium
    from .pdfminer_pages import read_pages as with_pdfminer

    return with_pdfminer


def _send(message: Message) -> None:
    line = json.dumps(message, ensure_ascii=False) + "\n"
    sys.stdout.buffer.write(line.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


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
