"""What children send, put together again; nothing about it is trusted."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Protocol

Message = dict[str, Any]


class ChildCrashed(Exception):
    """The child died, ran out of memory or spoke nonsense."""


class Output(Protocol):
    """Takes what arrives, piece by piece, and knows whether that was all."""

    @property
    def is_whole(self) -> bool: ...

    def take_all(self, received: bytes) -> None: ...


class Lines:
    """Messages in JSON, one a line, of which the last says that it is the last."""

    def __init__(self, take: Callable[[Message], None], at_most: int) -> None:
        self.is_whole = False
        self._take_message = take
        self._allowance = _Allowance(at_most)
        self._pieces: list[bytes] = []

    def take_all(self, received: bytes) -> None:
        self._allowance.spend(received)
        *complete, rest = received.split(b"\n")
        for line in complete:
            self._take(b"".join([*self._pieces, line]))
            self._pieces = []
        self._pieces.append(rest)

    def _take(self, line: bytes) -> None:
        try:
            message = json.loads(line)
        except (ValueError, RecursionError):
            raise ChildCrashed("It sent something that is not JSON") from None
        if not isinstance(message, dict) or self.is_whole:
            raise ChildCrashed("It sent something that is no message")
        if "end" in message:
            self.is_whole = True
        else:
            self._take_message(message)


class Whole:
    """All that a program writes; that it is all, only the way the program ends can tell."""

    is_whole = True

    def __init__(self, at_most: int) -> None:
        self._allowance = _Allowance(at_most)
        self._pieces: list[bytes] = []

    def take_all(self, received: bytes) -> None:
        self._allowance.spend(received)
        self._pieces.append(received)

    @property
    def content(self) -> bytes:
        return b"".join(self._pieces)


class _Allowance:
    def __init__(self, at_most: int) -> None:
        self._left = at_most

    def spend(self, received: bytes) -> None:
        self._left -= len(received)
        if self._left < 0:
            raise ChildCrashed("It sent more than any document holds")
