"""Rendering slots: how many children draw at once (concurrency limit), in all and for one person.

Per web process. Whoever waits holds a thread and a connection, so nobody waits long.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from atom_project.problem_codes import ProblemCode
from atom_project.problems import Problem
from documents.pipeline.extraction import sandbox

MOST = max(2, sandbox.CORES)
MOST_OF_ONE = 2
PATIENCE = 4.0  # seconds; a page takes a quarter of one
RETRY_SECONDS = 2

_change = threading.Condition()
_drawing: Counter[int] = Counter()  # by the id of a user


@contextmanager
def slot(user_id: int) -> Iterator[None]:
    """Within this a child may draw; raises a problem (503) where others keep on drawing."""
    with _change:
        if not _change.wait_for(lambda: _is_free(user_id), PATIENCE):
            raise _busy()
        _drawing[user_id] += 1
    try:
        yield
    finally:
        with _change:
            _drawing[user_id] -= 1
            if not _drawing[user_id]:
                del _drawing[user_id]
            _change.notify_all()


def _is_free(user_id: int) -> bool:
    return _drawing[user_id] < MOST_OF_ONE and _drawing.total() < MOST


def _busy() -> Problem:
    return Problem(
        503,
        ProblemCode.RENDERING_BUSY,
        "Too many pages are being drawn at this moment. Try again in a moment.",
        headers={"Retry-After": str(RETRY_SECONDS)},
    )
