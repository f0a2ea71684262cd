"""The shapes in which documents leave the API."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from documents.api.fields import StrictBooleanField
from documents.api.result_serializers import (
    PRIORITIES,
    EvidenceSerializer,
    ProvenanceSerializer,
    ResultSerializer,
    WarningSerializer,
)
from documents.api.usage_serializers import FiguresSerializer
from documents.models import ActionItem, Analysis, Document, Page, Status, StatusEvent
from documents.pipeline.analysis import outcomes
from documents.pipeline.extraction.encodings import encoding_names
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
    external_id = serializers.CharField(
        allow_null=True, help_text="Your own name for it, as the upload gave it; null without one."
    )
    progress = ProgressSerializer(allow_null=True)
    failure = FailureSerializer(allow_null=True)
    warning = serializers.SerializerMethodField(
        help_text="Completed, but nothing that was said is borne out by the document: "
        "`nothing_supported`, or `nothing_found`. Null where all is well."
    )
    kept_until = serializers.DateTimeField(
        allow_null=True, help_text="When it is deleted by itself (ATOM_KEEP_DAYS); null: never."
    )
    url = serializers.SerializerMethodField()

    class Meta:
        model = Document
        fields = [
            "id",
            "document_id",
            "external_id",
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
            "warning",
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

    @extend_schema_field(WarningSerializer(allow_null=True))
    def get_warning(self, document: Document) -> dict[str, str] | None:
        return outcomes.as_json(document.warning)

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_url(self, document: Document) -> str:
        # Looked up once for the whole list.
        url: str = self.context["url_of"](document.pk)
        return url


class MatchSerializer(serializers.Serializer[Any]):
    page = serializers.IntegerField(
        allow_null=True,
        help_text="Null where the words are in the name, the summary, a topic or a task.",
    )
    snippet = serializers.CharField(help_text="Plain text around the words.")
    marks = serializers.ListField(
        child=serializers.ListField(
            child=serializers.IntegerField(), min_length=2, max_length=2, help_text="Start, end."
        ),
        help_text="Where in `snippet` the words stand, in characters (code points) from 0.",
    )


class ListedDocumentSerializer(DocumentSerializer):
    matches = MatchSerializer(
        many=True,
        required=False,
        help_text="Only with `search`: the pages, three at most, that have most of its words. "
        "Empty while the document is not indexed yet.",
    )

    class Meta(DocumentSerializer.Meta):
        fields = [*DocumentSerializer.Meta.fields, "matches"]
        read_only_fields = fields


class StatusEventSerializer(serializers.ModelSerializer[StatusEvent]):
    status = serializers.ChoiceField(choices=Status.choices)
    timestamp = serializers.DateTimeField(source="created_at")
    reason = serializers.SerializerMethodField(
        help_text="Why, where it is not the usual course: `retry`, `worker_lost`, a failure code."
    )

    class Meta:
        model = StatusEvent
        fields = ["status", "timestamp", "attempt", "reason"]
        read_only_fields = fields

    def get_reason(self, event: StatusEvent) -> str | None:
        return event.reason or None


class EstimateSerializer(serializers.Serializer[Any]):
    earliest = serializers.DateTimeField()
    latest = serializers.DateTimeField()
    seconds = serializers.ListField(
        child=serializers.IntegerField(),
        min_length=2,
        max_length=2,
        help_text="From now to `earliest` and `latest`, whatever your clock says.",
    )
    held = serializers.IntegerField(help_text="How many of those checked would have held.")
    checked = serializers.IntegerField(
        help_text="The newest finished documents (50 at most) for which a range could have been "
        "told when they were queued."
    )
    held_share = serializers.FloatField(
        allow_null=True, help_text="`held` of `checked`, from 0 to 1; null where none was checked."
    )


class DocumentStatusSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    document_id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=Status.choices)
    is_queued = serializers.BooleanField()
    is_processing = serializers.BooleanField(help_text="Being read or analyzed.")
    is_finished = serializers.BooleanField()
    queue_position = serializers.IntegerField(allow_null=True)
    queue_order = serializers.ChoiceField(
        choices=["fifo", "fair"], help_text="ATOM_QUEUE_ORDER: by upload, or by turns of owners."
    )
    waiting_reason = serializers.CharField(
        allow_null=True,
        help_text="Why an unfinished document does not move: no worker runs, the line is paused, "
        "or your budget of the day is used up.",
    )
    attempts = serializers.IntegerField()
    progress = ProgressSerializer(allow_null=True)
    failure = FailureSerializer(allow_null=True)
    warning = WarningSerializer(allow_null=True)
    worker_available = serializers.BooleanField()
    estimate = EstimateSerializer(
        allow_null=True,
        help_text="Between when it will be finished with a probability of 90 %, learnt from the "
        "newest 300 finished documents. Null where that would be a guess: fewer than 20 like it "
        "are finished, no worker lives, the line is paused, or 200 others are before it.",
    )


class RetrySerializer(serializers.Serializer[Any]):
    engine = serializers.CharField(
        max_length=200,
        required=False,
        allow_blank=True,
        help_text="`offline` (the built-in engine), or a model of ATOM_OTHER_MODELS. Without it, "
        "the engine of the settings.",
    )


class ReadAsSerializer(serializers.Serializer[Any]):
    encoding = serializers.CharField(
        max_length=40,
        help_text="Such as `iso8859_2`; `auto` takes an earlier choice back. "
        f"One of {', '.join(['auto', *encoding_names.choices()])}.",
    )


class PageSerializer(serializers.ModelSerializer[Page]):
    class Meta:
        model = Page
        fields = ["number", "condition", "text", "lost_letters", "struck_out"]
        read_only_fields = fields


class ActionItemSerializer(serializers.ModelSerializer[ActionItem]):
    """Only the tick can be changed; whatever else is sent along is ignored."""

    document_id = serializers.UUIDField(source="analysis.document_id", read_only=True)
    filename = serializers.CharField(source="analysis.document.filename", read_only=True)
    # Named, so that it is required: with the model's default, an empty change would pass.
    done = StrictBooleanField()
    # As in the findings, where nothing was said there is null.
    assignee = serializers.SerializerMethodField()
    due_text = serializers.SerializerMethodField(help_text="As the document says it.")
    priority = serializers.ChoiceField(choices=PRIORITIES, read_only=True)
    evidence = serializers.SerializerMethodField()

    class Meta:
        model = ActionItem
        fields = [
            "id",
            "document_id",
            "filename",
            "task",
            "assignee",
            "due_text",
            "due_date",
            "priority",
            "done",
            "evidence",
        ]
        read_only_fields = [name for name in fields if name != "done"]

    def get_assignee(self, item: ActionItem) -> str | None:
        return item.assignee or None

    def get_due_text(self, item: ActionItem) -> str | None:
        return item.due_text or None

    @extend_schema_field(EvidenceSerializer(many=True))
    def get_evidence(self, item: ActionItem) -> Any:
        return item.evidence


class LinksSerializer(serializers.Serializer[Any]):
    """Absolute addresses of what belongs to a document; more may join."""

    self = serializers.URLField(help_text="With its history and its result.")
    status = serializers.URLField()
    pages = serializers.URLField()
    analyses = serializers.URLField()
    export = serializers.URLField(help_text="`?as=md` and `?as=csv` are other forms of it.")
    file = serializers.URLField()
    retry = serializers.URLField(help_text="For `POST`.")
    cancel = serializers.URLField(help_text="For `POST`.")
    page = serializers.URLField(help_text="For people, in a browser.")


class DocumentDetailSerializer(DocumentSerializer):
    links = LinksSerializer()
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
            *("links", "encoding", "encoding_is_unsure", "status_history", "analysis", "usage"),
        ]
        read_only_fields = fields


class AnalysisVersionSerializer(serializers.ModelSerializer[Analysis]):
    provenance = serializers.SerializerMethodField()
    analysis = serializers.SerializerMethodField()

    class Meta:
        model = Analysis
        fields = ["id", "created_at", "provenance", "analysis"]
        read_only_fields = fields

    @extend_schema_field(ProvenanceSerializer)
    def get_provenance(self, analysis: Analysis) -> Any:
        return analysis.result.get("provenance")

    @extend_schema_field(ResultSerializer)
    def get_analysis(self, analysis: Analysis) -> dict[str, Any]:
        return result_json(analysis)
