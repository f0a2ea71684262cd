"""The shapes in which documents leave the API."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from accounts.api.serializers import ProblemSerializer
from documents.api.result_serializers import ProvenanceSerializer, ResultSerializer
from documents.api.usage_serializers import FiguresSerializer
from documents.models import ActionItem, Analysis, Document, Page, Status, StatusEvent
from documents.pipeline.extraction import encoding_names
from documents.results import result_json


class ProgressSerializer(serializers.Serializer[Any]):
    step = serializers.CharField()
    done = serializers.IntegerField()
    total = serializers.IntegerField()


class FailureSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="Stable; made for programs.")
    detail = serializers.CharField(help_text="What happened.")
    advice = serializers.CharField(help_text="What to do next.")
    retryable = serializers.BooleanField(help_text="Whether trying again may help.")
    reference = serializers.CharField(allow_null=True, help_text="To be given to the operator.")


class DocumentSerializer(serializers.ModelSerializer[Document]):
    document_id = serializers.UUIDField(source="id", help_text="The same as `id`.")
    queue_position = serializers.SerializerMethodField(
        help_text="Place in line from 1, while the document waits its turn; null while it is held."
    )
    held_until = serializers.SerializerMethodField(
        help_text="Others go first until then at the latest, because your budget of the day is "
        "used up; null where nothing holds it."
    )
    language = serializers.SerializerMethodField(help_text="Of the document, once it is known.")
    progress = ProgressSerializer(allow_null=True)
    failure = FailureSerializer(allow_null=True)
    kept_until = serializers.DateTimeField(
        allow_null=True, help_text="When it is deleted by itself (ATOM_KEEP_DAYS); null: never."
    )
    url = serializers.SerializerMethodField()

    class Meta:
        model = Document
        fields = [
            "id",
            "document_id",
            "filename",
            "content_type",
            "size",
            "sha256",
            "status",
            "queue_position",
            "held_until",
            "page_count",
            "language",
            "progress",
            "failure",
            "created_at",
            "updated_at",
            "started_at",
            "finished_at",
            "kept_until",
            "url",
        ]
        read_only_fields = fields

    def get_queue_position(self, document: Document) -> int | None:
        # Found for the whole list by one query; see `representations.shown`.
        positions: dict[Any, int] = self.context["positions"]
        return positions.get(document.pk)

    def get_held_until(self, document: Document) -> datetime | None:
        return document.held_until if document.is_held else None

    def get_language(self, document: Document) -> str | None:
        # Blank in the row, null here: programs test for null.
        return document.language or None

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_url(self, document: Document) -> str:
        request: Request = self.context["request"]
        url: str = request.build_absolute_uri(reverse("api-document-detail", args=[document.pk]))
        return url


class StatusEventSerializer(serializers.ModelSerializer[StatusEvent]):
    status = serializers.ChoiceField(choices=Status.choices)
    timestamp = serializers.DateTimeField(source="created_at")
    reason = serializers.SerializerMethodField(
        help_text="Why, where it is not the usual course: `retry`, `worker_lost`, a failure code."
    )

    class Meta:
        model = StatusEvent
        fields = ["status", "timestamp", "attempt", "reason"]

    def get_reason(self, event: StatusEvent) -> str | None:
        return event.reason or None


class DocumentStatusSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    document_id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=Status.choices)
    is_queued = serializers.BooleanField()
    is_processing = serializers.BooleanField(help_text="Being read or analyzed.")
    is_finished = serializers.BooleanField()
    queue_position = serializers.IntegerField(allow_null=True)
    waiting_reason = serializers.CharField(
        allow_null=True,
        help_text="Why an unfinished document does not move: no worker runs, the line is paused, "
        "or your budget of the day is used up.",
    )
    attempts = serializers.IntegerField()
    progress = ProgressSerializer(allow_null=True)
    failure = FailureSerializer(allow_null=True)
    worker_available = serializers.BooleanField()


class ReadAsSerializer(serializers.Serializer[Any]):
    encoding = serializers.CharField(
        max_length=40,
        help_text="Such as `iso8859_2`; `auto` takes an earlier choice back. "
        f"One of {', '.join(['auto', *encoding_names.choices()])}.",
    )


class PageSerializer(serializers.ModelSerializer[Page]):
    class Meta:
        model = Page
        fields = ["number", "condition", "text", "lost_letters"]


class ActionItemSerializer(serializers.ModelSerializer[ActionItem]):
    """Only the tick can be changed; whatever else is sent along is ignored."""

    document_id = serializers.UUIDField(source="analysis.document_id", read_only=True)
    # Named, so that it is required: with the model's default, an empty change would pass.
    done = serializers.BooleanField()

    class Meta:
        model = ActionItem
        fields = [
            "id",
            "document_id",
            "task",
            "assignee",
            "due_text",
            "due_date",
            "priority",
            "done",
            "evidence",
        ]
        read_only_fields = [name for name in fields if name != "done"]

    def to_representation(self, item: ActionItem) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(item)
        # As in the findings, where nothing was said there is null.
        return {**shown, "assignee": item.assignee or None, "due_text": item.due_text or None}


class DocumentDetailSerializer(DocumentSerializer):
    encoding = serializers.CharField(
        allow_null=True, help_text="Of a text file, once it is read; such as `utf-8`."
    )
    encoding_is_unsure = serializers.BooleanField(
        help_text="Another encoding fits about as well; see `read-as`."
    )
    status_history = StatusEventSerializer(many=True)
    analysis = ResultSerializer(allow_null=True)
    usage = FiguresSerializer(help_text="Of all calls for this document, failed ones too.")

    class Meta(DocumentSerializer.Meta):
        fields = [
            *DocumentSerializer.Meta.fields,
            *("encoding", "encoding_is_unsure", "status_history", "analysis", "usage"),
        ]
        read_only_fields = fields


class AnalysisVersionSerializer(serializers.ModelSerializer[Analysis]):
    provenance = serializers.SerializerMethodField()
    analysis = serializers.SerializerMethodField()

    class Meta:
        model = Analysis
        fields = ["id", "created_at", "provenance", "analysis"]

    @extend_schema_field(ProvenanceSerializer)
    def get_provenance(self, analysis: Analysis) -> Any:
        return analysis.result.get("provenance")

    @extend_schema_field(ResultSerializer)
    def get_analysis(self, analysis: Analysis) -> dict[str, Any]:
        return result_json(analysis)


class RefusedFileSerializer(serializers.Serializer[Any]):
    filename = serializers.CharField(allow_blank=True)
    code = serializers.CharField(help_text="Stable; made for programs.")
    detail = serializers.CharField(help_text="What is wrong and what to do about it.")
    error = serializers.CharField(help_text="What is wrong, in one sentence.")


class UploadAnswerSerializer(serializers.Serializer[Any]):
    uploaded = DocumentSerializer(many=True)
    errors = RefusedFileSerializer(many=True)  # type: ignore[assignment]
    stream_cursor = serializers.IntegerField(
        help_text="A stream that begins after this id tells everything about these documents."
    )


class NothingUploadedSerializer(ProblemSerializer):
    """A problem; where it is about files, it says of each why it was refused."""

    uploaded = DocumentSerializer(many=True, required=False)
    errors = RefusedFileSerializer(many=True, required=False)  # type: ignore[assignment]
    stream_cursor = serializers.IntegerField(required=False)
