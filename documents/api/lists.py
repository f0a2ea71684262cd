"""Lists of the API: what they refuse, and how they are cut into pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.paginator import InvalidPage
from django.db.models import QuerySet
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request

from atom_project.problem_codes import ProblemCode
from atom_project.problems import Problem
from documents import filters
from documents.filters import LONGEST_SEARCH, ORDERINGS, DocumentFilter
from documents.models import (
    Document,
    DocumentQuerySet,
    Status,
    count_listed,
    counts_by_status,
)
from documents.models.analyses import LONGEST_NAME, ActionItemQuerySet
from documents.models.classifications import LONGEST_LABEL
from documents.pipeline.analysis import wording
from documents.todo.filters import DUES, STATES, TaskFilter

MOMENT = "`{}` must be a date or a moment of ISO 8601, such as 2026-11-27 or 2026-11-27T08:00:00Z."
REFUSALS = {
    "status": (ProblemCode.UNKNOWN_STATUS, f"`status` must be one of {', '.join(Status.values)}."),
    "kind": (ProblemCode.UNKNOWN_KIND, f"`kind` must be one of {', '.join(wording.KINDS)}."),
    "search": (
        ProblemCode.BAD_SEARCH,
        f"`search` must be at most {LONGEST_SEARCH} characters of text.",
    ),
    "ordering": (
        ProblemCode.UNKNOWN_ORDERING,
        f"`ordering` must be one of {', '.join(ORDERINGS)}.",
    ),
    "language": (
        ProblemCode.BAD_LANGUAGE,
        "`language` must be the code of a language, such as de, as documents have it.",
    ),
    "topic": (
        ProblemCode.BAD_TOPIC,
        f"`topic` must be at most {LONGEST_LABEL} characters of text.",
    ),
    "has_open_tasks": (ProblemCode.UNKNOWN_ANSWER, "`has_open_tasks` must be true or false."),
    "created_after": (ProblemCode.BAD_DATE, MOMENT.format("created_after")),
    "created_before": (ProblemCode.BAD_DATE, MOMENT.format("created_before")),
}


TASK_REFUSALS = {
    "state": (ProblemCode.UNKNOWN_STATE, f"`state` must be one of {', '.join(STATES)}."),
    "due": (ProblemCode.UNKNOWN_DUE, f"`due` must be one of {', '.join(DUES)}."),
    "assignee": (
        ProblemCode.BAD_ASSIGNEE,
        f"`assignee` must be at most {LONGEST_NAME} characters of text.",
    ),
    "document": (ProblemCode.BAD_DOCUMENT, "`document` must be the id of a document."),
}


def chosen(
    documents: DocumentQuerySet, parameters: Mapping[str, str], *, owner_id: int
) -> QuerySet[Document]:
    """Those of the owner's documents that the parameters ask for, ordered.

    Refuses what makes no sense.
    """
    if not filters.asks(parameters):
        return documents.newest_first()
    wanted = DocumentFilter(parameters, documents, owner_id=owner_id)
    if not wanted.is_valid():
        raise Problem(400, *REFUSALS[next(iter(wanted.errors))])
    found: QuerySet[Document] = wanted.qs
    return found


def known_count(parameters: Mapping[str, str], *, owner_id: int) -> int | None:
    """How many documents are chosen, where running totals tell; None where that is to be counted.

    Of parameters that were not refused.
    """
    status = parameters.get("status", "")
    narrowing = set(DocumentFilter.base_filters) - {"status", "ordering"}
    if any(parameters.get(name) for name in narrowing):
        return None
    if status:
        return counts_by_status(owner_id).get(status, 0)
    return count_listed(owner_id)


def chosen_tasks(items: ActionItemQuerySet, parameters: Mapping[str, str]) -> ActionItemQuerySet:
    """Those of the tasks that the parameters ask for; refuses what makes no sense."""
    wanted = TaskFilter(parameters, items)
    if not wanted.is_valid():
        raise Problem(400, *TASK_REFUSALS[next(iter(wanted.errors))])
    found: ActionItemQuerySet = wanted.qs
    return found


class NumberedPages(PageNumberPagination):
    page_size = 20
    max_page_size = 100
    page_size_query_param = "page_size"
    known_count: int | None = None  # of all entries, where they need not be counted

    def paginate_queryset(
        self, queryset: QuerySet[Any] | Sequence[Any], request: Request, view: Any = None
    ) -> list[Any] | None:
        self.request = request
        paginator = self.django_paginator_class(queryset, self.get_page_size(request) or 1)
        if self.known_count is not None:
            paginator.count = self.known_count
        number = self.get_page_number(request, paginator)
        try:
            self.page = paginator.page(number)
        except InvalidPage:
            # DRF would say 404, as if there were no such list.
            raise Problem(
                400, ProblemCode.BAD_PAGE, f"`page` must be between 1 and {paginator.num_pages}."
            ) from None
        self.display_page_controls = paginator.num_pages > 1
        return list(self.page)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """As OpenAPI 3.1 says null; DRF writes `nullable`, which that no longer has."""
        # Examples of entries are shown within such a page.
        link = {"type": ["string", "null"], "format": "uri", "example": None}
        return {
            "type": "object",
            "required": ["count", "next", "previous", "results"],
            "properties": {
                "count": {"type": "integer", "minimum": 0, "example": 1},
                "next": {**link, "description": "The page after this one; null on the last."},
                "previous": {**link, "description": "The page before; null on the first."},
                "results": schema,
            },
        }

    def get_page_number(self, request: Request, paginator: Any) -> str:
        return request.query_params.get("page", "1")

    def get_page_size(self, request: Request) -> int | None:
        """As many as asked for, at most 100."""
        given = request.query_params.get("page_size")
        if given is None:
            return self.page_size
        if not (given.isascii() and given.isdigit()) or not int(given[:9]):
            raise Problem(
                400,
                ProblemCode.BAD_PAGE_SIZE,
                f"`page_size` must be between 1 and {self.max_page_size}.",
            )
        # Nine digits tell that it is too many; Python refuses to read numbers without end.
        return min(int(given[:9]), self.max_page_size)
