"""Webhooks as staff see them: whose, how it goes, and of each address the host; no secret.

The path of an address may be a secret of its receiver's.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.read_only_admin import ReadOnlyAdmin
from documents.models import Webhook, WebhookDelivery
from documents.webhooks import subscriptions


@admin.register(Webhook)
class WebhookAdmin(ReadOnlyAdmin):
    fields = (
        *("id", "owner", "host", "event_types", "state", "held_at", "pause_reason", "paused_at"),
        *("cursor", "attempts", "failing_since", "next_attempt_at", "delivered_at", "made_at"),
    )
    list_display = (
        *("host", "owner", "state", "held_at", "pause_reason", "attempts", "failing_since"),
        *("delivered_at", "made_at"),
    )
    readonly_fields = ("host", "state")
    list_filter = (("held_at", admin.EmptyFieldListFilter), "pause_reason", "failing_since")
    list_select_related = ("owner",)
    search_fields = ("id", "owner__username")
    search_help_text = "Id or owner"
    actions = ("hold", "release")

    def has_hold_permission(self, request: HttpRequest) -> bool:
        """Looking is not enough."""
        return request.user.has_perm("documents.change_webhook")

    @admin.action(description="Hold: send nothing", permissions=["hold"])
    def hold(self, request: HttpRequest, webhooks: QuerySet[Webhook]) -> None:
        held = self._each(request, webhooks, subscriptions.hold, "held")
        self.message_user(request, f"Webhooks held: {len(held)}.")

    @admin.action(description="Release: its owner's again", permissions=["hold"])
    def release(self, request: HttpRequest, webhooks: QuerySet[Webhook]) -> None:
        released = self._each(request, webhooks, subscriptions.release, "released")
        said = f"Webhooks released: {len(released)}."
        if paused := sum(webhook.is_paused for webhook in released):
            said += f" Paused until their owners let them go on: {paused}."
        self.message_user(request, said)

    def _each(
        self,
        request: HttpRequest,
        webhooks: QuerySet[Webhook],
        act: Callable[..., bool],
        done: str,
    ) -> list[Webhook]:
        """Those that were changed; not those that somebody else changed or deleted meanwhile."""
        changed = []
        for webhook in webhooks:
            with suppress(Webhook.DoesNotExist):
                if act(webhook, request=request):
                    self.log_change(request, webhook, done)
                    changed.append(webhook)
        return changed


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnlyAdmin):
    fields = (
        *("webhook", "at", "message_id", "event_type", "event_id", "document_id", "cause"),
        *("attempt", "state", "code", "status_code", "milliseconds"),
    )
    list_display = (
        *("at", "webhook", "event_type", "cause", "attempt", "state", "code", "status_code"),
        "milliseconds",
    )
    list_filter = ("state", "cause", "at")
    list_select_related = ("webhook",)
    search_fields = ("message_id", "webhook__owner__username")
    search_help_text = "Id of a message, or owner"
