"""The default model, by date: the one place that says what it becomes, and when.

OpenAI has announced that gpt-4.1 is switched off on 14 January 2027.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

DEFAULTS = (
    (date.min, "gpt-4.1"),
    # The cheapest of its successors whose price is known.
    (date(2027, 1, 14), "gpt-6-luna"),
)


def today() -> date:
    """Days are those of UTC, wherever people and servers are."""
    return datetime.now(UTC).date()


def on(day: date) -> str:
    """The model that is asked on this day where ATOM_MODEL names none."""
    return [model for since, model in DEFAULTS if since <= day][-1]


def next_change(day: date) -> tuple[date, str] | None:
    """When the default is another one, and which."""
    return next(((since, model) for since, model in DEFAULTS if since > day), None)


def in_words(day: date) -> str:
    """For the start: what the default becomes; empty where nothing is going to change."""
    if not (change := next_change(day)):
        return ""
    since, model = change
    return (
        f"The default model {on(day)} is switched off on {since}; from a start on that day on, the "
        f"default is {model}. ATOM_MODEL names another one."
    )
