"""Documents and their history, with the few moves staff may make."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timesince import timesince

from accounts.read_only_admin import ReadOnlyAdmin
from documents import events, queue
from documents.admin.filters import (
    AnalysisWarning,
    Claim,
    Engine,
    EventReason,
    EventStatus,
    FailureCode,
    OwnersWithRows,
)
from documents.models import Document, StatusEvent


@admin.register(Document)
class DocumentAdmin(ReadOnlyAdmin):
    list_display = (
        *(
            "filename",
            "owner",
            "status",
            "failure_code",
            "warning",
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
        AnalysisWarning,
        Engine,
        ("owner", OwnersWithRows),
    )
    list_select_related = ("owner",)
    search_fields = ("id", "filename", "owner__username", "=external_id")
    search_help_text = "Id, file name, owner, or the whole of its owner's own name for it"
    ordering = ("-queue_number",)  # By an index: a list of all has to be sorted otherwise.
    # Not the file itself: its link would lead nowhere, only owners can fetch their files.
    fields = (
        *("filename", "owner", "external_id", "content_type", "size", "sha256", "stored_as"),
        "request_id",
        *("status", "failure", "waiting", "turn", "queue_number", "queued_at", "attempts"),
        *("lease_expirations", "lease_expires_at", "claimed_by", "started_at", "finished_at"),
        *("page_count", "encoding", "language", "output_language", "wants_fresh", "progress"),
        *("chosen_engine", "warning"),
        *("created_at", "updated_at", "history", "analyses_of_it"),
    )
    readonly_fields = ("request_id", "waiting", "stored_as", "history", "analyses_of_it")
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
class StatusEventAdmin(ReadOnlyAdmin):
    list_display = (
        *("id", "created_at", "kind", "status", "attempt", "reason"),
        *("document_link", "owner"),
    )
    list_filter = ("kind", EventStatus, EventReason)
    list_select_related = ("owner",)
    search_fields = ("document_id", "owner__username")
    search_help_text = "Document id or owner"
    ordering = ("-id",)
    fields = ("created_at", "kind", "status", "attempt", "reason", "document_link", "owner")
    readonly_fields = ("document_link",)

    @admin.display(description="document")
    def document_link(self, event: StatusEvent) -> SafeString:
        address = reverse("admin:documents_document_change", args=[event.document_id])
        return format_html('<a href="{}">{}</a>', address, event.document_id)
