"""Messages: which one a subscription is to be sent next, and what stands in it.

Made from the event log each time it is tried: its id stays, and what it says of the document is
what is so by then.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from documents import events
from documents.live import event_rows, payloads
from documents.live.event_rows import EventRow
from documents.models import Webhook, WebhookDelivery
from documents.webhooks.event_types import RESET, TEST, type_of

BATCH = 100  # events read at once
MOST_BATCHES = 10  # in one look, or one subscription that is far behind holds up all others
# What was so at that moment only, and what streams alone need.
PASSING = ("event", "queue_position", "estimate", "waiting_reason", "replayed")


@dataclass(frozen=True)
class Message:
    id: str  # The same for each attempt: receivers tell repetitions by it.
    type: str
    body: bytes
    cursor: int  # where the subscription stands once it is delivered
    event_id: int | None = None
    document_id: UUID | None = None
    asked: WebhookDelivery | None = None  # the test or repetition that somebody asked for


@dataclass(frozen=True)
class Passed:
    """Nothing up to here is to be sent; `is_behind` where more has happened since."""

    cursor: int
    is_behind: bool = False


class NoSuchEvent(Exception):
    """The event has left the log, or its document is gone."""


def message_id(webhook: Webhook, what: str | int) -> str:
    return f"msg_{webhook.pk.hex}_{what}"


def asked_for(webhook: Webhook, asked: WebhookDelivery, now: datetime) -> Message:
    """A test, or a message once more. Raises `NoSuchEvent`."""
    if asked.cause == WebhookDelivery.Cause.TEST:
        data = {"message": "This is a test. It says nothing about any document."}
        body = _body(TEST, payloads.timestamp(now), data)
        return Message(asked.message_id, TEST, body, webhook.cursor, asked=asked)
    if asked.event_id is None:
        raise NoSuchEvent
    rows = event_rows.owner_events_since(webhook.owner_id, asked.event_id - 1, 1)
    found = next((row for row in rows if row.id == asked.event_id), None)
    message = _of(webhook, found, webhook.cursor, asked) if found else None
    if message is None:
        raise NoSuchEvent
    return message


def next_of(webhook: Webhook, now: datetime) -> Message | Passed:
    """The next message after the cursor, or how far there is none."""
    newest = events.latest_id()
    cursor = webhook.cursor
    for _ in range(MOST_BATCHES):
        rows = event_rows.owner_events_since(webhook.owner_id, cursor, BATCH)
        # After the events: what is pruned between the two looks is told by the mark.
        mark = events.low_water_mark(webhook.owner_id)
        if mark > webhook.cursor:
            return _reset(webhook, mark, max(newest, mark), now)
        for message in _wanted(webhook, rows):
            return message
        if rows:
            cursor = rows[-1].id
        if len(rows) < BATCH:
            return Passed(cursor)
    return Passed(cursor, is_behind=True)


def _wanted(webhook: Webhook, rows: list[EventRow]) -> Iterator[Message]:
    """Each is made when it is asked for: a result is a page or more to read."""
    for row in rows:
        if type_of(row.kind, row.status) in webhook.event_types:
            message = _of(webhook, row, row.id)
            if message:
                yield message


def _of(
    webhook: Webhook, row: EventRow, cursor: int, asked: WebhookDelivery | None = None
) -> Message | None:
    """None where its document is gone: its tombstone follows."""
    kind = type_of(row.kind, row.status)
    [payload] = payloads.of([row])
    if kind is None or payload.body is None:
        return None
    data = _told(payload.body)
    body = _body(kind, data["timestamp"], data)
    name = message_id(webhook, row.id)
    return Message(name, kind, body, cursor, row.id, row.document_id, asked)


def _told(body: dict[str, Any]) -> dict[str, Any]:
    told = {name: value for name, value in body.items() if name not in PASSING}
    result = told.get("result") or {}
    if "findings" in result:
        # As in exports: what no quote stands behind does not leave the house.
        verified = {k: v for k, v in result["findings"].items() if k != "unverified"}
        told["result"] = {**result, "findings": verified}
    return told


def _reset(webhook: Webhook, mark: int, upto: int, now: datetime) -> Message:
    """Something was pruned before it was sent: the receiver has to read everything again."""
    body = _body(RESET, payloads.timestamp(now), {"reason": "too_old", "cursor": upto})
    return Message(message_id(webhook, f"reset{mark}"), RESET, body, upto)


def _body(kind: str, timestamp: str, data: dict[str, Any]) -> bytes:
    whole = {"type": kind, "timestamp": timestamp, "data": data}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()
