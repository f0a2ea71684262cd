"""Webhooks as the API takes and shows them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from documents.api.fields import StrictBooleanField
from documents.models import Webhook, WebhookDelivery
from documents.models.webhooks import STAFF, Stop
from documents.webhooks import addresses
from documents.webhooks.event_types import TYPES, USUAL

REASONS = ["owner", STAFF, *Webhook.Pause.values[1:]]


class StopSerializer(serializers.Serializer[Stop]):
    reason = serializers.ChoiceField(choices=REASONS)
    since = serializers.DateTimeField()


class WebhookSerializer(serializers.Serializer[Webhook]):
    id = serializers.UUIDField()
    url = serializers.CharField()
    event_types = serializers.ListField(child=serializers.ChoiceField(choices=list(TYPES)))
    enabled = serializers.SerializerMethodField(help_text="False while it is paused, by anybody.")
    pauses = StopSerializer(
        many=True,
        help_text="All that pauses it; it goes on when none is left. `staff`, who alone end that; "
        "`owner`; `failing`: for a day; `gone`: the receiver answered 410; `restored`: a backup "
        "was restored.",
    )
    pause_reason = serializers.ChoiceField(
        choices=REASONS, allow_null=True, help_text="The first of `pauses`."
    )
    paused_at = serializers.DateTimeField(
        allow_null=True, help_text="Since when it is so, by the first of `pauses`."
    )
    attempts = serializers.IntegerField(help_text="Failed ones of the message that is next.")
    failing_since = serializers.DateTimeField(allow_null=True)
    next_attempt_at = serializers.DateTimeField(
        allow_null=True, help_text="Null: as soon as there is something to send."
    )
    delivered_at = serializers.DateTimeField(
        allow_null=True, help_text="When an event was delivered last; tests do not count."
    )
    created_at = serializers.DateTimeField(source="made_at")

    def get_enabled(self, webhook: Webhook) -> bool:
        return not webhook.is_stopped

    def to_representation(self, webhook: Webhook) -> dict[str, Any]:
        told = super().to_representation(webhook)
        first = next(iter(told["pauses"]), {"reason": None, "since": None})
        return {**told, "pause_reason": first["reason"], "paused_at": first["since"]}


class NewWebhookSerializer(WebhookSerializer):
    secret = serializers.CharField(help_text="What signs; `whsec_` and base64.")


class SecretSerializer(serializers.Serializer[Any]):
    secret = serializers.CharField()
    former_until = serializers.DateTimeField(
        allow_null=True, help_text="Until then the former secret signs as well."
    )


class WebhookChangeSerializer(serializers.Serializer[Any]):
    url = serializers.CharField(max_length=addresses.LONGEST, required=False)
    event_types = serializers.ListField(
        child=serializers.ChoiceField(choices=list(TYPES)),
        min_length=1,
        max_length=len(TYPES),
        required=False,
    )
    enabled = StrictBooleanField(
        required=False, help_text="False pauses; true sends again, at once."
    )
    skip_missed = StrictBooleanField(
        required=False, help_text="With `enabled`: what happened meanwhile is not sent."
    )


class MakeWebhookSerializer(serializers.Serializer[Any]):
    url = serializers.CharField(max_length=addresses.LONGEST)
    event_types = serializers.ListField(
        child=serializers.ChoiceField(choices=list(TYPES)),
        min_length=1,
        max_length=len(TYPES),
        required=False,
        help_text=f"Without it: {' and '.join(USUAL)}.",
    )
    enabled = StrictBooleanField(required=False, help_text="False: it is made paused.")


class WebhookDeliverySerializer(serializers.Serializer[WebhookDelivery]):
    id = serializers.IntegerField()
    message_id = serializers.CharField(help_text="The `webhook-id`; the same for each attempt.")
    event_type = serializers.CharField()
    event_id = serializers.IntegerField(allow_null=True, help_text="As in the stream.")
    document_id = serializers.UUIDField(allow_null=True)
    cause = serializers.ChoiceField(choices=WebhookDelivery.Cause.values)
    attempt = serializers.IntegerField()
    state = serializers.ChoiceField(choices=WebhookDelivery.State.values)
    code = serializers.CharField(allow_null=True, help_text="Why it failed.")
    status_code = serializers.IntegerField(allow_null=True, help_text="Of the answer.")
    milliseconds = serializers.IntegerField(allow_null=True)
    created_at = serializers.DateTimeField(source="at")

    def to_representation(self, delivery: WebhookDelivery) -> dict[str, Any]:
        return {**super().to_representation(delivery), "code": delivery.code or None}
