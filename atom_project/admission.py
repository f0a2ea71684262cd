"""Admission control: whose large bodies may be on their way, and how many bytes at once."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from django.conf import settings
from django.utils.module_loading import import_string

from accounts import throttles
from atom_project import shared_counters
from atom_project.problem_codes import ProblemCode
from atom_project.problems import RETRY_SECONDS, Problem
from atom_project.shared_counters import Hold

# The addresses that take more than `MAX_SMALL_BODY`, and the setting that says how much; spelled
# as the tables of addresses have them, with and without a slash at the end.
LARGE_BODIES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"/upload/?"), "MAX_UPLOAD_BODY"),
    (re.compile(r"/d/upload/?"), "MAX_UPLOAD_BODY"),
)
UNCOUNTED = 64 * 1024  # bytes; forms and JSON, which are held for a moment
SMALL_BODIES_AT_ONCE = 32 * 1024 * 1024  # bytes of one address
ENVELOPE = 1024 * 1024  # bytes of a body that are not of its files, as `MAX_UPLOAD_BODY` has it


def largest_body(path: str) -> int:
    """Bytes that a body sent to this path may have, whoever sends it."""
    for pattern, setting in LARGE_BODIES:
        if pattern.fullmatch(path):
            return int(getattr(settings, setting))
    return int(settings.MAX_SMALL_BODY)


class BodiesInFlight:
    """Bodies that the web processes of this host are receiving, by who sends them."""

    def __init__(self) -> None:
        self._counters = shared_counters.of_this_service()

    def bytes_of(self, sender: str) -> int:
        return int(self._counters.held(f"body-bytes:{sender}"))

    def count_of(self, sender: str) -> int:
        return int(self._counters.held(f"bodies:{sender}"))

    def enter(self, sender: str, size: int, *, most: int, at_once: int = 0) -> Callable[[], None]:
        """Count a body of an announced size; returns what ends it. `Problem` if there are enough.

        `most` bytes may be on their way together, and `at_once` bodies (0: any number).
        """
        holds = (
            Hold(f"body-bytes:{sender}", size, most),
            Hold(f"bodies:{sender}", 1, at_once or math.inf),
        )
        if not self._counters.take(*holds):
            raise Problem(
                429,
                ProblemCode.TOO_MANY_UPLOADS,
                "As much as may be on its way at once is being sent already. "
                "Try again when one of those uploads has ended.",
                headers={"Retry-After": str(RETRY_SECONDS)},
            )
        return lambda: self._counters.give_back(*holds)


def require_room(user_id: int, in_flight: int, bodies: int, key: str) -> None:
    """Count an upload, and raise the problem of a user who may not send this much now.

    `in_flight` is what so many bodies have announced, the new one included, and `key` the
    idempotency key of the new one. This asks the database, so never call it from the event loop.
    """
    throttles.take_upload(user_id)
    admit = import_string(settings.UPLOAD_ADMISSION)
    admit(user_id, max(0, in_flight - bodies * ENVELOPE), key)
