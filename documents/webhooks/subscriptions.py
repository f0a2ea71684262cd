"""Subscriptions are made, changed, paused, asked for tests, and ended: by their owner, or staff.

All but making raise `Webhook.DoesNotExist` where the subscription was deleted meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from accounts import audit
from accounts.models import User
from documents import events
from documents.models import Webhook, WebhookDelivery
from documents.webhooks import addresses, messages, signatures
from documents.webhooks.event_types import TEST, TYPES, USUAL

Pause = Webhook.Pause
MOST = 10  # of one person
MOST_WAITING = 10  # tests and repetitions of one subscription
ONCE = timedelta(minutes=1)  # within which asking for another secret again asks for the same

# What was learned of the receiver, which is forgotten when somebody says that it is another now.
FRESH: dict[str, Any] = {"attempts": 0, "failing_since": None, "next_attempt_at": None}
# What is on its way counts for nothing; its lease stays, so that nothing overtakes it.
UNFENCED: dict[str, Any] = {"lease_token": ""}


class TooManyWebhooks(Exception):
    """This person has `MOST` already."""


class TooManyWaiting(Exception):
    """`MOST_WAITING` tests and repetitions wait already."""


class HeldByStaff(Exception):
    """Staff paused it, or another of its owner to the same host; only they let it go on."""


@transaction.atomic
def make(
    owner: User,
    url: str,
    event_types: Iterable[str] = USUAL,
    *,
    is_paused: bool = False,
    request: HttpRequest | None = None,
) -> Webhook:
    """A subscription to what happens from now on.

    Raises `ForbiddenAddress`, `HeldByStaff`, `TooManyWebhooks`.
    """
    addresses.parse(url)
    # Of two requests at once each would see one less than there are.
    User.objects.select_for_update().get(pk=owner.pk)
    _refuse_held(owner, url)
    if owner.webhooks.count() >= MOST:
        raise TooManyWebhooks
    paused = {"paused_at": timezone.now(), "pause_reason": Pause.OWNER} if is_paused else {}
    webhook = Webhook.objects.create(
        owner=owner,
        url=url,
        event_types=in_order(event_types),
        salt=signatures.new_salt(),
        cursor=events.latest_id(),
        **paused,
    )
    audit.record(audit.Action.WEBHOOK_MADE, webhook, request=request, actor=owner.pk)
    return webhook


def _refuse_held(owner: User, url: str) -> None:
    """What staff hold is not begun anew beside it, either."""
    host = Webhook(url=url).host
    if any(one.is_held_by_staff and one.host == host for one in owner.webhooks.all()):
        raise HeldByStaff


def in_order(event_types: Iterable[str]) -> list[str]:
    wanted = set(event_types)
    return [name for name in TYPES if name in wanted]


@transaction.atomic
def change(
    webhook: Webhook,
    *,
    url: str | None = None,
    event_types: Iterable[str] | None = None,
    request: HttpRequest | None = None,
) -> None:
    """Another address, other types. Raises `ForbiddenAddress`, `HeldByStaff`."""
    changes: dict[str, Any] = {}
    if url is not None and url != webhook.url:
        addresses.parse(url)
        # Neither to a host that is held, nor away from it: then it would be free for another.
        for held in (webhook.url, url):
            _refuse_held(webhook.owner, held)
        changes |= {"url": url, **FRESH, **UNFENCED}
    if event_types is not None:
        changes["event_types"] = in_order(event_types)
    if changes and _update(webhook, **changes):
        audit.record(audit.Action.WEBHOOK_CHANGED, webhook, request=request)


@transaction.atomic
def pause(webhook: Webhook, reason: str = Pause.OWNER, *, request: Any = None) -> bool:
    """Send nothing more; says whether anything changed. Staff outdo an earlier pause."""
    outdone = ~Q(pause_reason=Pause.STAFF) if reason == Pause.STAFF else Q(paused_at=None)
    # What is on its way may find the receiver gone: that must not stand over the word of staff.
    fence = UNFENCED if reason == Pause.STAFF else {}
    rows = Webhook.objects.filter(outdone, pk=webhook.pk)
    changed = rows.update(paused_at=timezone.now(), pause_reason=reason, **fence)
    webhook.refresh_from_db()
    if changed:
        audit.record(audit.Action.WEBHOOK_CHANGED, webhook, request=request)
    return bool(changed)


def pause_all() -> None:
    """After a restoration: each owner says whether his goes on."""
    Webhook.objects.unpaused().update(paused_at=timezone.now(), pause_reason=Pause.RESTORED)
    Webhook.objects.update(lease_token="", lease_expires_at=None)


@transaction.atomic
def resume(
    webhook: Webhook, *, skip_missed: bool = False, by_staff: bool = False, request: Any = None
) -> None:
    """Send again, at once: first what was missed, unless that is to be skipped.

    One that is not paused tries again at once. Raises `HeldByStaff`.
    """
    rows = Webhook.objects.filter(pk=webhook.pk)
    if not by_staff:
        rows = rows.exclude(pause_reason=Pause.STAFF)
    skipped = {"cursor": events.latest_id()} if skip_missed else {}
    is_done = rows.update(paused_at=None, pause_reason="", **FRESH, **UNFENCED, **skipped)
    webhook.refresh_from_db()
    if not is_done:
        raise HeldByStaff
    audit.record(audit.Action.WEBHOOK_CHANGED, webhook, request=request)


@transaction.atomic
def delete(webhook: Webhook, *, request: HttpRequest | None = None) -> None:
    """End it, with its log; what is on its way meanwhile may still arrive. Raises `HeldByStaff`."""
    # First its row: an attempt that is written down between its log and itself would refer to it.
    if Webhook.objects.select_for_update().get(pk=webhook.pk).is_held_by_staff:
        raise HeldByStaff
    audit.record(audit.Action.WEBHOOK_ENDED, webhook, request=request)
    webhook.delete()


@transaction.atomic
def rotate(webhook: Webhook, *, request: HttpRequest | None = None) -> str:
    """Another secret, which is returned; the former one signs as well for `signatures.OVERLAP`.

    One made within `ONCE` stays: asked for twice, it would end the secret that receivers know.
    """
    locked = Webhook.objects.select_for_update().get(pk=webhook.pk)
    until = timezone.now() + signatures.OVERLAP
    if locked.former_until and locked.former_until > until - ONCE:
        webhook.refresh_from_db()
    else:
        salts = {"salt": signatures.new_salt(), "former_salt": locked.salt}
        _update(webhook, former_until=until, **salts)
        audit.record(audit.Action.WEBHOOK_CHANGED, webhook, request=request)
    return signatures.secret_of(webhook)


def _update(webhook: Webhook, **changes: Any) -> int:
    changed = Webhook.objects.filter(pk=webhook.pk).update(**changes)
    webhook.refresh_from_db()
    return changed


def send_test(webhook: Webhook) -> WebhookDelivery:
    """Ask for a message that says nothing, also where it is paused.

    Raises `HeldByStaff`, `TooManyWaiting`.
    """
    name = messages.message_id(webhook, f"test{int(timezone.now().timestamp() * 1000)}")
    return _ask(webhook, message_id=name, event_type=TEST, cause=WebhookDelivery.Cause.TEST)


def resend(delivery: WebhookDelivery) -> WebhookDelivery:
    """Ask for the same message once more, under its id.

    Raises `HeldByStaff`, `TooManyWaiting`, and `NoSuchEvent` where it cannot be made again.
    """
    webhook = delivery.webhook
    if delivery.event_type == TEST:
        return send_test(webhook)
    again = WebhookDelivery(
        webhook=webhook, event_id=delivery.event_id, cause=WebhookDelivery.Cause.RESEND
    )
    messages.asked_for(webhook, again, timezone.now())
    return _ask(
        webhook,
        message_id=delivery.message_id,
        event_type=delivery.event_type,
        event_id=delivery.event_id,
        document_id=delivery.document_id,
        cause=WebhookDelivery.Cause.RESEND,
    )


@transaction.atomic
def _ask(webhook: Webhook, **facts: Any) -> WebhookDelivery:
    # Of two requests at once each would see one less than there are.
    locked = Webhook.objects.select_for_update().get(pk=webhook.pk)
    if locked.is_held_by_staff:
        raise HeldByStaff
    if locked.deliveries.waiting().count() >= MOST_WAITING:
        raise TooManyWaiting
    return WebhookDelivery.objects.create(
        webhook=webhook, state=WebhookDelivery.State.WAITING, **facts
    )
