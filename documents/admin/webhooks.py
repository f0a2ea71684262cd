"""Webhooks as staff see them: whose, how it goes, and of each address the host; no secret.

The path of an address may be a secret of its receiver's.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.read_only_admin import ReadOnlyAdmin
from documents.models import Webhook, WebhookDelivery
from documents.webhooks import subscriptions


@admin.register(Webhook)
class WebhookAdmin(ReadOnlyAdmin):
    fields = (
        *("id", "owner", "host", "event_types", "state", "pause_reason", "paused_at", "cursor"),
        *("attempts", "failing_since", "next_attempt_at", "delivered_at", "made_at"),
    )
    list_display = (
        *("host", "owner", "state", "pause_reason", "attempts", "failing_since"),
        *("delivered_at", "made_at"),
    )
    readonly_fields = ("host", "state")
    list_filter = ("pause_reason", "failing_since")
    list_select_related = ("owner",)
    search_fields = ("id", "owner__username")
    search_help_text = "Id or owner"
    actions = ("pause", "resume")

    def has_pause_permission(self, request: HttpRequest) -> bool:
        """Looking is not enough."""
        return request.user.has_perm("documents.change_webhook")

    @admin.action(description="Pause", permissions=["pause"])
    def pause(self, request: HttpRequest, webhooks: QuerySet[Webhook]) -> None:
        def act(webhook: Webhook) -> None:
            subscriptions.pause(webhook, Webhook.Pause.STAFF, request=request)

        self._each(request, webhooks, act, "paused")

    @admin.action(description="Let go on", permissions=["pause"])
    def resume(self, request: HttpRequest, webhooks: QuerySet[Webhook]) -> None:
        def act(webhook: Webhook) -> None:
            subscriptions.resume(webhook, by_staff=True, request=request)

        self._each(request, webhooks, act, "resumed")

    def _each(
        self,
        request: HttpRequest,
        webhooks: QuerySet[Webhook],
        act: Callable[[Webhook], None],
        done: str,
    ) -> None:
        chosen = list(webhooks)
        for webhook in chosen:
            act(webhook)
            self.log_change(request, webhook, done)
        self.message_user(request, f"Webhooks {done}: {len(chosen)}.")


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
