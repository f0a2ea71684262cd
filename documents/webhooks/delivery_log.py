"""The delivery log: what is forgotten of it, and when."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from documents.models import Webhook, WebhookDelivery

KEPT_AT_MOST = 1_000  # entries in the log of one subscription
AT_ONCE = 500


def prune() -> int:
    """Forget what is older than `ATOM_WEBHOOK_LOG_DAYS`, and all but the newest of each."""
    before = timezone.now() - timedelta(days=settings.ATOM_WEBHOOK_LOG_DAYS)
    old = WebhookDelivery.objects.made().filter(at__lt=before)
    pruned = 0
    while ids := list(old.order_by().values_list("pk", flat=True)[:AT_ONCE]):
        pruned += WebhookDelivery.objects.filter(pk__in=ids).delete()[0]
    for webhook in Webhook.objects.order_by().values_list("pk", flat=True):
        rows = WebhookDelivery.objects.made().filter(webhook=webhook)
        last_kept = rows.newest_first().values_list("pk", flat=True)[KEPT_AT_MOST - 1 :][:1]
        for pk in last_kept:
            pruned += rows.filter(pk__lt=pk).delete()[0]
    return pruned
