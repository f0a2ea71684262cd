"""What lists of documents can be narrowed to."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from documents import events as story
from documents.failures import FailureCode as Code
from documents.models import Analysis, Document, Status, StatusEvent
from documents.pipeline.analysis import OutcomeWarning

# Why a document moved, beside the codes of failures.
REASONS = (story.CIRCUIT_OPEN, "released", "retry", "reused")


NEWEST = 500  # rows among which values are looked for


class OwnersWithRows(admin.RelatedFieldListFilter):
    """Those of whom there is a row: each is looked up, where Django's own reads every row."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        rows = model_admin.get_queryset(request).filter(**{field.name: OuterRef("pk")})
        return field.get_choices(
            include_blank=False,
            ordering=self.field_admin_ordering(field, request, model_admin),
            limit_choices_to=Q(Exists(rows.order_by())),
        )


class NewestValues(admin.AllValuesFieldListFilter):
    """The values that the newest rows have: Django's own reads every row for all there are."""

    def __init__(
        self, field: Any, request: Any, params: Any, model: Any, model_admin: Any, field_path: str
    ) -> None:
        super().__init__(field, request, params, model, model_admin, field_path)
        newest = model_admin.get_queryset(request).order_by("-pk")
        values: Any = sorted(set(newest.values_list(field.name, flat=True)[:NEWEST]))
        self.lookup_choices = values


class FailureCode(admin.SimpleListFilter):
    title = "failure code"
    parameter_name = "failure"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        # All there can be: which there are, only a walk over every failed document would tell.
        return [(code.value, code.value) for code in sorted(Code)]

    def queryset(self, request: HttpRequest, documents: QuerySet[Document]) -> QuerySet[Document]:
        return documents.filter(failure__code=self.value()) if self.value() else documents


class AnalysisWarning(admin.SimpleListFilter):
    title = "warning"
    parameter_name = "warning"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(code.value, code.replace("_", " ")) for code in OutcomeWarning]

    def queryset(self, request: HttpRequest, documents: QuerySet[Document]) -> QuerySet[Document]:
        return documents.filter(warning=self.value()) if self.value() else documents


class Engine(admin.SimpleListFilter):
    title = "engine"
    parameter_name = "engine"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("openai", "model"), ("offline", "built-in")]

    def queryset(self, request: HttpRequest, documents: QuerySet[Document]) -> QuerySet[Document]:
        if not self.value():
            return documents
        done = Analysis.objects.filter(document=OuterRef("pk"), engine=self.value())
        return documents.filter(Exists(done))


class AnalysisEngine(admin.SimpleListFilter):
    title = "engine"
    parameter_name = "engine"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("openai", "model"), ("offline", "built-in")]

    def queryset(self, request: HttpRequest, analyses: QuerySet[Analysis]) -> QuerySet[Analysis]:
        return analyses.filter(engine=self.value()) if self.value() else analyses


class Claim(admin.SimpleListFilter):
    title = "claim"
    parameter_name = "claim"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("held", "held by a worker"), ("lost", "worker gone silent")]

    def queryset(self, request: HttpRequest, documents: QuerySet[Document]) -> QuerySet[Document]:
        if self.value() == "lost":
            return documents & Document.objects.lease_expired()
        return documents & Document.objects.running() if self.value() == "held" else documents


class EventStatus(admin.SimpleListFilter):
    """All there can be: Django's own filter looks through every event for those there are."""

    title = "status"
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(status.value, status.value) for status in Status]

    def queryset(
        self, request: HttpRequest, events: QuerySet[StatusEvent]
    ) -> QuerySet[StatusEvent]:
        return events.filter(status=self.value()) if self.value() else events


class EventReason(admin.SimpleListFilter):
    title = "reason"
    parameter_name = "reason"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(reason, reason) for reason in sorted({*REASONS, *map(str, Code)})]

    def queryset(
        self, request: HttpRequest, events: QuerySet[StatusEvent]
    ) -> QuerySet[StatusEvent]:
        return events.filter(reason=self.value()) if self.value() else events
