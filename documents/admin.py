"""Everything to look at when something is wrong, and the few levers that help then."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timesince import timesince

from documents import circuit_breaker, events, queue
from documents.models import (
    ActionItem,
    Analysis,
    Document,
    ModelCall,
    OpenCircuit,
    Status,
    StatusEvent,
    UploadReceipt,
    WorkerHeartbeat,
)

admin.site.site_header = "ATOM"
admin.site.site_title = "ATOM"
admin.site.index_title = "What is going on"


class Observed(admin.ModelAdmin):  # type: ignore[type-arg]  # Not generic when it runs.
    """Facts: nobody adds, changes or deletes them by hand."""

    show_full_result_count = False  # It would count every row there is, on each page.
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


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


@admin.register(Document)
class DocumentAdmin(Observed):
    list_display = (
        *(
            "filename",
            "owner",
            "status",
            "failure_code",
            "waiting",
            "attempts",
            "lease_expirations",
        ),
        *("claimed_by", "lease_expires_at", "created_at"),
    )
    list_filter = (
        "status",
        Claim,
        FailureCode,
        Engine,
        ("owner", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("owner",)
    search_fields = ("id", "filename", "owner__username")
    search_help_text = "Id, file name or owner"
    ordering = ("-created_at", "-queue_number")
    exclude = ("file",)  # Its link would lead nowhere: only owners can fetch their files.
    readonly_fields = ("waiting", "stored_as", "history", "analyses_of_it")
    actions = ("retry", "put_back", "cancel")

    def has_requeue_permission(self, request: HttpRequest) -> bool:
        """Looking is not enough to move documents."""
        return request.user.has_perm("documents.change_document")

    @admin.display(description="failure", empty_value="-")
    def failure_code(self, document: Document) -> str | None:
        return document.failure["code"] if document.failure else None

    @admin.display(empty_value="-")
    def waiting(self, document: Document) -> str | None:
        return timesince(document.queued_at) if document.is_queued else None

    @admin.display
    def stored_as(self, document: Document) -> str:
        return document.file.name or ""

    @admin.display
    def history(self, document: Document) -> SafeString:
        steps = StatusEvent.objects.of(document).statuses().oldest_first()
        return format_html_join(
            "",
            "<div>{} {} (attempt {}) {}</div>",
            (
                (f"{step.created_at:%Y-%m-%d %H:%M:%S}", step.status, step.attempt, step.reason)
                for step in steps
            ),
        )

    @admin.display(description="analyses")
    def analyses_of_it(self, document: Document) -> SafeString:
        return format_html_join(
            "",
            '<div><a href="{}">{}, {}</a></div>',
            (
                (
                    reverse("admin:documents_analysis_change", args=[analysis.pk]),
                    analysis,
                    f"{analysis.created_at:%Y-%m-%d %H:%M:%S}",
                )
                for analysis in document.analyses.newest_first()
            ),
        )

    @admin.action(description="Retry (to the end of the line)", permissions=["requeue"])
    def retry(self, request: HttpRequest, documents: QuerySet[Document]) -> None:
        self._move(request, documents, queue.requeue, "retried")

    @admin.action(
        description="Take from its worker (back to its place in line)", permissions=["requeue"]
    )
    def put_back(self, request: HttpRequest, documents: QuerySet[Document]) -> None:
        self._move(request, documents, _put_back, "put back in line")

    @admin.action(description="Cancel", permissions=["requeue"])
    def cancel(self, request: HttpRequest, documents: QuerySet[Document]) -> None:
        self._move(request, documents, partial(queue.cancel, by_owner=False), "canceled")

    def _move(
        self,
        request: HttpRequest,
        documents: QuerySet[Document],
        move: Callable[[Document], None],
        moved: str,
    ) -> None:
        """Move each document in a transaction of its own; those that cannot be stay as they are."""
        done = refused = 0
        for document in list(documents):
            try:
                move(document)
            except UNMOVABLE:
                refused += 1
            else:
                done += 1
                self.log_change(request, document, moved)
        if done:
            self.message_user(request, f"Documents {moved}: {done}.")
        if refused:
            self.message_user(
                request,
                f"Left as they were, because their status does not allow it: {refused}.",
                messages.WARNING,
            )


def _put_back(document: Document) -> None:
    if not document.is_processing:
        raise events.IllegalTransition("only a running document can be taken from its worker")
    queue.release(document)


UNMOVABLE = (
    queue.NotFinished,
    queue.AlreadyFinished,
    events.IllegalTransition,
    events.StaleDocument,
    Document.DoesNotExist,
)


@admin.register(StatusEvent)
class StatusEventAdmin(Observed):
    list_display = (
        *("id", "created_at", "kind", "status", "attempt", "reason"),
        *("document_link", "owner"),
    )
    list_filter = ("kind", "status", "reason")
    list_select_related = ("owner",)
    search_fields = ("document_id", "owner__username")
    search_help_text = "Document id or owner"
    ordering = ("-id",)

    @admin.display(description="document")
    def document_link(self, event: StatusEvent) -> SafeString:
        address = reverse("admin:documents_document_change", args=[event.document_id])
        return format_html('<a href="{}">{}</a>', address, event.document_id)


@admin.register(Analysis)
class AnalysisAdmin(Observed):
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
class ActionItemAdmin(Observed):
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


@admin.register(ModelCall)
class ModelCallAdmin(Observed):
    list_display = (
        *("id", "sent_at", "seconds", "state", "code", "model", "chunk", "attempt"),
        *("input_tokens", "output_tokens", "cost_usd", "document", "owner"),
    )
    list_filter = ("state", "code", "model", ("owner", admin.RelatedOnlyFieldListFilter))
    date_hierarchy = "sent_at"
    list_select_related = ("document", "owner")
    search_fields = ("document__id", "owner__username", "request_hash")
    search_help_text = "Document id, owner or request hash"
    exclude = ("answer",)  # What a model wrote about somebody's document.
    ordering = ("-id",)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """The list, with what the calls chosen by its filters add up to."""
        answer = super().changelist_view(request, extra_context)
        context = getattr(answer, "context_data", {})
        if "cl" in context:
            calls = context["cl"].queryset.select_related(None)
            context["figures"] = calls.figures_per("owner__username")[:31]
            context["total"] = calls.figures()
        return answer

    @admin.display(empty_value="-")
    def seconds(self, call: ModelCall) -> str | None:
        return f"{(call.closed_at - call.sent_at).total_seconds():.1f}" if call.closed_at else None


@admin.register(OpenCircuit)
class OpenCircuitAdmin(Observed):
    list_display = (
        *("reason", "opened_at", "refused_at", "probes", "probe_at", "probed_with", "account"),
    )
    actions = ("probe_now",)

    def has_resume_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("documents.change_opencircuit")

    @admin.action(description="Resume the line now (one document tries)", permissions=["resume"])
    def probe_now(self, request: HttpRequest, chosen: QuerySet[OpenCircuit]) -> None:
        if circuit_breaker.probe_now(chosen):
            self.message_user(request, "One document tries now; the others follow if it succeeds.")
        else:
            self.message_user(
                request,
                "A line paused for the budget goes on when ATOM_DAILY_BUDGET_USD is raised.",
                messages.WARNING,
            )


@admin.register(WorkerHeartbeat)
class WorkerHeartbeatAdmin(Observed):
    list_display = ("name", "alive", "host", "pid", "busy", "slots", "started_at", "seen_at")
    search_fields = ("name", "host")

    def get_queryset(self, request: HttpRequest) -> QuerySet[WorkerHeartbeat]:
        alive = WorkerHeartbeat.objects.alive().filter(pk=OuterRef("pk"))
        workers: QuerySet[WorkerHeartbeat] = super().get_queryset(request)
        return workers.annotate(is_alive=Exists(alive))

    @admin.display(boolean=True)
    def alive(self, worker: Any) -> bool:
        return bool(worker.is_alive)


@admin.register(UploadReceipt)
class UploadReceiptAdmin(Observed):
    list_display = ("key", "owner", "stored", "refused", "created_at", "age")
    list_select_related = ("owner",)
    search_fields = ("key", "owner__username")
    ordering = ("-created_at",)

    @admin.display
    def stored(self, receipt: UploadReceipt) -> int:
        return len(receipt.document_ids)

    @admin.display
    def refused(self, receipt: UploadReceipt) -> int:
        return len(receipt.errors)

    @admin.display
    def age(self, receipt: UploadReceipt) -> str:
        return timesince(receipt.created_at, timezone.now())
