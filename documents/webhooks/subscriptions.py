"""Subscriptions are made, changed, paused, asked for tests, and ended by their owner; staff hold.

A pause and a hold are two facts: either stops it, and each is lifted by those who set it. All but
making raise `Webhook.DoesNotExist` where the subscription was deleted meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
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
    """Staff hold it, or another of its owner to the same host; only they release it."""


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
    _lock_all_of(owner.pk)
    _refuse_held(owner.pk, url)
    if owner.webhooks.count() >= MOST:
        raise TooManyWebhooks
    webhook = Webhook.objects.create(
        owner=owner,
        url=url,
        event_types=in_order(event_types),
        salt=signatures.new_salt(),
        cursor=events.latest_id(),
        **(_paused() if is_paused else {}),
    )
    audit.record(audit.Action.WEBHOOK_MADE, webhook, request=request, actor=owner.pk)
    return webhook


def _lock_all_of(owner_id: int) -> None:
    """Nobody else makes, moves or holds one of this person's until the transaction ends."""
    # No key changes: with `no_key`, rows that refer to the person can be inserted meanwhile.
    User.objects.select_for_update(no_key=True).filter(pk=owner_id).first()


def _refuse_held(owner_id: int, url: str) -> None:
    """What staff hold is not begun anew beside it, either. Needs the lock of them all."""
    host = Webhook(url=url).host
    if any(held.host == host for held in Webhook.objects.held().filter(owner=owner_id)):
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
    if url is not None:
        _lock_all_of(webhook.owner_id)
        webhook.refresh_from_db()  # It may be at another address by now, and held there.
    if url is not None and url != webhook.url:
        addresses.parse(url)
        # Neither to a host that is held, nor away from it: then it would be free for another.
        for held in (webhook.url, url):
            _refuse_held(webhook.owner_id, held)
        changes |= {"url": url, **FRESH, **UNFENCED}
    if event_types is not None:
        changes["event_types"] = in_order(event_types)
    if changes and _update(webhook, **changes):
        audit.record(audit.Action.WEBHOOK_CHANGED, webhook, request=request)


@transaction.atomic
def pause(webhook: Webhook, *, request: HttpRequest | None = None) -> bool:
    """Send no events; says whether anything changed. One that staff hold can be paused as well."""
    rows = Webhook.objects.unpaused().filter(pk=webhook.pk)
    return _decide(webhook, rows.update(**_paused()), request)


def _paused() -> dict[str, Any]:
    return {"paused_at": timezone.now(), "pause_reason": Pause.OWNER}


def pause_all() -> None:
    """After a restoration: each owner says whether his goes on."""
    Webhook.objects.unpaused().update(paused_at=timezone.now(), pause_reason=Pause.RESTORED)
    Webhook.objects.update(lease_token="", lease_expires_at=None)


@transaction.atomic
def resume(
    webhook: Webhook, *, skip_missed: bool = False, request: HttpRequest | None = None
) -> None:
    """Send again, at once: first what was missed, unless that is to be skipped.

    One that is not paused tries again at once. Raises `HeldByStaff`.
    """
    skipped = {"cursor": events.latest_id()} if skip_missed else {}
    rows = Webhook.objects.unheld().filter(pk=webhook.pk)
    going_on = {"paused_at": None, "pause_reason": "", **FRESH, **UNFENCED}
    if not _decide(webhook, rows.update(**going_on, **skipped), request):
        raise HeldByStaff


@transaction.atomic
def hold(webhook: Webhook, *, request: HttpRequest | None = None) -> bool:
    """For staff: send nothing at all, no test either; says whether anything changed."""
    _lock_all_of(webhook.owner_id)
    rows = Webhook.objects.unheld().filter(pk=webhook.pk)
    return _decide(webhook, rows.update(held_at=timezone.now()), request)


@transaction.atomic
def release(webhook: Webhook, *, request: HttpRequest | None = None) -> bool:
    """For staff: its owner decides again, and it goes on unless paused; says whether it was held.

    Whether what a paused one has missed is sent or skipped, its owner says.
    """
    # What it failed before was long ago by now: its day of failures begins anew.
    Webhook.objects.held().unpaused().filter(pk=webhook.pk).update(**FRESH, **UNFENCED)
    rows = Webhook.objects.held().filter(pk=webhook.pk)
    return _decide(webhook, rows.update(held_at=None), request)


def _decide(webhook: Webhook, changed: int, request: HttpRequest | None) -> bool:
    webhook.refresh_from_db()
    if changed:
        audit.record(audit.Action.WEBHOOK_CHANGED, webhook, request=request)
    return bool(changed)


@transaction.atomic
def delete(webhook: Webhook, *, request: HttpRequest | None = None) -> None:
    """End it, with its log; what is on its way meanwhile may still arrive. Raises `HeldByStaff`."""
    # First its row: an attempt that is written down between its log and itself would refer to it.
    if Webhook.objects.select_for_update().get(pk=webhook.pk).is_held:
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
    if locked.is_held:
        raise HeldByStaff
    if locked.deliveries.waiting().count() >= MOST_WAITING:
        raise TooManyWaiting
    return WebhookDelivery.objects.create(
        webhook=webhook, state=WebhookDelivery.State.WAITING, **facts
    )
