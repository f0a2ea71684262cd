"""One's own documents over HTTP: lists, details, what was found, and what can be done."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from atom_project.problems import Problem
from documents import events, queue, quotas, removal, results
from documents.api import describe, exports, lists
from documents.api.access import OneForm, OwnersView
from documents.api.serializers import (
    ActionItemSerializer,
    AnalysisVersionSerializer,
    DocumentSerializer,
    PageSerializer,
    cursor_headers,
    in_detail,
    shown,
    shown_one,
    status_of,
)
from documents.models import ActionItem, Document


class DocumentListView(OwnersView):
    """Your documents, newest first."""

    pagination_class = lists.NumberedPages
    serializer_class = DocumentSerializer

    @describe.document_list
    def get(self, request: Request) -> Response:
        headers = cursor_headers()
        page = self.paginate_queryset(lists.chosen(self.get_queryset(), request.query_params))
        answer = self.get_paginated_response(shown(page or [], request))
        for name, value in headers.items():
            answer[name] = value
        return answer


class DocumentView(OwnersView):
    """A document, its history and what was found in it."""

    @describe.document
    def get(self, request: Request, id: str) -> Response:
        headers = cursor_headers()
        return Response(in_detail(self.own_document(), request), headers=headers)

    @describe.deletion
    def delete(self, request: Request, id: str) -> Response:
        removal.delete(self.own_document())
        return Response(status=204)


class DocumentStatusView(OwnersView):
    """Where a document stands."""

    @describe.document_status
    def get(self, request: Request, id: str) -> Response:
        headers = cursor_headers()
        return Response(status_of(self.own_document()), headers=headers)


class PartsView(OwnersView):
    """The rows that belong to one document, some at a time."""

    pagination_class = lists.NumberedPages

    def paged(self, rows: QuerySet[Any]) -> Response:
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class PageListView(PartsView):
    """The text of a document, page by page."""

    serializer_class = PageSerializer

    @describe.pages
    def get(self, request: Request, id: str) -> Response:
        return self.paged(self.own_document().pages.order_by("number"))


class AnalysisListView(PartsView):
    """Every analysis of a document, newest first."""

    serializer_class = AnalysisVersionSerializer

    @describe.analyses
    def get(self, request: Request, id: str) -> Response:
        analyses = self.own_document().analyses.newest_first()
        return self.paged(analyses.prefetch_related("action_items"))


class FileView(OwnersView):
    """The file as it was uploaded."""

    content_negotiation_class = OneForm

    @describe.file
    def get(self, request: Request, id: str) -> HttpResponse:
        document = self.own_document()
        try:
            with document.file.open() as stored:
                content = stored.read()
        except FileNotFoundError:
            # Deleted this moment, or lost from the disk: either way there is nothing to give.
            raise Http404 from None
        return exports.attachment(content, document.filename, "application/octet-stream")


class ExportView(OwnersView):
    """The current analysis to take away."""

    content_negotiation_class = OneForm

    @describe.export
    def get(self, request: Request, id: str) -> HttpResponse:
        document = self.own_document()
        form = request.query_params.get("as", "json")
        if form not in exports.FORMS:
            raise Problem(400, "unknown_form", f"`as` must be one of {', '.join(exports.FORMS)}.")
        analysis = document.current_analysis
        if analysis is None:
            raise Problem(409, "not_analyzed", "There is no analysis of this document yet.")
        return exports.export(document, analysis, form)


class RetryView(OwnersView):
    """Send a finished document to the end of the line, to be analyzed again."""

    @describe.retry
    def post(self, request: Request, id: str) -> Response:
        try:
            queue.requeue(self.own_document(), within_quota=True)
        except quotas.OverQuota as over:
            raise Problem(
                429,
                over.failure.code,
                over.failure.detail,
                headers={"Retry-After": str(quotas.RETRY_SECONDS)},
            ) from None
        except queue.NotFinished:
            raise Problem(
                409, "not_finished", "Only a completed or failed document can be tried again."
            ) from None
        except (Document.DoesNotExist, events.StaleDocument):
            raise Http404 from None
        return Response(shown_one(self.own_document(), request), status=202)


class CancelView(OwnersView):
    """End a document that waits or is being worked on."""

    @describe.cancel
    def post(self, request: Request, id: str) -> Response:
        try:
            queue.cancel(self.own_document())
        except queue.AlreadyFinished:
            raise Problem(
                409, "already_finished", "The document is completed or failed already."
            ) from None
        except (Document.DoesNotExist, events.StaleDocument):
            raise Http404 from None
        return Response(shown_one(self.own_document(), request), status=202)


class ActionItemView(OwnersView):
    """Something a document asks for, to be ticked off."""

    serializer_class = ActionItemSerializer

    @describe.action_item
    def get(self, request: Request, id: str) -> Response:
        return Response(self.get_serializer(self._own_item()).data)

    @describe.tick
    def patch(self, request: Request, id: str) -> Response:
        item = self._own_item()
        serializer = self.get_serializer(item, data=request.data)
        serializer.is_valid(raise_exception=True)
        results.tick(item, done=serializer.validated_data["done"])
        return Response(self.get_serializer(item).data)

    def _own_item(self) -> ActionItem:
        items = ActionItem.objects.visible_to(self.owner)
        number = self.kwargs["id"]
        # Eighteen digits fit the column of every database.
        if not (number.isascii() and number.isdigit() and len(number) <= 18):
            raise Http404
        item = items.filter(pk=int(number)).first()
        if item is None:
            raise Http404
        return item
