"""What keeps the queue going: calls to models, open circuits, workers, upload receipts."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.timesince import timesince

from accounts.read_only_admin import ReadOnlyAdmin
from documents import circuit_breaker
from documents.admin.filters import NewestValues, OwnersWithRows
from documents.models import ModelCall, OpenCircuit, UploadReceipt, WorkerHeartbeat

ADDED_UP = 10_000  # calls at most, the newest; of all there ever were it would take seconds


@admin.register(ModelCall)
class ModelCallAdmin(ReadOnlyAdmin):
    list_display = (
        *("id", "sent_at", "seconds", "state", "code", "model", "chunk", "attempt"),
        *("input_tokens", "output_tokens", "cost_usd", "document", "owner"),
    )
    # Not `date_hierarchy`: it asks for the year of every call.
    list_filter = (
        *("state", ("code", NewestValues), ("model", NewestValues)),
        *(("owner", OwnersWithRows), "sent_at"),
    )
    list_select_related = ("document", "owner")
    search_fields = ("document__id", "owner__username", "request_hash")
    search_help_text = "Document id, owner or request hash"
    # Not `answer`: what a model wrote about somebody's document.
    fields = (
        *("document", "owner", "attempt", "chunk", "model", "state", "code", "request_hash"),
        *("input_tokens", "output_tokens", "cost_usd", "sent_at", "closed_at"),
    )
    ordering = ("-id",)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """The list, with what the calls chosen by its filters add up to."""
        answer = super().changelist_view(request, extra_context)
        context = getattr(answer, "context_data", {})
        if "cl" in context:
            calls = context["cl"].queryset.select_related(None)
            if context["cl"].result_count > ADDED_UP:
                newest = calls.order_by("-pk").values_list("pk", flat=True)
                calls = calls.filter(pk__gte=newest[ADDED_UP - 1])
                context["added_up"] = ADDED_UP
            context["figures"] = calls.figures_per("owner__username")[:31]
            context["total"] = calls.figures()
        return answer

    @admin.display(empty_value="-")
    def seconds(self, call: ModelCall) -> str | None:
        return f"{(call.closed_at - call.sent_at).total_seconds():.1f}" if call.closed_at else None


@admin.register(OpenCircuit)
class OpenCircuitAdmin(ReadOnlyAdmin):
    list_display = (
        *("reason", "opened_at", "refused_at", "probes", "probe_at", "probed_with", "account"),
    )
    fields = list_display
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
class WorkerHeartbeatAdmin(ReadOnlyAdmin):
    list_display = ("name", "alive", "host", "pid", "busy", "slots", "started_at", "seen_at")
    search_fields = ("name", "host")
    fields = ("name", "account", "host", "pid", "busy", "slots", "started_at", "seen_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[WorkerHeartbeat]:
        alive = WorkerHeartbeat.objects.alive().filter(pk=OuterRef("pk"))
        workers: QuerySet[WorkerHeartbeat] = super().get_queryset(request)
        return workers.annotate(is_alive=Exists(alive))

    @admin.display(boolean=True)
    def alive(self, worker: Any) -> bool:
        return bool(worker.is_alive)


@admin.register(UploadReceipt)
class UploadReceiptAdmin(ReadOnlyAdmin):
    list_display = ("key", "owner", "stored", "refused", "created_at", "age")
    list_select_related = ("owner",)
    search_fields = ("key", "owner__username")
    ordering = ("-created_at",)
    # Not `errors`, which quotes names of files that were refused.
    fields = ("key", "owner", "document_ids", "refused", "request_hash", "created_at")
    readonly_fields = ("refused",)

    @admin.display
    def stored(self, receipt: UploadReceipt) -> int:
        return len(receipt.document_ids)

    @admin.display
    def refused(self, receipt: UploadReceipt) -> int:
        return len(receipt.errors)

    @admin.display
    def age(self, receipt: UploadReceipt) -> str:
        return timesince(receipt.created_at, timezone.now())
