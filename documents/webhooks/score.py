"""The score of a subscription: what became of an attempt, and when the next one is (backoff)."""

from __future__ import annotations

import logging
import random
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from documents.models import Counter, Webhook, WebhookDelivery, clock
from documents.webhooks.codes import SendCode
from documents.webhooks.messages import Message
from documents.webhooks.sender import SendResult
from documents.webhooks.subscriptions import FRESH

logger = logging.getLogger(__name__)

# Seconds after the first failure, the second, and so on; the last of them from then on.
BACKOFF = (5, 30, 120, 300, 900, 1800, 3600, 7200, 14400)
JITTER = 0.2  # Many that failed together come again apart.
GIVES_UP_AFTER = timedelta(hours=24)

State = WebhookDelivery.State


def settle(webhook: Webhook, message: Message, result: SendResult) -> bool:
    """Write down an attempt and give the lease back; says whether it was still held.

    If not, somebody else has delivered meanwhile, or will: nothing of it counts.
    """
    now = clock.told_by_database()
    changes = _asked(result) if message.asked else _next(webhook, message, result, now)
    changes |= {"lease_token": "", "lease_expires_at": None}
    with transaction.atomic():
        held = Webhook.objects.filter(pk=webhook.pk, lease_token=webhook.lease_token)
        if not held.update(**changes):
            logger.info(
                "The lease of webhook %s is lost; an attempt counts for nothing", webhook.pk
            )
            return False
        _log(webhook, message, result, now)
        Counter.objects.add("webhook_deliveries", str(result.code))
    if not result.is_delivered:
        logger.info("Webhook %s: %s was not delivered (%s)", webhook.pk, message.id, result.code)
    if changes.get("paused_at"):
        logger.warning("Webhook %s is paused: %s", webhook.pk, changes["pause_reason"])
    return True


def _asked(result: SendResult) -> dict[str, Any]:
    """A test that arrives shows that the receiver is there again: what waits goes on at once."""
    return {"next_attempt_at": None} if result.is_delivered else {}


def _next(webhook: Webhook, message: Message, result: SendResult, now: datetime) -> dict[str, Any]:
    if result.is_delivered:
        return {**FRESH, "cursor": message.cursor, "delivered_at": now}
    since = webhook.failing_since or now
    failed = {"attempts": webhook.attempts + 1, "failing_since": since}
    if result.code is SendCode.GONE:
        return {**failed, "paused_at": now, "pause_reason": Webhook.Pause.GONE}
    if now - since >= GIVES_UP_AFTER:
        return {**failed, "paused_at": now, "pause_reason": Webhook.Pause.FAILING}
    return {**failed, "next_attempt_at": now + _pause(webhook.attempts, result.retry_after)}


def _pause(failed: int, retry_after: int) -> timedelta:
    seconds = BACKOFF[min(failed, len(BACKOFF) - 1)] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311
    return timedelta(seconds=max(seconds, retry_after))


def _log(webhook: Webhook, message: Message, result: SendResult, now: datetime) -> None:
    facts: dict[str, Any] = {
        "state": State.DELIVERED if result.is_delivered else State.FAILED,
        "code": "" if result.is_delivered else str(result.code),
        "status_code": result.status,
        "milliseconds": result.milliseconds,
        "at": now,
    }
    if message.asked:
        WebhookDelivery.objects.filter(pk=message.asked.pk).update(**facts)
        return
    WebhookDelivery.objects.create(
        webhook=webhook,
        message_id=message.id,
        event_type=message.type,
        event_id=message.event_id,
        document_id=message.document_id,
        attempt=webhook.attempts + 1,
        **facts,
    )


def refuse(asked: WebhookDelivery) -> None:
    """What somebody asked for can no longer be made."""
    rows = WebhookDelivery.objects.waiting().filter(pk=asked.pk)
    rows.update(state=State.FAILED, code=SendCode.EVENT_GONE, at=clock.now())


def skip(webhook: Webhook, cursor: int) -> None:
    """Nothing up to here is wanted: go on from there, and give the lease back."""
    held = Webhook.objects.filter(pk=webhook.pk, lease_token=webhook.lease_token)
    held.update(cursor=cursor, lease_token="", lease_expires_at=None)
