"""Health checks of webhooks: which receivers do not answer."""

from __future__ import annotations

from django.utils import timezone

from documents.models import Webhook
from documents.operations.checks import CheckResult, good, warning

MOST_NAMED = 5


def examine() -> CheckResult:
    """Needs a database that is up to date."""
    number = Webhook.objects.count()
    failing = Webhook.objects.failing().select_related("owner").order_by("failing_since")
    if failing:
        named = "; ".join(map(_in_words, failing[:MOST_NAMED]))
        return warning(
            f"{len(failing)} of {number} webhooks fail: {named}.",
            "Their owners find why on the page of each webhook. Where it is the network of this "
            "host, look at its way out: name service, firewall, and "
            "ATOM_WEBHOOK_ALLOWED_NETWORKS.",
        )
    return good(f"Of {number} webhooks none fails." if number else "Nobody has a webhook.")


def _in_words(webhook: Webhook) -> str:
    since = webhook.failing_since or timezone.now()
    paused = ", paused" if webhook.is_stopped else ""
    return f"{webhook.owner} to {webhook.host} since {since:%Y-%m-%d %H:%M} UTC{paused}"
