"""Long polling: a request without an answer yet waits without a thread, and is answered afterwards.

It is put to its view twice. The first time, the view may give a `DeferredResponse`; what that
waits for is waited for beside Django. Then the same request goes all the way again, so that
whatever was allowed or there at first is asked anew, and the view gives an answer.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import parse_qsl

from django.http import HttpResponse

from atom_project.web.protocol import Scope

PATHS = re.compile(r"/(?:documents/[^/]+/status|events)/?")
KEY = "atom_long_poll"  # in the scope of a request


class Wait(Protocol):
    """What a request waits for."""

    mark: int  # How far the view had looked; it goes on from there.

    async def over(self) -> None:
        """Return when it is time to answer. Raises a `Problem` where nobody may wait."""

    def end(self, reason: str) -> None:
        """Let it be over now. May be called from any thread, and before it has begun."""


class DeferredResponse(HttpResponse):
    """In place of an answer: there will be one after the wait."""

    def __init__(self, wait: Wait) -> None:
        super().__init__()
        self.wait = wait


@dataclass(slots=True)
class LongPoll:
    """How far a request is that may wait."""

    mark: int | None = None  # None before the wait.
    waited: float = 0.0  # seconds

    async def wait(self, wait: Wait) -> None:
        began_at = time.monotonic()
        try:
            await wait.over()
        finally:
            self.mark, self.waited = wait.mark, time.monotonic() - began_at


def begin(scope: Scope) -> LongPoll | None:
    """Let the request wait, where it asks for that at an address where one can."""
    if scope["method"] not in ("GET", "HEAD") or not PATHS.fullmatch(scope["path"]):
        return None
    query = scope["query_string"].decode("latin-1")
    if not any(name == "wait" for name, _ in parse_qsl(query, keep_blank_values=True)):
        return None
    poll = scope[KEY] = LongPoll()
    return poll


def of(request: Any) -> LongPoll | None:
    """None where it cannot wait: its server does not speak ASGI."""
    found: LongPoll | None = getattr(request, "scope", {}).get(KEY)
    return found


def has_waited(request: Any) -> bool:
    poll = of(request)
    return poll is not None and poll.mark is not None


def waited(scope: Scope) -> float:
    """Seconds of a request that were no work."""
    poll: LongPoll | None = scope.get(KEY)
    return poll.waited if poll else 0.0
