"""Priorities by word lists: high, medium or low only where the text says so."""

from __future__ import annotations

import re
from typing import NamedTuple

from documents.pipeline.analysis.offline.patterns import either, one_of
from documents.pipeline.analysis.schema import Priority

_WHEN_THERE_IS_TIME = """
    when you have time, when you find time, whenever you have time, whenever you find time
"""
_URGENTLY = """
    urgently, urgent, asap, as soon as possible, immediately, at once, right away, critical,
    high priority, top priority, high prio
"""


class Level(NamedTuple):
    priority: Priority
    pattern: re.Pattern[str]
    example: str


def _worded(phrases: str, grades: str) -> re.Pattern[str]:
    """The phrases, or one of the grades after "priority:"."""
    graded = rf"priority:?\s*{one_of(grades)}"
    return re.compile(rf"\b{either(one_of(phrases), graded)}\b", re.IGNORECASE)


URGENT = _worded(_URGENTLY, "high, 1")

# The first that is found: "not urgent" is looked for before "urgent".
LEVELS = (
    Level(
        "low",
        _worded(f"low priority, not urgent, no rush, no hurry, {_WHEN_THERE_IS_TIME}", "low, 3"),
        "This is not urgent.",
    ),
    Level("high", URGENT, "The pump is needed immediately."),
    Level(
        "medium", _worded("medium priority, normal priority", "medium, normal, 2"), "Priority: 2"
    ),
)


def tell(text: str) -> Priority:
    found = (level.priority for level in LEVELS if level.pattern.search(text))
    return next(found, "unspecified")
