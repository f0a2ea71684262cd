"""What `GET /me` answers, for the OpenAPI description."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from documents.api.describe import answers

CREDENTIALS = ("token", "key", "session")


class CredentialSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=CREDENTIALS)
    name = serializers.CharField(allow_null=True, help_text="Of a key.")
    scopes = serializers.ListField(
        child=serializers.CharField(), help_text="What it may: `read`, `upload`, or `all`."
    )
    expires_at = serializers.DateTimeField(allow_null=True, help_text="Null: not by a date.")


class LimitsSerializer(serializers.Serializer[Any]):
    file_bytes = serializers.IntegerField(help_text="Of one file in `POST /upload`.")
    resumable_file_bytes = serializers.IntegerField(help_text="Of a PDF by `POST /uploads`.")
    files_per_upload = serializers.IntegerField()
    upload_bytes = serializers.IntegerField(help_text="Of the whole body of `POST /upload`.")
    file_types = serializers.ListField(
        child=serializers.CharField(), help_text="Endings, such as `.pdf`."
    )
    external_id_characters = serializers.IntegerField()
    page_size = serializers.IntegerField(help_text="Entries on one page of a list.")
    bulk_ids = serializers.IntegerField(help_text="Of one call for many.")


class QuotaSerializer(serializers.Serializer[Any]):
    used = serializers.IntegerField()
    limit = serializers.IntegerField(allow_null=True, help_text="Null: no limit.")
    left = serializers.IntegerField(allow_null=True, help_text="Null: no limit.")


class QuotasSerializer(serializers.Serializer[Any]):
    documents = QuotaSerializer()
    bytes = QuotaSerializer(help_text="Of files, their text and what was found.")
    queued = QuotaSerializer(help_text="Documents that wait to be read.")


class EngineSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(help_text="`offline` (the built-in one) or `openai`.")
    model = serializers.CharField(allow_null=True, help_text="Null: none.")
    choices = serializers.ListField(
        child=serializers.CharField(), help_text="What `engine` of a retry may be."
    )


class ThrottleSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(help_text="As in the header `RateLimit-Policy`.")
    limit = serializers.IntegerField(help_text="Requests in so many seconds.")
    seconds = serializers.IntegerField()


class MeSerializer(serializers.Serializer[Any]):
    username = serializers.CharField()
    version = serializers.CharField(help_text="Of the service, as in `X-Atom-Version`.")
    credential = CredentialSerializer()
    limits = LimitsSerializer()
    quotas = QuotasSerializer()
    engine = EngineSerializer(help_text="That analyzes what is uploaded now.")
    throttles = ThrottleSerializer(many=True, help_text="Empty: switched off.")


me = extend_schema(
    operation_id="get_me", tags=["login"], responses=answers({200: MeSerializer}, {})
)
