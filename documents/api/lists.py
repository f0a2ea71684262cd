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
from documents.filters import LONGEST_SEARCH, ORDERINGS, DocumentFilter
from documents.models import Document, DocumentQuerySet, Status

REFUSALS = {
    "status": (ProblemCode.UNKNOWN_STATUS, f"`status` must be one of {', '.join(Status.values)}."),
    "search": (
        ProblemCode.BAD_SEARCH,
        f"`search` must be at most {LONGEST_SEARCH} characters of text.",
    ),
    "ordering": (
        ProblemCode.UNKNOWN_ORDERING,
        f"`ordering` must be one of {', '.join(ORDERINGS)}.",
    ),
}


def chosen(documents: DocumentQuerySet, parameters: Mapping[str, str]) -> QuerySet[Document]:
    """Those of the documents that the parameters ask for, ordered; refuses what makes no sense."""
    wanted = DocumentFilter(parameters, documents)
    if not wanted.is_valid():
        raise Problem(400, *REFUSALS[next(iter(wanted.errors))])
    found: QuerySet[Document] = wanted.qs
    return found


class NumberedPages(PageNumberPagination):
    page_size = 20
    max_page_size = 100
    page_size_query_param = "page_size"

    def paginate_queryset(
        self, queryset: QuerySet[Any] | Sequence[Any], request: Request, view: Any = None
    ) -> list[Any] | None:
        self.request = request
        paginator = self.django_paginator_class(queryset, self.get_page_size(request) or 1)
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
