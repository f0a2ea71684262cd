"""What lists of documents can be narrowed to."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest

from documents.models import Analysis, Document, Status


class FailureCode(admin.SimpleListFilter):
    title = "failure code"
    parameter_name = "failure"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        failed = Document.objects.filter(status=Status.FAILED)
        codes = failed.order_by().values_list("failure__code", flat=True).distinct()
        return [(code, code) for code in sorted(filter(None, codes))]

    def queryset(self, request: HttpRequest, documents: QuerySet[Document]) -> QuerySet[Document]:
        return documents.filter(failure__code=self.value()) if self.value() else documents


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


class Claim(admin.SimpleListFilter):
    title = "claim"
    parameter_name = "claim"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("held", "held by a worker"), ("lost", "worker gone silent")]

    def queryset(self, request: HttpRequest, documents: QuerySet[Document]) -> QuerySet[Document]:
        if self.value() == "lost":
            return documents & Document.objects.lease_expired()
        return documents & Document.objects.running() if self.value() == "held" else documents
