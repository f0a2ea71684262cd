"""Types of messages: what a subscription may ask for, and what comes unasked."""

from __future__ import annotations

from documents.models import Status, StatusEvent

_PREFIX = "document."

# type: when it comes
TYPES: dict[str, str] = {
    "document.pending": "uploaded, sent again, or back in the queue",
    "document.processing": "a worker has begun",
    "document.analyzing": "its text is read",
    "document.completed": "its result is there",
    "document.failed": "it failed, or was stopped",
    "document.changed": "a tick or another thing beside the status",
    "document.deleted": "deleted, or in the trash",
}
USUAL = ("document.completed", "document.failed")
TEST = "webhook.test"
RESET = "webhook.reset"


def type_of(kind: str, status: str) -> str | None:
    """Of an event of the log; None for what is never sent, as progress."""
    if kind == StatusEvent.Kind.STATUS:
        return f"{_PREFIX}{status}" if status in Status.values else None
    return None if kind == StatusEvent.Kind.PROGRESS else f"{_PREFIX}{kind}"
