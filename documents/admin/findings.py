"""What was found: analyses and action items. Their words want a permission of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.read_only_admin import ReadOnlyAdmin
from documents.admin.filters import AnalysisEngine, NewestValues
from documents.models import ActionItem, Analysis, Document, TrashedDocument

READ_FINDINGS = "documents.read_findings"


def _trashed() -> QuerySet[TrashedDocument, Any]:
    """The few documents in the trash; a join would look at the document of every row."""
    return TrashedDocument.objects.order_by().values("document")


class FindingsAdmin(ReadOnlyAdmin):
    """Columns in `findings` hold words of documents: for those with `read_findings` only."""

    findings: Sequence[str] = ()

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        named = super().get_fields(request, obj)
        return [*named, *self.findings] if self.may_read(request) else named

    def may_read(self, request: HttpRequest) -> bool:
        return request.user.has_perm(READ_FINDINGS)


@admin.register(Analysis)
class AnalysisAdmin(FindingsAdmin):
    list_display = (
        *("id", "document", "engine", "model", "prompt_version", "language"),
        *("calls", "input_tokens", "output_tokens", "cost_usd", "created_at"),
    )
    list_filter = (AnalysisEngine, ("model", NewestValues), ("prompt_version", NewestValues))
    list_select_related = ("document",)
    search_fields = ("document__id", "document__filename", "document__owner__username")
    search_help_text = "Document id, file name or owner"
    fields = list_display[1:]
    findings = ("summary", "result", "coverage")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Analysis]:
        """Without the findings, which can be large and stand in no list."""
        kept = super().get_queryset(request).exclude(document__in=_trashed())
        return kept.defer("result", "coverage")


@admin.register(ActionItem)
class ActionItemAdmin(FindingsAdmin):
    list_display = ("id", "priority", "done", "document")
    list_filter = ("done", ("priority", NewestValues))
    list_select_related = ("analysis__document",)
    search_fields = ("analysis__document__id",)
    search_help_text = "Document id; task or assignee, if you may read findings"
    ordering = ("-id",)
    fields = ("analysis", "position", "priority", "done")
    findings = ("task", "assignee", "due_text", "due_date", "evidence")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ActionItem]:
        items: QuerySet[ActionItem] = super().get_queryset(request)
        kept = items.exclude(analysis__in=Analysis.objects.filter(document__in=_trashed()))
        return kept.defer("analysis__result", "analysis__coverage")

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        words = ("task", "assignee", "due_text", "due_date") if self.may_read(request) else ()
        return (*words, *self.list_display)

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        words = ("task", "assignee") if self.may_read(request) else ()
        return (*words, *self.search_fields)

    @admin.display
    def document(self, item: ActionItem) -> Document:
        return item.analysis.document
