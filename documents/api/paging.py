"""How lists are cut into pages: by number, and by a cursor that stays where it is (keyset)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.paginator import InvalidPage
from django.db.models import QuerySet
from django.template import loader
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from atom_project.problem_codes import ProblemCode
from atom_project.problems import Problem
from atom_project.public_address import moved
from documents.api.keysets import BadCursor, Keyset


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

    def get_next_link(self) -> str | None:
        link = super().get_next_link()
        return moved(link) if link else None

    def get_previous_link(self) -> str | None:
        link = super().get_previous_link()
        return moved(link) if link else None

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


class CursorPages(NumberedPages):
    """Pages that do not move: `next` goes on after the last entry, whatever came or went before.

    Where the order of the list has a keyset. A page is asked for by number as before; from there,
    too, `next` goes by cursor.
    """

    keyset: Keyset | None = None
    _links: tuple[str | None, str | None] | None = None  # previous and next, of a page by cursor

    def paginate_queryset(
        self, queryset: QuerySet[Any] | Sequence[Any], request: Request, view: Any = None
    ) -> list[Any] | None:
        given = {
            name: cursor
            for name in ("after", "before")
            if (cursor := request.query_params.get(name))
        }
        if not given:
            return super().paginate_queryset(queryset, request, view)
        if self.keyset is None or len(given) > 1 or "page" in request.query_params:
            raise _refusal()
        self.request = request
        [(direction, cursor)] = given.items()
        try:
            return self._turn(queryset, request, self.keyset, direction, cursor)
        except BadCursor:
            raise _refusal() from None

    def _turn(
        self, rows: Any, request: Request, keyset: Keyset, direction: str, cursor: str
    ) -> list[Any]:
        size = self.get_page_size(request) or 1
        self._count = rows.count() if self.known_count is None else self.known_count
        look = keyset.after if direction == "after" else keyset.before
        found = list(look(rows, cursor)[: size + 1])
        goes_on, page = len(found) > size, found[:size]
        if direction == "before":
            page.reverse()
        first, last = (keyset.cursor(page[0]), keyset.cursor(page[-1])) if page else ("", "")
        # Whence the client came something is, unless it was deleted meanwhile.
        if direction == "after":
            is_more, is_before = goes_on, bool(page) and keyset.before(rows, first).exists()
        else:
            is_more, is_before = bool(page) and keyset.after(rows, last).exists(), goes_on
        self._links = (
            self._link("before", first) if is_before else None,
            self._link("after", last) if is_more else None,
        )
        self.display_page_controls = is_more or is_before
        return page

    def _link(self, direction: str, cursor: str) -> str:
        request: Any = self.request
        url = moved(request.build_absolute_uri())
        for name in ("page", "after", "before"):
            url = remove_query_param(url, name)
        return str(replace_query_param(url, direction, cursor))

    def get_next_link(self) -> str | None:
        if self._links:
            return self._links[1]
        page: Any = self.page
        rows = list(page)
        if self.keyset is None or not rows or not page.has_next():
            return super().get_next_link()
        return self._link("after", self.keyset.cursor(rows[-1]))

    def get_previous_link(self) -> str | None:
        return self._links[0] if self._links else super().get_previous_link()

    def get_paginated_response(self, data: Any) -> Response:
        if self._links is None:
            return super().get_paginated_response(data)
        previous, following = self._links
        return Response(
            {"count": self._count, "next": following, "previous": previous, "results": data}
        )

    def to_html(self) -> str:
        if self._links is None:
            return str(super().to_html())
        previous, following = self._links
        arrows = loader.get_template("rest_framework/pagination/previous_and_next.html")
        return arrows.render({"previous_url": previous, "next_url": following})


def _refusal() -> Problem:
    return Problem(
        400,
        ProblemCode.BAD_CURSOR,
        "`after` and `before` must come from `next` and `previous` of a list in the same order, "
        "one of them alone and without `page`. Begin again without them.",
    )
