"""One's own documents over HTTP: lists, details, what was found, and what can be done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSetMixin

from accounts import audit
from atom_project.problem_codes import ProblemCode
from atom_project.problems import Problem
from documents import events, filters, queue, quotas, removal, results
from documents.api import describe, exports, lists
from documents.api.access import OneForm, OwnersView
from documents.api.representations import (
    cursor_headers,
    in_detail,
    shown,
    shown_one,
    status_of,
)
from documents.api.serializers import (
    ActionItemSerializer,
    AnalysisVersionSerializer,
    DocumentSerializer,
    PageSerializer,
    ReadAsSerializer,
)
from documents.api.stored_file import StoredFile
from documents.models import ActionItem, Document
from documents.pipeline.extraction import encoding_names
from documents.uploads import rereading


class DocumentViewSet(ViewSetMixin, OwnersView):
    """Your documents, newest first."""

    name = "Documents"
    lookup_url_kwarg = "id"
    pagination_class = lists.NumberedPages
    serializer_class = DocumentSerializer

    @describe.document_list
    def list(self, request: Request) -> Response:
        headers = cursor_headers()
        found = lists.chosen(self.get_queryset(), request.query_params)
        with filters.searching(self.owner.pk, request.query_params.get("search")):
            page = self.paginate_queryset(found)
        answer = self.get_paginated_response(shown(page or [], request))
        for name, value in headers.items():
            answer[name] = value
        return answer

    @describe.document
    def retrieve(self, request: Request, id: str) -> Response:
        """A document, its history and what was found in it."""
        headers = cursor_headers()
        return Response(in_detail(self.own_document(), request), headers=headers)

    @describe.deletion
    def destroy(self, request: Request, id: str) -> Response:
        removal.delete(self.own_document(), request=request._request)
        return Response(status=204)

    @describe.document_status
    @action(detail=True)
    def status(self, request: Request, id: str) -> Response:
        """Where a document stands."""
        headers = cursor_headers()
        return Response(status_of(self.own_document()), headers=headers)

    # What was found in it.

    @describe.pages
    @action(detail=True, serializer_class=PageSerializer)
    def pages(self, request: Request, id: str) -> Response:
        """The text of a document, page by page."""
        return self._paged(self.own_document().pages.order_by("number"))

    @describe.analyses
    @action(detail=True, serializer_class=AnalysisVersionSerializer)
    def analyses(self, request: Request, id: str) -> Response:
        """Every analysis of a document, newest first."""
        analyses = self.own_document().analyses.newest_first()
        return self._paged(analyses.prefetch_related("action_items"))

    def _paged(self, rows: QuerySet[Any]) -> Response:
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @describe.file
    @action(detail=True, content_negotiation_class=OneForm)
    def file(self, request: Request, id: str) -> StoredFile:
        """The file as it was uploaded."""
        return StoredFile(self.own_document())

    @describe.export
    @action(detail=True, content_negotiation_class=OneForm)
    def export(self, request: Request, id: str) -> HttpResponse:
        """The current analysis to take away."""
        document = self.own_document()
        form = request.query_params.get("as", "json")
        if form not in exports.FORMS:
            raise Problem(
                400, ProblemCode.UNKNOWN_FORM, f"`as` must be one of {', '.join(exports.FORMS)}."
            )
        analysis = document.current_analysis
        if analysis is None:
            raise Problem(
                409, ProblemCode.NOT_ANALYZED, "There is no analysis of this document yet."
            )
        audit.record(audit.Action.ANALYSIS_EXPORTED, document, request=request._request)
        return exports.export(document, analysis, form)

    # What can be done with it.

    @describe.retry
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, id: str) -> Response:
        """Send a finished document to the end of the line, to be analyzed again."""
        return self._requeued(lambda document: queue.requeue(document, within_quota=True))

    @describe.read_as
    @action(
        detail=True,
        methods=["post"],
        url_path="read-as",
        serializer_class=ReadAsSerializer,
    )
    def read_as(self, request: Request, id: str) -> Response:
        """Read a finished text file again, in an encoding you choose, and analyze it anew."""
        document = self.own_document()
        serializer = self.get_serializer(document, data=request.data)
        serializer.is_valid(raise_exception=True)
        encoding = serializer.validated_data["encoding"]
        try:
            return self._requeued(lambda document: rereading.read_as(document, encoding))
        except rereading.UnknownEncoding:
            known = ", ".join([rereading.AUTOMATIC, *encoding_names.choices()])
            raise Problem(
                400, ProblemCode.UNKNOWN_ENCODING, f"`encoding` must be one of {known}."
            ) from None
        except rereading.NotATextFile:
            raise Problem(
                409,
                ProblemCode.NOT_A_TEXT_FILE,
                "Only a text file can be read as another encoding.",
            ) from None

    def _requeued(self, requeue: Callable[[Document], None]) -> Response:
        try:
            return self._moved(requeue)
        except quotas.OverQuota as over:
            raise Problem(
                429,
                over.failure.code,
                over.failure.detail,
                headers={"Retry-After": str(quotas.RETRY_SECONDS)},
            ) from None
        except queue.NotFinished:
            raise Problem(
                409,
                ProblemCode.NOT_FINISHED,
                "Only a completed or failed document can be tried again.",
            ) from None

    @describe.cancel
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, id: str) -> Response:
        """End a document that waits or is being worked on."""
        try:
            return self._moved(queue.cancel)
        except queue.AlreadyFinished:
            raise Problem(
                409, ProblemCode.ALREADY_FINISHED, "The document is completed or failed already."
            ) from None

    def _moved(self, move: Callable[[Document], None]) -> Response:
        """The document after the move; 404 where it was deleted meanwhile."""
        try:
            move(self.own_document())
        except (Document.DoesNotExist, events.StaleDocument):
            raise Http404 from None
        return Response(shown_one(self.own_document(), self.request), status=202)


class ActionItemViewSet(ViewSetMixin, OwnersView):
    """Something a document asks for, to be ticked off."""

    name = "Action item"
    lookup_url_kwarg = "id"
    serializer_class = ActionItemSerializer

    @describe.action_item
    def retrieve(self, request: Request, id: str) -> Response:
        return Response(self.get_serializer(self._own_item()).data)

    @describe.tick
    def partial_update(self, request: Request, id: str) -> Response:
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
