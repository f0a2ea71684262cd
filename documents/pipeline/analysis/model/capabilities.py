"""Capability fallback: what a model server understands, and less where it refuses."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, replace
from typing import Self

FORMATS = ("json_schema", "json_object", "text")
_FORMAT_UNKNOWN = re.compile(r"response_format|json.?schema|json.?object|schema|grammar")


@dataclass(frozen=True)
class ServerCapabilities:
    """What a server has been seen to understand; it starts from the best."""

    answer_format: int = 0
    limit_name: str = "max_tokens"  # empty: the server takes none
    takes_temperature: bool = True
    chunk_tokens: int | None = None

    def fallback(self, param: str, words: str) -> Self | None:
        """What to ask for instead, where the server names something that was sent and can be
        left out; `param` is what it names, `words` are all it said, in small letters."""
        if self.limit_name and self.limit_name in param:
            is_first = self.limit_name == "max_tokens"
            return replace(self, limit_name="max_completion_tokens" if is_first else "")
        if self.takes_temperature and "temperature" in param:
            return replace(self, takes_temperature=False)
        if self.answer_format + 1 < len(FORMATS) and _FORMAT_UNKNOWN.search(words):
            return replace(self, answer_format=self.answer_format + 1)
        return None


class CapabilityMemory:
    """What one server and model have shown while this process runs.

    The engine keeps it. All documents it reads at once, each in a thread, share it: what one
    of them found out the others need not pay for.
    """

    def __init__(self) -> None:
        self.known = ServerCapabilities()
        self.has_answered = False
        self._lock = threading.Lock()  # for what is read and written back; a look needs none

    def fall_back(self, to: ServerCapabilities, *, when_known: ServerCapabilities) -> None:
        """Ask for less, unless another call on its way at the same time learned that, or more."""
        with self._lock:
            if replace(self.known, chunk_tokens=when_known.chunk_tokens) == when_known:
                self.known = replace(to, chunk_tokens=self.known.chunk_tokens)

    def limit_chunks(self, chunk_tokens: int) -> None:
        """Send chunks of at most so many tokens; a limit is never raised again."""
        with self._lock:
            least = min(chunk_tokens, self.known.chunk_tokens or chunk_tokens)
            self.known = replace(self.known, chunk_tokens=least)
