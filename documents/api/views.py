"""One's own documents over HTTP: lists, details, what was found, and what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSetMixin

from accounts import audit
from atom_project.browsable_api import Link
from atom_project.parsers import SafeFormParser, SafeJSONParser
from atom_project.problem_codes import ProblemCode
from atom_project.problems import Problem
from documents import events, filters, removal, search
from documents.api import (
    describe,
    describe_following,
    describe_lists,
    describe_tasks,
    exports,
    keysets,
    lists,
    moves,
    paging,
    stored_file,
)
from documents.api.access import OneForm, OwnersView, unless_known
from documents.api.document_filter import ApiDocumentFilter
from documents.api.following import until_finished, wait_seconds
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
    ListedDocumentSerializer,
    PageSerializer,
    ReadAsSerializer,
    RetrySerializer,
)
from documents.models import ActionItem
from documents.models.analyses import ActionItemQuerySet
from documents.pipeline import ticks
from documents.pipeline.extraction.encodings import encoding_names
from documents.todo import exports as todo_exports
from documents.todo.filters import TaskFilter
from documents.uploads import rereading

MATCHES = 3  # places in a document that a search tells
LISTED = (*lists.PAGES, *lists.CURSORS)  # parameters of lists besides their filters


class DocumentViewSet(ViewSetMixin, OwnersView):
    """Your documents, newest first."""

    many, one = "Documents", "Document"
    lookup_url_kwarg = "id"
    pagination_class = paging.CursorPages
    serializer_class = ListedDocumentSerializer
    filterset_class = ApiDocumentFilter
    # Forms of the pages, which need no script then.
    parser_classes = [SafeJSONParser, SafeFormParser]

    @describe_lists.document_list
    def list(self, request: Request) -> Response:
        headers = cursor_headers()
        asked, owner = request.query_params, self.owner.pk
        words = asked.get("search", "").strip()
        with filters.searching(owner, words):
            # In here: to order by relevance, it asks the index at once.
            found = lists.chosen(self.get_queryset(), asked, owner_id=owner, besides=LISTED)
            pages: Any = self.paginator
            pages.known_count = lists.known_count(asked, owner_id=owner)
            pages.keyset = keysets.OF_DOCUMENTS.get(asked.get("ordering") or filters.NEWEST_FIRST)
            page = self.paginate_queryset(found) or []
            hits = search.hits(page, words, most=MATCHES) if words else None
        answer = self.get_paginated_response(shown(page, request, hits=hits))
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

    @describe_following.document_status
    @action(detail=True)
    def status(self, request: Request, id: str) -> HttpResponseBase:
        """Where a document stands, at once or when it is finished."""
        wait, cursor = wait_seconds(request), events.latest_id()
        document = self.own_document()
        if later := until_finished(request, document, wait, mark=cursor):
            return later
        return Response(status_of(document), headers=cursor_headers(cursor))

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
        lists.refuse_unknown(self.request.query_params, lists.PAGES)
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @describe.file
    @action(detail=True, content_negotiation_class=OneForm)
    def file(self, request: Request, id: str) -> HttpResponseBase:
        """The file as it was uploaded."""
        return stored_file.answer(request._request, self.own_document())

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
        return unless_known(request, exports.export(document, analysis, form))

    # What can be done with it.

    @describe.retry
    @action(detail=True, methods=["post"], serializer_class=RetrySerializer)
    def retry(self, request: Request, id: str) -> Response:
        """Send a finished document to the end of the line, to be analyzed again."""
        document = self.own_document()
        serializer = self.get_serializer(document, data=request.data)
        serializer.is_valid(raise_exception=True)
        return self._moved(moves.retry(serializer.validated_data.get("engine", "")))

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
            return self._moved(
                moves.requeued(lambda document: rereading.read_as(document, encoding))
            )
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

    @describe.recognize
    @action(detail=True, methods=["post"])
    def recognize(self, request: Request, id: str) -> Response:
        """Read a finished document again whose pictures were not read (OCR), and analyze it."""
        try:
            return self._moved(moves.requeued(rereading.recognize))
        except rereading.NothingToRecognize:
            raise Problem(
                409, ProblemCode.NOTHING_TO_RECOGNIZE, "No picture in it was left unread."
            ) from None
        except rereading.NoRecognition:
            raise Problem(
                409,
                ProblemCode.NO_RECOGNITION,
                "Text recognition (OCR) is off or not installed here, so nothing would change.",
            ) from None

    @describe.cancel
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, id: str) -> Response:
        """End a document that waits or is being worked on."""
        return self._moved(moves.cancel)

    # Its pages.

    def require_target(self) -> None:
        self.own_document()

    def more_links(self) -> Sequence[Link]:
        if not self.detail:
            return []
        pk = self._document_id()
        export, tasks = reverse("api-document-export", args=[pk]), reverse("api-action-item-list")
        return [
            Link("Export as Markdown", f"{export}?as=md"),
            Link("Export as CSV", f"{export}?as=csv"),
            Link("Action items", f"{tasks}?state=all&document={pk}"),
            Link("For people", reverse("dashboard:document", args=[pk])),
        ]

    def _moved(self, move: moves.Move) -> Response:
        """The document after the move; 404 where it was deleted meanwhile."""
        try:
            move(self.own_document())
        except moves.GONE:
            raise Http404 from None
        return Response(shown_one(self.own_document(), self.request), status=202)


class ActionItemViewSet(ViewSetMixin, OwnersView):
    """What your documents ask for, to be ticked off: of the newest analysis of each."""

    many, one = "Action items", "Action item"
    lookup_url_kwarg = "id"
    pagination_class = paging.CursorPages
    serializer_class = ActionItemSerializer
    filterset_class = TaskFilter

    @describe_tasks.action_item_list
    def list(self, request: Request) -> Response:
        headers = cursor_headers()
        # Pages are cut of what the index has: rows before a late page are not looked at.
        placed = self._chosen(LISTED).values_list(
            "pk", "due_date", "analysis_id", "position", named=True
        )
        pages: Any = self.paginator
        pages.keyset = keysets.OF_TASKS
        page = self.paginate_queryset(placed) or []
        items = ActionItem.objects.told().in_this_order([row.pk for row in page])
        answer = self.get_paginated_response(self.get_serializer(items, many=True).data)
        for name, value in headers.items():
            answer[name] = value
        return answer

    @describe_tasks.action_item_export
    @action(detail=False, content_negotiation_class=OneForm)
    def export(self, request: Request) -> HttpResponse:
        """The tasks of the list to take away, as a table or for a calendar."""
        form, known = request.query_params.get("as", "csv"), todo_exports.CONTENT_TYPES
        if form not in known:
            raise Problem(400, ProblemCode.UNKNOWN_FORM, f"`as` must be one of {', '.join(known)}.")
        # Pages were always named in vain here; cursors are new.
        items = self._chosen((*lists.PAGES, "as"))
        audit.record(audit.Action.TASKS_EXPORTED, self.owner, request=request._request)
        return exports.export_tasks(items, form, request._request)

    def _chosen(self, besides: Sequence[str]) -> ActionItemQuerySet:
        items = ActionItem.objects.listed_for(self.owner)
        return lists.chosen_tasks(items, self.request.query_params, besides=besides)

    @describe_tasks.action_item
    def retrieve(self, request: Request, id: str) -> Response:
        """A task, with the words of the document that it rests on."""
        return Response(self.get_serializer(self._own_item()).data)

    @describe_tasks.tick
    def partial_update(self, request: Request, id: str) -> Response:
        item = self._own_item()
        serializer = self.get_serializer(item, data=request.data)
        serializer.is_valid(raise_exception=True)
        ticks.tick(item, done=serializer.validated_data["done"])
        return Response(self.get_serializer(item).data)

    def _own_item(self) -> ActionItem:
        items = ActionItem.objects.visible_to(self.owner).select_related("analysis__document")
        number = self.kwargs["id"]
        # Eighteen digits fit the column of every database.
        if not (number.isascii() and number.isdigit() and len(number) <= 18):
            raise Http404
        item = items.filter(pk=int(number)).first()
        if item is None:
            raise Http404
        return item
