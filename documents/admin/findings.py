"""What was found: analyses and action items."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from documents.admin.read_only import ReadOnlyAdmin
from documents.models import ActionItem, Analysis, Document


@admin.register(Analysis)
class AnalysisAdmin(ReadOnlyAdmin):
    list_display = (
        *("id", "document", "engine", "model", "prompt_version", "language"),
        *("calls", "input_tokens", "output_tokens", "cost_usd", "created_at"),
    )
    list_filter = ("engine", "model", "prompt_version")
    list_select_related = ("document",)
    search_fields = ("document__id", "document__filename", "document__owner__username")
    search_help_text = "Document id, file name or owner"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Analysis]:
        """Without the findings, which can be large and stand in no list."""
        return super().get_queryset(request).defer("result", "coverage")


@admin.register(ActionItem)
class ActionItemAdmin(ReadOnlyAdmin):
    list_display = ("task", "assignee", "due_text", "due_date", "priority", "done", "document")
    list_filter = ("done", "priority")
    list_select_related = ("analysis__document",)
    search_fields = ("task", "assignee", "analysis__document__id")
    search_help_text = "Task, assignee or document id"
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ActionItem]:
        items: QuerySet[ActionItem] = super().get_queryset(request)
        return items.defer("analysis__result", "analysis__coverage")

    @admin.display
    def document(self, item: ActionItem) -> Document:
        return item.analysis.document
