"""The shapes in which documents and what was found in them leave the API."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from accounts.api.serializers import ProblemSerializer
from documents import events, queue
from documents.models import ActionItem, Analysis, Document, Page, Status, StatusEvent
from documents.results import result_json


def shown(documents: Sequence[Document], request: Request) -> list[dict[str, Any]]:
    """Documents as lists show them, their places in line found at once."""
    context = {"request": request, "positions": queue.positions(documents)}
    return list(DocumentSerializer(documents, many=True, context=context).data)


def shown_one(document: Document, request: Request) -> dict[str, Any]:
    return shown([document], request)[0]


def in_detail(document: Document, request: Request) -> dict[str, Any]:
    """A document with its history and its current analysis."""
    history = StatusEvent.objects.of(document).statuses().oldest_first()
    analysis = document.current_analysis
    return {
        **shown_one(document, request),
        "status_history": StatusEventSerializer(history, many=True).data,
        "analysis": result_json(analysis) if analysis else None,
        "usage": document.model_calls.figures(),
    }


def status_of(document: Document) -> dict[str, Any]:
    return {
        "id": document.pk,
        "document_id": document.pk,
        "status": document.status,
        "is_queued": document.is_queued,
        "is_processing": document.is_processing,
        "is_finished": document.is_finished,
        "queue_position": queue.positions([document]).get(document.pk),
        "waiting_reason": queue.waiting_reason(document),
        "attempts": document.attempts,
        "progress": document.progress,
        "failure": document.failure,
        "worker_available": queue.worker_available(),
    }


def cursor_headers() -> dict[str, str]:
    """Where a stream has to begin so that nothing falls between; ask before the query."""
    return {"Last-Event-ID": str(events.latest_id())}


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
        help_text="Place in line from 1, while the document waits."
    )
    language = serializers.SerializerMethodField(help_text="Of the document, once it is known.")
    progress = ProgressSerializer(allow_null=True)
    failure = FailureSerializer(allow_null=True)
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
            "page_count",
            "language",
            "progress",
            "failure",
            "created_at",
            "updated_at",
            "started_at",
            "finished_at",
            "url",
        ]
        read_only_fields = fields

    def get_queue_position(self, document: Document) -> int | None:
        positions: dict[Any, int] = self.context["positions"]
        return positions.get(document.pk)

    def get_language(self, document: Document) -> str | None:
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
        allow_null=True, help_text="Why a waiting document does not move."
    )
    attempts = serializers.IntegerField()
    progress = ProgressSerializer(allow_null=True)
    failure = FailureSerializer(allow_null=True)
    worker_available = serializers.BooleanField()


class PageSerializer(serializers.ModelSerializer[Page]):
    class Meta:
        model = Page
        fields = ["number", "condition", "text"]


class ActionItemSerializer(serializers.ModelSerializer[ActionItem]):
    """Only the tick can be changed; whatever else is sent along is ignored."""

    document_id = serializers.UUIDField(source="analysis.document_id", read_only=True)
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


# What an analysis looks like, for the schema; `results.result_json` makes it.


class EvidenceSerializer(serializers.Serializer[Any]):
    page = serializers.IntegerField()
    start = serializers.IntegerField(help_text="Offset in the text of the page.")
    end = serializers.IntegerField()
    quote = serializers.CharField(help_text="The document's own words.")
    match = serializers.ChoiceField(choices=["verbatim", "close"])


class _UnquotedNumbers(serializers.ListField):
    child = serializers.CharField()

    def __init__(self) -> None:
        super().__init__(help_text="Numbers of the claim that stand in none of its quotes.")


class KeyPointSerializer(serializers.Serializer[Any]):
    text = serializers.CharField()
    evidence = EvidenceSerializer(many=True)
    unquoted_numbers = _UnquotedNumbers()


class TopicSerializer(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]
    evidence = EvidenceSerializer(many=True)


TONES = ["positive", "negative", "mixed", "neutral", "not_assessed"]


class SentimentSerializer(serializers.Serializer[Any]):
    label = serializers.ChoiceField(choices=TONES)  # type: ignore[assignment]
    score = serializers.FloatField(allow_null=True)
    rationale = serializers.CharField()
    evidence = EvidenceSerializer(many=True)


class FoundItemSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(allow_null=True, help_text="For `/action-items/{id}`.")
    task = serializers.CharField()
    assignee = serializers.CharField(allow_null=True)
    due_text = serializers.CharField(allow_null=True, help_text="As the document says it.")
    due_date = serializers.DateField(allow_null=True)
    priority = serializers.ChoiceField(choices=["high", "medium", "low", "unspecified"])
    done = serializers.BooleanField()
    evidence = EvidenceSerializer(many=True)
    unquoted_numbers = _UnquotedNumbers()


class FlaggedSerializer(serializers.Serializer[Any]):
    page = serializers.IntegerField()
    start = serializers.IntegerField(help_text="Offset in the text of the page.")
    end = serializers.IntegerField()
    quote = serializers.CharField(help_text="The document's own words.")
    reason = serializers.ChoiceField(choices=["instruction"])


class FindingsSerializer(serializers.Serializer[Any]):
    key_points = KeyPointSerializer(many=True)
    topics = TopicSerializer(many=True)
    sentiment = SentimentSerializer()
    actionable_items = FoundItemSerializer(many=True)
    unverified = serializers.ListField(
        child=serializers.DictField(), help_text="Claims without a quote that proves them."
    )
    flagged = FlaggedSerializer(
        many=True, help_text="Passages that speak to a model; they are never evidence."
    )


class UnreadPageSerializer(serializers.Serializer[Any]):
    page = serializers.IntegerField()
    reason = serializers.CharField()


class CoverageSerializer(serializers.Serializer[Any]):
    pages_total = serializers.IntegerField()
    pages_read = serializers.IntegerField()
    not_read = UnreadPageSerializer(many=True)


class ProvenanceSerializer(serializers.Serializer[Any]):
    engine = serializers.CharField()
    model = serializers.CharField()
    prompt_version = serializers.CharField()
    calls = serializers.IntegerField()
    input_tokens = serializers.IntegerField()
    output_tokens = serializers.IntegerField()
    calls_failed = serializers.IntegerField(help_text="Refused or useless, and tried again.")
    calls_unknown = serializers.IntegerField(help_text="Cut off: they may have been billed.")
    cost_usd = serializers.CharField(allow_null=True, help_text="Null where it is not known.")
    reused_from = serializers.IntegerField(
        allow_null=True, help_text="The analysis of an identical file it was taken over from."
    )
    reused_from_document = serializers.UUIDField(allow_null=True)


class ResultSerializer(serializers.Serializer[Any]):
    summary = serializers.CharField()
    topics = serializers.ListField(child=serializers.CharField())
    sentiment = serializers.ChoiceField(choices=TONES)
    actionable_items = serializers.ListField(child=serializers.CharField())
    findings = FindingsSerializer()
    language = serializers.CharField(allow_null=True)
    coverage = CoverageSerializer()
    provenance = ProvenanceSerializer()


class FiguresSerializer(serializers.Serializer[Any]):
    calls = serializers.IntegerField(help_text="However they ended.")
    intended = serializers.IntegerField(help_text="On their way at this moment.")
    answered = serializers.IntegerField()
    failed = serializers.IntegerField()
    unknown = serializers.IntegerField(help_text="Cut off: they may have been billed.")
    input_tokens = serializers.IntegerField()
    output_tokens = serializers.IntegerField()
    cost_usd = serializers.CharField(
        allow_null=True, help_text="Of the calls whose price is known; null if none is."
    )
    unknown_cost_calls = serializers.IntegerField(
        help_text="Answered by a model whose price is not known."
    )


class DayFiguresSerializer(FiguresSerializer):
    day = serializers.DateField(help_text="In UTC.")


class UsageSerializer(serializers.Serializer[Any]):
    days = DayFiguresSerializer(many=True, help_text="Those with calls, newest first.")
    total = FiguresSerializer()


class DocumentDetailSerializer(DocumentSerializer):
    status_history = StatusEventSerializer(many=True)
    analysis = ResultSerializer(allow_null=True)
    usage = FiguresSerializer(help_text="Of all calls for this document, failed ones too.")

    class Meta(DocumentSerializer.Meta):
        fields = [*DocumentSerializer.Meta.fields, "status_history", "analysis", "usage"]
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
