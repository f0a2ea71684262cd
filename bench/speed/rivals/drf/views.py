"""A viewset with the fields that ATOM's answers have, and an upload that only stores.

Left out, because a bare viewset has none of it: places in the queue, what a client may hold, the
look whether a login has ended, judging of files, quotas, history, receipts.
"""

from __future__ import annotations

import os
import time
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ReadOnlyModelViewSet

from documents.models import ActionItem, Analysis, Document, StatusEvent

FIELDS = [
    *("id", "filename", "content_type", "size", "sha256", "status", "held_until", "page_count"),
    *("language", "progress", "failure", "warning", "created_at", "updated_at", "started_at"),
    "finished_at",
]


class EventSerializer(serializers.ModelSerializer[StatusEvent]):
    class Meta:
        model = StatusEvent
        fields = ["status", "created_at", "attempt", "reason"]


class ItemSerializer(serializers.ModelSerializer[ActionItem]):
    class Meta:
        model = ActionItem
        fields = ["id", "task", "assignee", "due_text", "due_date", "priority", "done", "evidence"]


class AnalysisSerializer(serializers.ModelSerializer[Analysis]):
    action_items = ItemSerializer(many=True)

    class Meta:
        model = Analysis
        fields = ["summary", "result", "action_items"]


class DocumentSerializer(serializers.ModelSerializer[Document]):
    class Meta:
        model = Document
        fields = FIELDS


class StatusSerializer(serializers.ModelSerializer[Document]):
    class Meta:
        model = Document
        fields = ["id", "status", "attempts", "progress", "failure", "warning"]


class DetailSerializer(DocumentSerializer):
    """The document with its events and its newest analysis: the rows that ATOM's detail reads."""

    status_history = serializers.SerializerMethodField()
    analysis = serializers.SerializerMethodField()

    class Meta(DocumentSerializer.Meta):
        fields = [*FIELDS, "encoding", "encoding_is_unsure", "status_history", "analysis"]

    def get_status_history(self, document: Document) -> Any:
        events = StatusEvent.objects.filter(document_id=document.pk, kind="status").order_by("id")
        return EventSerializer(events, many=True).data

    def get_analysis(self, document: Document) -> Any:
        newest = document.analyses.order_by("-id").prefetch_related("action_items").first()
        return AnalysisSerializer(newest).data if newest else None


class DocumentViewSet(ReadOnlyModelViewSet[Document]):
    serializer_class = DocumentSerializer

    def get_queryset(self) -> QuerySet[Document]:
        own = Document.objects.filter(owner=self.request.user)
        return own.order_by("-created_at", "-queue_number")

    def get_serializer_class(self) -> Any:
        return {"retrieve": DetailSerializer, "status": StatusSerializer}.get(
            self.action, DocumentSerializer
        )

    @action(detail=True)
    def status(self, request: Request, pk: str) -> Response:
        return Response(self.get_serializer(self.get_object()).data)


class UploadView(APIView):
    """The bytes of each file on the disk, with one fsync a file."""

    parser_classes = [MultiPartParser]

    def post(self, request: Request) -> Response:
        return Response([_stored(file).name for file in request.FILES.getlist("files")], 201)


class UploadWithRowsView(UploadView):
    """The same, and a row a file in ATOM's table, committed one by one as a viewset does."""

    def post(self, request: Request) -> Response:
        rows = [
            Document.objects.create(
                owner=request.user,
                filename=file.name,
                content_type=file.content_type,
                size=file.size,
                sha256="",
                file=str(_stored(file)),
                queue_number=time.time_ns(),
            )
            for file in request.FILES.getlist("files")
        ]
        return Response(DocumentSerializer(rows, many=True).data, 201)


def _stored(file: Any) -> Path:
    folder = Path(settings.MEDIA_ROOT) / "bare"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{uuid.uuid4()}.txt"
    with path.open("wb") as kept:
        for chunk in file.chunks():
            kept.write(chunk)
        kept.flush()
        os.fsync(kept.fileno())
    return path
